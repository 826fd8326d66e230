import type { ServerGroupView } from '../groups/cluster.js';
import { GennakerError } from '../errors.js';
import type { Json, JsonObject } from '../json.js';

/** Without the first three a refresh stands still (Auto Scaling user guide); without the last its instances get no traffic. */
const neededProcesses = ['Launch', 'Terminate', 'InstanceRefresh', 'AddToLoadBalancer'] as const;

/** The suspended processes of a group that let a refresh stand still, if any. */
export function refreshSuspensions({
  suspendedProcesses,
}: Pick<ServerGroupView, 'suspendedProcesses'>): readonly string[] {
  return neededProcesses.filter((process) => suspendedProcesses.includes(process));
}

/** Throws INVALID_REQUEST naming the processes that are suspended and would let a refresh stand still. */
export function refuseSuspended(group: Pick<ServerGroupView, 'name' | 'suspendedProcesses'>): void {
  const { name } = group;
  const suspended = refreshSuspensions(group);
  if (suspended.length === 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `An instance refresh of ${name} would stand still, since ${suspended.join(', ')} ` +
      `${suspended.length === 1 ? 'is' : 'are'} suspended. Resume what is suspended, or use the strategy redBlack.`,
    { details: { serverGroup: name, suspendedProcesses: [...suspended] } },
  );
}

/**
 * Throws INVALID_REQUEST where overrides of a mixed instances policy launch from a template or an image of their own: a new
 * version of the base would not reach those instances.
 */
export function refuseOwnTemplates(serverGroup: string, policy: JsonObject): void {
  const own = overridesOf(policy).filter(
    (override) =>
      memberOf(override, 'LaunchTemplateSpecification') !== undefined ||
      memberOf(override, 'ImageId') !== undefined,
  );
  if (own.length === 0) return;
  const types = own.map((override) => {
    const type = memberOf(override, 'InstanceType');
    return typeof type === 'string' ? type : 'some instance types';
  });
  throw new GennakerError(
    'INVALID_REQUEST',
    `The mixed instances policy of ${serverGroup} launches ${types.join(', ')} from a launch template or image of their ` +
      'own, which a rolling deploy would not change. Take these overrides out, or use the strategy redBlack.',
    { details: { serverGroup, instanceTypes: types } },
  );
}

/** Throws INVALID_REQUEST: a refresh needs a launch template to make a version of. */
export function refuseWithoutTemplate(serverGroup: string, kind: string): never {
  const what = kind === 'launchConfiguration' ? 'a launch configuration' : 'no launch template';
  throw new GennakerError(
    'INVALID_REQUEST',
    `${serverGroup} launches from ${what}; a rolling deploy needs a launch template. ` +
      'Use the strategy redBlack once: the server group that it makes has one.',
    { details: { serverGroup, launchSource: kind } },
  );
}

function overridesOf(policy: JsonObject): readonly Json[] {
  const overrides = memberOf(memberOf(policy, 'LaunchTemplate'), 'Overrides');
  return Array.isArray(overrides) ? (overrides as readonly Json[]) : [];
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as JsonObject)[key];
}

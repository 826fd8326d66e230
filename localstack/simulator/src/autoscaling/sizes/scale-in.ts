import type { Scope } from '../../world/scope.js';
import { isActive, membersOf } from '../groups/group-access.js';
import { countByZone } from '../members/launching.js';
import type { GroupRecord, MemberRecord } from '../records.js';

const HOUR_MS = 3_600_000;

/** The policies of API_DescribeTerminationPolicyTypes. */
export const TERMINATION_POLICIES = [
  'AllocationStrategy',
  'ClosestToNextInstanceHour',
  'Default',
  'NewestInstance',
  'OldestInstance',
  'OldestLaunchConfiguration',
  'OldestLaunchTemplate',
] as const;

/** Narrows the candidates down to those that a policy would end first. */
type Narrowing = (scope: Scope, members: readonly MemberRecord[]) => readonly MemberRecord[];

/**
 * The member to end first when there are too many: among those in the fullest zone, the group's policies narrow the
 * choice down one after another; protected members are never chosen. What the policies leave open AWS decides at
 * random; here the id decides.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
 */
export function chooseForScaleIn(scope: Scope, group: GroupRecord): MemberRecord | undefined {
  const counts = countByZone(scope, group);
  const candidates = membersOf(scope, group.name).filter(
    (member) => isActive(member) && !member.protectedFromScaleIn,
  );
  const fullest = Math.max(0, ...candidates.map((member) => counts.get(member.zone) ?? 0));
  const inZone = candidates.filter((member) => (counts.get(member.zone) ?? 0) === fullest);
  const chosen = group.terminationPolicies
    .flatMap(narrowingsOf)
    .reduce((members, narrow) => narrow(scope, members), inZone as readonly MemberRecord[]);
  return chosen.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1))[0];
}

/** "Default": allocation strategy, then the oldest launch template or configuration, then the next billing hour. */
function narrowingsOf(policy: string): readonly Narrowing[] {
  switch (policy) {
    case 'Default':
      return [byAllocation, oldestConfiguration, oldestTemplate, nextHour];
    case 'OldestInstance':
      return [(scope, members) => lowest(members, (member) => launchedAt(scope, member))];
    case 'NewestInstance':
      return [(scope, members) => lowest(members, (member) => -launchedAt(scope, member))];
    case 'OldestLaunchTemplate':
      return [oldestTemplate];
    case 'OldestLaunchConfiguration':
      return [oldestConfiguration];
    case 'ClosestToNextInstanceHour':
      return [nextHour];
    case 'AllocationStrategy':
      return [byAllocation];
    default:
      return [];
  }
}

/** With a mixed instances policy, the type that is lowest in the list of overrides does not fit the strategy best. */
function byAllocation(scope: Scope, members: readonly MemberRecord[]): readonly MemberRecord[] {
  const policy = scope.tables.groups.find(members[0]?.group ?? '')?.extras.MixedInstancesPolicy;
  const types = policy?.LaunchTemplate?.Overrides?.map(({ InstanceType: type }) => type) ?? [];
  if (types.length === 0) return members;
  return lowest(members, ({ instanceType }) => {
    const rank = types.indexOf(instanceType);
    return rank < 0 ? -Infinity : -rank;
  });
}

/** "This policy first looks for instances that use the non-current launch template", then for the oldest version. */
function oldestTemplate(scope: Scope, members: readonly MemberRecord[]): readonly MemberRecord[] {
  const current = scope.tables.groups.find(members[0]?.group ?? '')?.launch;
  return lowest(members, ({ launch }) => {
    if (launch.kind !== 'template') return Infinity;
    const isCurrent = current?.kind === 'template' && current.id === launch.id;
    const madeAt = scope.tables.templates.find(launch.id)?.createdAt ?? 0;
    return (isCurrent ? 1e15 : 0) + madeAt + Number(launch.version) / 1e6;
  });
}

function oldestConfiguration(
  scope: Scope,
  members: readonly MemberRecord[],
): readonly MemberRecord[] {
  const madeAt = (launch: MemberRecord['launch']) =>
    launch.kind === 'configuration'
      ? (scope.tables.configurations.find(launch.name)?.createdAt ?? 0)
      : Infinity;
  return lowest(members, ({ launch }) => madeAt(launch));
}

function nextHour(scope: Scope, members: readonly MemberRecord[]): readonly MemberRecord[] {
  return lowest(members, (member) => {
    const age = scope.now() - launchedAt(scope, member);
    return (HOUR_MS - (age % HOUR_MS)) % HOUR_MS;
  });
}

function lowest(
  members: readonly MemberRecord[],
  valueOf: (member: MemberRecord) => number,
): readonly MemberRecord[] {
  const values = members.map(valueOf);
  const least = Math.min(...values);
  return members.filter((_, index) => values[index] === least);
}

function launchedAt(scope: Scope, { instanceId }: MemberRecord): number {
  return scope.tables.instances.find(instanceId)?.launchedAt ?? 0;
}

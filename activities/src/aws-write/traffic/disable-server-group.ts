import type { AwsWriteActivities, DisableServerGroupInput } from '@gennaker/contract/wire';
import { GennakerError, isRegisteredAnywhere, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { look, verifyUnlessGone } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { isSameGroup } from '../../observe/same-group.js';
import type { Observed } from '../../observe/watch-server-group.js';
import { assertWeightless } from '../guards/assert-weightless.js';
import { heldProcesses } from './disabled-processes.js';
import { deregisterAll } from './registration.js';
import { assertTrafficGuard } from '../guards/traffic-guard.js';

/**
 * Takes a server group out of traffic: suspends what would undo that or replace its instances, then deregisters them
 * (clouddriver-aws 3.1), and reads it back. Harmless twice. A group that is gone or being deleted is out of traffic: done,
 * since failing would only make the caller undo what serves in its place. Throws TRAFFIC_GUARD before any change.
 */
export function createDisableServerGroup({
  aws,
  logger,
}: AwsActivityDependencies): AwsWriteActivities['disableServerGroup'] {
  return async (input) => {
    const { context, subject, guard, arn, weightless = [] } = input;
    const observed = observedSubject(aws, subject, context.priority);
    if (arn !== undefined && !(await isStill(observed, arn))) return;
    const left = guard === null ? [] : await assertTrafficGuard(aws, input, guard);
    const emptied = [...new Set([...weightless, ...left])];
    await assertWeightless(observed.region, emptied, context.priority);
    const done = await suspendUnlessGone(observed, heldProcesses);
    if (done === 'gone') {
      logger.warn({ serverGroup: subject.serverGroup }, 'server group to disable is gone');
      return;
    }
    await deregister(observed, input);
  };
}

/** Another group of the name is not meant, and the one that was is out of traffic: it is gone. */
async function isStill(observed: Observed, arn: string): Promise<boolean> {
  const seen = await look(observed);
  return seen !== null && isSameGroup(seen, arn);
}

/** SuspendProcesses; `gone` for a group that is not there any more, or on its way out. */
export async function suspendUnlessGone(
  observed: Observed,
  processes: readonly string[],
): Promise<'suspended' | 'gone'> {
  const { region, serverGroup, priority } = observed;
  try {
    await region.suspendProcesses(serverGroup, processes, await writing(priority));
    return 'suspended';
  } catch (error) {
    if (!(error instanceof GennakerError) || error.code !== 'AWS_NOT_FOUND') throw error;
    const seen = await look(observed);
    if (seen === null || seen.deleting) return 'gone';
    throw error;
  }
}

/** Looks only after the suspension, so that no instance can slip in between the look and the deregistration. */
async function deregister(observed: Observed, { restore }: DisableServerGroupInput): Promise<void> {
  const arnsOf = (group: ServerGroupView) => [
    ...new Set([...group.targetGroupArns, ...restore.targetGroupArns]),
  ];
  const suspended = await verifyUnlessGone(observed, {
    withHealth: false,
    expected: `${heldProcesses.join(', ')} suspended`,
    isSo: (group) => heldProcesses.every((one) => group.suspendedProcesses.includes(one)),
  });
  if (suspended.kind === 'gone') return;
  await deregisterAll(observed, suspended.serverGroup, arnsOf(suspended.serverGroup));
  await verifyUnlessGone(observed, {
    withHealth: true,
    expected: 'no instance of it registered in a target group',
    isSo: isOut,
    otherwise: (group) => deregisterAll(observed, group, arnsOf(group)),
  });
}

function isOut(group: ServerGroupView): boolean {
  return !group.instances.some((instance) => isRegisteredAnywhere(instance, group));
}

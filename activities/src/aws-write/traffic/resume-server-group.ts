import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { isUp, type ServerGroupRestoreState, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { lookAtPresent, verify } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import type { Observed } from '../../observe/watch-server-group.js';
import { resumeOrder } from './disabled-processes.js';
import { isRegisteredThroughout, registerMissing } from './register-server-group.js';
import { setSize, verifySize } from '../sizes/resize-server-group.js';

/**
 * Second half of an enable, once the instances are healthy again: marks healthy those that Auto Scaling still takes for
 * unhealthy (it would replace them at once), resumes what was not suspended before, restores the sizes, and registers
 * what came into service meanwhile: Auto Scaling does not do that afterwards (clouddriver-aws 3.2). Harmless twice.
 * Throws SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE.
 */
export function createResumeServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['resumeServerGroup'] {
  return async ({ context, subject, restore }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const group = await lookAtPresent(observed, { withHealth: true });
    await registerMissing(observed, group, restore);
    await markHealthy(observed, group);
    await resume(observed, group, restore);
    await restoreSizes(observed, group, restore);
    await verify(observed, {
      withHealth: true,
      expected: 'its processes resumed and every instance in service registered',
      isSo: (seen) =>
        resumedSince(restore).every((one) => !seen.suspendedProcesses.includes(one)) &&
        isRegisteredThroughout(seen, restore),
      otherwise: async (seen) => {
        await registerMissing(observed, seen, restore);
      },
    });
  };
}

/** Only those that their target groups vouch for. */
async function markHealthy({ region, priority }: Observed, group: ServerGroupView): Promise<void> {
  const vouched = { ...group, suspendedProcesses: ['ReplaceUnhealthy'] };
  const marked = group.instances.filter(
    (instance) => instance.healthStatus !== 'Healthy' && isUp(instance, vouched),
  );
  for (const { instanceId } of marked) {
    await region.setInstanceHealth(instanceId, 'Healthy', await writing(priority));
  }
}

/** One call a process: within one call AWS states no order. */
async function resume(
  { region, serverGroup, priority }: Observed,
  group: ServerGroupView,
  restore: ServerGroupRestoreState,
): Promise<void> {
  for (const process of resumedSince(restore)) {
    if (!group.suspendedProcesses.includes(process)) continue;
    await region.resumeProcesses(serverGroup, [process], await writing(priority));
  }
}

/** A group of which only a share was out went on scaling: what it has launched since is not terminated by its undo. */
async function restoreSizes(
  observed: Observed,
  group: ServerGroupView,
  { capacity: recorded }: ServerGroupRestoreState,
): Promise<void> {
  const { min, desired, max } = group.capacity;
  const grown = group.enabled ? Math.min(desired, recorded.max) : 0;
  const capacity = { ...recorded, desired: Math.max(recorded.desired, grown) };
  if (min === capacity.min && desired === capacity.desired && max === capacity.max) return;
  await setSize(observed, capacity);
  await verifySize(observed, capacity);
}

function resumedSince(restore: ServerGroupRestoreState): readonly string[] {
  return resumeOrder.filter((process) => !restore.suspendedProcesses.includes(process));
}

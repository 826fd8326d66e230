import type { AwsWriteActivities, RestoreServerGroupInput } from '@gennaker/contract/wire';
import { isDisabledBy, type Capacity, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { writing } from '../call-options.js';
import { look } from '../observe/look.js';
import { observedSubject } from '../observe/observed-subject.js';
import { isSameGroup } from '../observe/same-group.js';
import { setSize, verifySize } from './resize-server-group.js';

/**
 * Sets the captured sizes (UpdateAutoScalingGroup) and reads them back. Where the group did not take traffic and runs more
 * than the captured size, Terminate is resumed, since a disable suspends it: Auto Scaling then terminates the surplus. Looks
 * first, always; a second call sets the same again. See {@link AwsWriteActivities}.
 */
export function createRestoreServerGroupSizes({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['restoreServerGroupSizes'] {
  return async ({ context, subject, arn, restore }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const group = await look(observed);
    if (group === null || group.deleting || !isSameGroup(group, arn)) {
      return { outcome: 'other', surplus: 0 };
    }
    const capacity = restoredCapacity(group, restore);
    const surplus = isDisabledBy(restore.suspendedProcesses)
      ? Math.max(0, group.instances.length - capacity.desired)
      : 0;
    await setSize(observed, capacity);
    await verifySize(observed, capacity);
    if (surplus > 0 && group.suspendedProcesses.includes('Terminate')) {
      const { region, serverGroup, priority } = observed;
      await region.resumeProcesses(serverGroup, ['Terminate'], await writing(priority));
    }
    return { outcome: 'restored', surplus };
  };
}

/** What serves is not scaled in by an undo, unless it is more than the captured maximum. */
function restoredCapacity(
  group: ServerGroupView,
  { capacity, suspendedProcesses }: RestoreServerGroupInput['restore'],
): Capacity {
  if (isDisabledBy(suspendedProcesses)) return capacity;
  const { min, max } = capacity;
  return { min, desired: Math.min(max, Math.max(min, group.capacity.desired)), max };
}

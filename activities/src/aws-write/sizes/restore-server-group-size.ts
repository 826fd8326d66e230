import type { AwsWriteActivities, RestoreSizeInput } from '@gennaker/contract/wire';
import { GennakerError, type Capacity, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { lookUntil } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { isSameGroup } from '../../observe/same-group.js';
import type { Observed } from '../../observe/watch-server-group.js';
import { setSize, verifySize } from './resize-server-group.js';

/**
 * Sets the recorded sizes (UpdateAutoScalingGroup) and reads them back. Where it is said what was written, minimum and maximum
 * that are neither that nor the recorded ones are somebody else's: they are left, and come back as `changed`. What runs
 * beyond them ends only where it may; then Terminate is resumed, since a disable suspends it. Looks first, always; a second
 * call sets the same again. A group that is gone, going, or another of its name is `gone`. Throws CHANGED_BY_SOMEONE_ELSE.
 */
export function createRestoreServerGroupSize({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['restoreServerGroupSize'] {
  return async (input) => {
    const { context, subject, arn, recorded, written } = input;
    const observed = observedSubject(aws, subject, context.priority);
    const isOurs = (seen: ServerGroupView) =>
      written === null || hasBounds(seen, recorded) || hasBounds(seen, written);
    const group = await lookUntil(observed, isOurs);
    if (group === null || group.deleting || !isSameGroup(group, arn)) return { outcome: 'gone' };
    if (!isOurs(group)) return { outcome: 'changed', capacity: group.capacity };
    try {
      return { outcome: 'restored', surplus: await restored(observed, group, input) };
    } catch (error) {
      if (error instanceof GennakerError && error.code === 'SUBJECT_VANISHED') {
        return { outcome: 'gone' };
      }
      throw error;
    }
  };
}

async function restored(
  observed: Observed,
  group: ServerGroupView,
  { recorded, running }: RestoreSizeInput,
): Promise<number> {
  const capacity = running === 'kept' ? keeping(group, recorded) : recorded;
  await setSize(observed, capacity);
  await verifySize(observed, capacity);
  if (running !== 'ended') return 0;
  const surplus = Math.max(0, group.instances.length - recorded.desired);
  if (surplus > 0 && group.suspendedProcesses.includes('Terminate')) {
    const { region, serverGroup, priority } = observed;
    await region.resumeProcesses(serverGroup, ['Terminate'], await writing(priority));
  }
  return surplus;
}

/** What serves is not scaled in, unless it is more than the recorded maximum. */
function keeping({ capacity }: ServerGroupView, { min, max }: Capacity): Capacity {
  return { min, desired: Math.min(max, Math.max(min, capacity.desired)), max };
}

function hasBounds({ capacity }: ServerGroupView, { min, max }: Capacity): boolean {
  return capacity.min === min && capacity.max === max;
}

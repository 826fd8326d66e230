import { Context } from '@temporalio/activity';
import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { type Capacity, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { lookAtPresent, unlessVanished, verify } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import type { Observed } from '../../observe/watch-server-group.js';

/**
 * Sets absolute sizes (UpdateAutoScalingGroup) and reads them back; a second call changes nothing. A repeated attempt
 * looks first. Throws SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE.
 */
export function createResizeServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['resizeServerGroup'] {
  return async ({ context, subject, capacity }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const repeated = Context.current().info.attempt > 1;
    if (repeated && isExactly(await lookAtPresent(observed), capacity)) return;
    await setSize(observed, capacity);
    await verifySize(observed, capacity);
  };
}

/** UpdateAutoScalingGroup; a group that stays away is SUBJECT_VANISHED, one that is only not visible yet is retried. */
export function setSize(observed: Observed, capacity: Capacity): Promise<void> {
  const { region, serverGroup, priority } = observed;
  return unlessVanished(observed, async () =>
    region.updateCapacity(serverGroup, capacity, await writing(priority)),
  );
}

/** The same for MinSize alone; AWS raises the desired size where it is below, and never lowers it. */
export function setMinimum(observed: Observed, min: number): Promise<void> {
  const { region, serverGroup, priority } = observed;
  return unlessVanished(observed, async () =>
    region.updateMinimum(serverGroup, min, await writing(priority)),
  );
}

/** Reads the sizes back. Desired may already have been moved by a scaling policy, within what was asked. */
export async function verifySize(observed: Observed, capacity: Capacity): Promise<void> {
  const { min, desired, max } = capacity;
  await verify(observed, {
    withHealth: false,
    expected: `sizes ${min}/${desired}/${max}`,
    isSo: (seen) => hasSize(seen, capacity),
  });
}

function isExactly({ capacity }: ServerGroupView, wanted: Capacity): boolean {
  const { min, desired, max } = wanted;
  return capacity.min === min && capacity.desired === desired && capacity.max === max;
}

function hasSize(group: ServerGroupView, { min, max }: Capacity): boolean {
  const now = group.capacity;
  return now.min === min && now.max === max && now.desired >= min && now.desired <= max;
}

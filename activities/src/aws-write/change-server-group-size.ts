import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { GennakerError, type Capacity, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { lookAtPresent, lookUntil } from '../observe/look.js';
import { observedSubject } from '../observe/observed-subject.js';
import { assertSameGroup, isSameGroup } from '../observe/same-group.js';
import { assertWeightless } from './assert-weightless.js';
import { assertOutOfTraffic } from './out-of-traffic.js';
import { setSize, verifySize } from './resize-server-group.js';
import { assertTrafficGuard } from './traffic-guard.js';

/**
 * Sets the sizes of a server group that a stage was given (UpdateAutoScalingGroup, absolute) and reads them back. The guard
 * is asked on live data in the same activity, before the change, as is whether the group is out of traffic, if it must be. A second call writes the same again. Throws TRAFFIC_GUARD
 * before any change; SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE.
 */
export function createChangeServerGroupSize({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['changeServerGroupSize'] {
  return async ({ context, subject, arn, capacity, guard, outOfTraffic = false }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const group = await lookAtPresent(observed, { withHealth: outOfTraffic });
    assertSameGroup(group, arn);
    if (outOfTraffic) assertOutOfTraffic(group);
    const left = guard === null ? [] : await assertTrafficGuard(aws, { context, subject }, guard);
    const isEmptied = capacity.desired === 0 && !outOfTraffic;
    if (isEmptied) await assertWeightless(observed.region, left, context.priority);
    await setSize(observed, capacity);
    await verifySize(observed, capacity);
  };
}

/**
 * Sets the sizes back to the recorded ones, where minimum and maximum still are what was written: others are somebody
 * else's, are left, and come back as `changed`. The desired size may have been moved by scaling; it comes back too. A group
 * that is gone, going, or replaced by another of its name is `gone`. Harmless twice. Throws CHANGED_BY_SOMEONE_ELSE.
 */
export function createRestoreServerGroupSize({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['restoreServerGroupSize'] {
  return async ({ context, subject, arn, recorded, written }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const isOurs = (seen: ServerGroupView) => hasBounds(seen, recorded) || hasBounds(seen, written);
    const group = await lookUntil(observed, isOurs);
    if (group === null || group.deleting || !isSameGroup(group, arn)) return { outcome: 'gone' };
    if (!isOurs(group)) return { outcome: 'changed', capacity: group.capacity };
    try {
      await setSize(observed, recorded);
      await verifySize(observed, recorded);
    } catch (error) {
      if (error instanceof GennakerError && error.code === 'SUBJECT_VANISHED') {
        return { outcome: 'gone' };
      }
      throw error;
    }
    return { outcome: 'restored' };
  };
}

function hasBounds({ capacity }: ServerGroupView, { min, max }: Capacity): boolean {
  return capacity.min === min && capacity.max === max;
}

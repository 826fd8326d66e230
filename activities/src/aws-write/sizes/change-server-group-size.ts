import type { AwsWriteActivities } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { lookAtPresent } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { assertSameGroup } from '../../observe/same-group.js';
import { assertWeightless } from '../guards/assert-weightless.js';
import { assertOutOfTraffic } from '../guards/out-of-traffic.js';
import { setSize, verifySize } from './resize-server-group.js';
import { assertTrafficGuard } from '../guards/traffic-guard.js';

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

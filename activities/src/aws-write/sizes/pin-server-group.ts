import type { AwsWriteActivities, PinServerGroupInput } from '@gennaker/contract/wire';
import { GennakerError, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { lookUntil, subjectVanished, verify } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { assertSameGroup } from '../../observe/same-group.js';
import { setMinimum } from './resize-server-group.js';

/**
 * Keeps a server group from being scaled in below a size: raises MinSize to it (UpdateAutoScalingGroup), never lowers it,
 * and leaves MaxSize, so that scaling out stays possible. Where fewer run, AWS raises the desired size with it. Looks
 * first, always, and reads back; a second call writes the same again. Throws SUBJECT_VANISHED; CHANGED_BY_SOMEONE_ELSE when the
 * maximum is below the size.
 */
export function createPinServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['pinServerGroup'] {
  return async ({ context, subject, arn, instancesMin }) => {
    const observed = observedSubject(aws, subject, context.priority);
    // Where the very same minimum is shown it is written all the same: the look may be older than an unpin.
    const mayRaise = (seen: ServerGroupView) => seen.capacity.min <= instancesMin;
    const group = await lookUntil(observed, mayRaise);
    if (group === null || group.deleting) throw subjectVanished(observed, group);
    assertSameGroup(group, arn);
    if (!mayRaise(group)) return { capacity: group.capacity };
    if (group.capacity.max < instancesMin) throw maximumTooLow(group, instancesMin);
    await setMinimum(observed, instancesMin);
    const pinned = await verify(observed, {
      withHealth: false,
      expected: `a minimum of ${instancesMin}`,
      isSo: ({ capacity }) => capacity.min >= instancesMin && capacity.desired >= instancesMin,
    });
    return { capacity: pinned.capacity };
  };
}

function maximumTooLow(
  { name, capacity }: ServerGroupView,
  instancesMin: PinServerGroupInput['instancesMin'],
): GennakerError {
  return new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `The minimum of ${name} cannot be set to ${instancesMin}: its maximum is ${capacity.max}. Someone has lowered it ` +
      'since; raise it again, then retry the stage.',
    { details: { serverGroup: name, instancesMin, max: capacity.max } },
  );
}

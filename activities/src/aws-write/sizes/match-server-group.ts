import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { matchedCapacity, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { look, lookAtPresent } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { setSize, verifySize } from './resize-server-group.js';

/**
 * Grows a server group to the size that the others have by now: their scaling goes on while a deploy runs, and a switch to a
 * smaller group would overload it. Looks first, always; UpdateAutoScalingGroup with absolute sizes, read back. See
 * {@link AwsWriteActivities}.
 */
export function createMatchServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['matchServerGroup'] {
  return async ({ context, subject, others }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const group = await lookAtPresent(observed);
    const seen = await Promise.all(
      others.map((serverGroup) =>
        look(observedSubject(aws, { ...subject, serverGroup }, context.priority)),
      ),
    );
    const wanted = matchedCapacity(group.capacity, seen.filter(isServing));
    if (wanted === null) return { grown: false, capacity: group.capacity };
    await setSize(observed, wanted);
    await verifySize(observed, wanted);
    return { grown: true, capacity: wanted };
  };
}

/** One that is gone, going or out of traffic replaces nothing. */
function isServing(group: ServerGroupView | null): group is ServerGroupView {
  return group !== null && !group.deleting && group.enabled;
}

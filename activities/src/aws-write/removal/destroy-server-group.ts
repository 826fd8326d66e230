import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { GennakerError, type ServerGroupView } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { look } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { isSameGroup } from '../../observe/same-group.js';
import { assertOutOfTraffic } from '../guards/out-of-traffic.js';
import { assertTrafficGuard } from '../guards/traffic-guard.js';

/**
 * Deletes a server group that a stage was told to destroy, whoever made it (DeleteAutoScalingGroup, ForceDelete): the one of
 * that ARN and no other, and only while it is disabled. It looks first, always. Gone, on its way out, or followed by another
 * of its name is done. With a guard, also only while none of its instances is registered and the guarding group serves.
 * Throws CHANGED_BY_SOMEONE_ELSE when it takes traffic (again), TRAFFIC_GUARD; nothing was deleted then.
 */
export function createDestroyServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['destroyServerGroup'] {
  return async ({ context, subject, arn, guard }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const group = await look(observed, { withHealth: guard !== undefined });
    if (group === null || group.deleting || !isSameGroup(group, arn)) return;
    if (guard !== undefined) {
      assertOutOfTraffic(group);
      await assertTrafficGuard(aws, { context, subject }, guard);
    }
    if (group.enabled) throw takesTraffic(group);
    await observed.region.deleteAutoScalingGroup(
      { serverGroup: subject.serverGroup, force: true },
      await writing(context.priority),
    );
  };
}

function takesTraffic({ name }: ServerGroupView): GennakerError {
  return new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `${name} was not deleted: it takes traffic again, although this stage has disabled it.`,
    { details: { serverGroup: name } },
  );
}

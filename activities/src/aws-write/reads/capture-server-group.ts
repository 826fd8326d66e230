import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { isRegistered, lastingCount } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { lookAtPresent } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';

/**
 * What a server group is like now, so that an enable can restore it (DESIGN D8). Changes nothing. Throws SUBJECT_VANISHED.
 */
export function createCaptureServerGroup({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['captureServerGroup'] {
  return async ({ context, subject }) => {
    const observed = observedSubject(aws, subject, context.priority);
    const group = await lookAtPresent(observed, { withHealth: true });
    return {
      capacity: group.capacity,
      suspendedProcesses: group.suspendedProcesses,
      targetGroupArns: group.targetGroupArns,
      registered: Object.fromEntries(
        group.targetGroupArns.map((arn) => [
          arn,
          group.instances.filter((one) => isRegistered(one, arn)).map((one) => one.instanceId),
        ]),
      ),
      instancesInService: lastingCount(group),
      owner: group.owner,
    };
  };
}

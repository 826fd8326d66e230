import type { AwsWaitActivities } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { withoutHealth } from '../observe/watch-server-group.js';
import { waitForLeaving } from './wait-for-leaving.js';

/** Waits until DescribeAutoScalingGroups no longer shows the group, in several looks in a row. Throws STAGE_TIMEOUT. */
export function createAwaitServerGroupGone(
  dependencies: AwsActivityDependencies,
): AwsWaitActivities['awaitServerGroupGone'] {
  return (input) =>
    waitForLeaving(dependencies, input, {
      reason: 'gone',
      wantHealthFrom: withoutHealth,
      // The group itself is the last thing to go, after its instances.
      countLeft: (group) => group.instances.length + 1,
      inWords: (left) =>
        left === 1
          ? 'the server group is still shown by Auto Scaling'
          : `${left - 1} instances still terminating`,
    });
}

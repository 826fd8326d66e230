import type { AwsWaitActivities } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { waitForLeaving } from './wait-for-leaving.js';

/**
 * Waits until no target group knows an instance of the group other than as unused: requests under way have ended or had
 * their deregistration delay. A group that is gone is drained. Throws STAGE_TIMEOUT.
 */
export function createAwaitServerGroupDrained(
  dependencies: AwsActivityDependencies,
): AwsWaitActivities['awaitServerGroupDrained'] {
  return (input) =>
    waitForLeaving(dependencies, input, {
      reason: 'drained',
      wantHealthFrom: 0,
      countLeft: (group, withHealth) =>
        withHealth
          ? group.instances.filter((instance) =>
              instance.targetHealth.some((target) => target.state !== 'unused'),
            ).length
          : null,
      inWords: (left) => `${left} ${left === 1 ? 'instance' : 'instances'} still draining`,
    });
}

import type { AwsWaitActivities } from '@gennaker/contract/wire';
import { isDraining } from '@gennaker/domain';
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
      inWords: stillDraining,
    });
}

/**
 * Waits until no instance of the group is draining, while others go on serving: what was deregistered has ended its requests
 * or had its deregistration delay. A group that is gone is drained. Throws STAGE_TIMEOUT.
 */
export function createAwaitServerGroupShareDrained(
  dependencies: AwsActivityDependencies,
): AwsWaitActivities['awaitServerGroupShareDrained'] {
  return (input) =>
    waitForLeaving(dependencies, input, {
      reason: 'drained',
      wantHealthFrom: 0,
      countLeft: (group, withHealth) =>
        withHealth ? group.instances.filter(isDraining).length : null,
      inWords: stillDraining,
    });
}

function stillDraining(left: number): string {
  return `${left} ${left === 1 ? 'instance' : 'instances'} still draining`;
}

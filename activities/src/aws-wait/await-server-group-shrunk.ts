import type { AwsWaitActivities } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { withoutHealth } from '../observe/watch-server-group.js';
import { waitForLeaving } from './wait-for-leaving.js';

/**
 * Waits until the group has no more instances than that, whatever their state: one that is terminating still runs. A group
 * that is gone has none. Throws STAGE_TIMEOUT.
 */
export function createAwaitServerGroupShrunk(
  dependencies: AwsActivityDependencies,
): AwsWaitActivities['awaitServerGroupShrunk'] {
  return (input) =>
    waitForLeaving(dependencies, input, {
      reason: 'gone',
      wantHealthFrom: withoutHealth,
      countLeft: (group) => Math.max(0, group.instances.length - input.instancesMax),
      inWords: (left) => `${left} surplus ${left === 1 ? 'instance' : 'instances'} still there`,
    });
}

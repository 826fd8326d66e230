import type { AwsWriteActivities } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { reading } from '../call-options.js';
import type { LaunchSources } from './launch-source.js';
import { readRollbackPlan } from './rollback-plan.js';

/**
 * The plan of a rollback on live data, and a note in the cluster's history that it was planned. Nothing on AWS is changed; a
 * second call plans anew. Throws SERVER_GROUP_NOT_FOUND, CLUSTER_MOVED_ON, PRECONDITION_FAILED, INVALID_REQUEST.
 */
export function createPlanRollback(
  dependencies: AwsActivityDependencies,
  launchSources: LaunchSources,
): AwsWriteActivities['planRollback'] {
  return async ({ context, stage }) => {
    const options = reading(context.priority);
    const plan = await readRollbackPlan(dependencies, { stage, launchSources }, options);
    const { executionId, attempt } = context;
    const { cluster } = plan;
    await dependencies.history.recordPlan({ cluster, executionId, stage: context.stage, attempt });
    return plan;
  };
}

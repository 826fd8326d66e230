import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { GennakerError, type DeployPlan, type RollbackClusterStage } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';
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
    refuseUnlockedRules(stage, plan);
    const { executionId, attempt } = context;
    const { cluster } = plan;
    await dependencies.history.recordPlan({ cluster, executionId, stage: context.stage, attempt });
    return plan;
  };
}

/** Only what the stage names is locked, so that nobody else writes it meanwhile. */
function refuseUnlockedRules(
  { refId, ruleArns = [] }: RollbackClusterStage,
  { weights }: DeployPlan,
): void {
  const rules = (weights?.rules ?? []).map((rule) => rule.ruleArn);
  const unlocked = rules.filter((arn) => !ruleArns.includes(arn));
  if (unlocked.length === 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `Stage ${refId} switches the weights of ${unlocked.join(', ')} back: name it in ruleArns, so that it is locked.`,
    { details: { ruleArns: unlocked } },
  );
}

import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { planDeploy, type DeployPlan } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';
import { assertLaunchNotMovedOn, assertNotMovedOn } from './cluster-moved-on.js';
import { readDeployCluster, readDeployFacts } from './deploy-facts.js';
import type { LaunchSources } from './launch-source.js';
import { addedBy, checkLimits, withWarningsOf } from './limits.js';
import { readRollingFacts } from './rolling-facts.js';

/**
 * The plan of a deploy on live data. Everything that can be refused is refused before the name is reserved, and nothing on
 * AWS is changed. The same attempt gets the same name again; a rolling deploy makes no group and needs none. Throws CLUSTER_MOVED_ON, NOT_CARRIED_OVER, SOURCE_NOT_FOUND,
 * INVALID_REQUEST.
 */
export function createPlanDeploy(
  dependencies: AwsActivityDependencies,
  launchSources: LaunchSources,
): AwsWriteActivities['planDeploy'] {
  const { history, names } = dependencies;
  return async (input) => {
    const { context, application, stage, imageId } = input;
    const options = reading(context.priority);
    const cluster = await readDeployCluster(dependencies, { application, stage }, options);
    assertNotMovedOn(cluster.view, input);
    const recorded = async (plan: DeployPlan): Promise<DeployPlan> => {
      const { executionId, attempt } = context;
      const { cluster: ref } = plan;
      await history.recordPlan({ cluster: ref, executionId, stage: context.stage, attempt });
      return plan;
    };
    const { strategy } = stage;
    if (strategy.type === 'rolling') {
      const inPlace = await readRollingFacts(cluster, { stage, strategy }, options);
      assertLaunchNotMovedOn(inPlace, input);
      const plan = planDeploy({ ...inPlace, imageId });
      const check = { plan, change: addedBy(plan, stage), groups: cluster.groups, launchSources };
      return await recorded(await checkLimits(cluster.region, check, options));
    }
    const facts = await readDeployFacts(cluster, { stage, launchSources }, options);
    const draft = planDeploy({ ...facts, imageId, serverGroup: '(a name to be reserved)' });
    const limits = await checkLimits(
      cluster.region,
      { plan: draft, change: addedBy(draft, stage), groups: cluster.groups, launchSources },
      options,
    );
    const { executionId, attempt } = context;
    const serverGroup = await names.reserveServerGroupName({
      ...cluster.names,
      owner: { executionId, stage: context.stage },
      attempt,
    });
    const planned = planDeploy({ ...facts, imageId, serverGroup });
    return await recorded(withWarningsOf(planned, limits, draft));
  };
}

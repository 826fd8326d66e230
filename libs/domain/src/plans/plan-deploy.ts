import type { Capacity, ServerGroupView } from '../groups/cluster.js';
import { GennakerError } from '../errors.js';
import type { DeployFacts } from './deploy-facts.js';
import type { BlueGreenFacts } from './blue-green/blue-green-facts.js';
import { deployColours } from './blue-green/colours.js';
import type { DeployPlan } from './deploy-plan.js';
import { expiredGroups, withoutExpired } from './expired-groups.js';
import { planBlueGreen } from './blue-green/plan-blue-green.js';
import { planCanary, type CanaryPlanFacts } from './canary/plan-canary.js';
import type { PlannedServerGroup } from './planned-server-group.js';
import { warningsOf } from './plan-warnings.js';
import { planNone } from './plan-none.js';
import { planRedBlack } from './red-black/plan-red-black.js';
import { planRollingRedBlack } from './red-black/plan-rolling-red-black.js';
import { planRolling } from './rolling/plan-rolling.js';
import { plannedTarget } from './planned-target.js';
import { refuseAlarms } from './refuse-alarms.js';
import { inServiceCount, sourceOf } from './source-of.js';
import type { StrategyFacts, StrategyPlan } from './strategy-plan.js';

/**
 * The plan of a deploy: pure, the same facts give the same plan. Throws SOURCE_NOT_FOUND (nothing to inherit and no
 * launch settings) and INVALID_REQUEST (it could never get healthy, or would take all traffic away).
 */
export function planDeploy(facts: DeployFacts): DeployPlan {
  const { stage, cluster } = facts;
  const colours = deployColours(facts);
  const source = colours === null ? sourceOf(cluster) : colours.source;
  const target = plannedTarget(facts, source);
  refuseUnusedTargetGroups(facts, target);
  refuseAlarms(facts);
  const present = cluster.serverGroups.filter(
    (group) => !group.deleting && group.name !== facts.serverGroup,
  );
  const enabled = present.filter((group) => group.enabled);
  const ref = { account: cluster.account, region: cluster.region, cluster: cluster.cluster };
  const { refresh } = facts;
  const strategyFacts = { stage, cluster: ref, target, source, enabled, present, refresh };
  const expired = expiredGroups(facts, source);
  const planned = withoutExpired(strategyFacts, planStrategy(strategyFacts, facts), expired);
  const { steps, disables, destroys, promise, weights, warnings = [] } = planned;
  const replaced = planned.replaces ?? disables;
  const switched = enabled.filter((group) => replaced.includes(group.name));
  refuseEmptySwitch(target.capacity, switched);
  return {
    planVersion: 2,
    strategy: stage.strategy.type,
    cluster: ref,
    source: source && { serverGroup: source.name, arn: source.arn, imageId: source.imageId },
    target,
    disables,
    ...(destroys !== undefined && destroys.length > 0 && { destroys }),
    observedServerGroups: cluster.serverGroups.map((group) => group.name),
    steps,
    ...(weights !== undefined && { weights }),
    promise,
    warnings: [...warningsOf({ facts, source, target, switched, expired }), ...warnings],
  };
}

/** Every strategy is registered here, and nowhere else in the planning. */
function planStrategy(facts: StrategyFacts, deploy: DeployFacts): StrategyPlan {
  const { strategy } = facts.stage;
  switch (strategy.type) {
    case 'none':
      return planNone(facts);
    case 'redBlack':
      return planRedBlack(facts, strategy);
    case 'rollingRedBlack':
      return planRollingRedBlack(facts, strategy);
    case 'rolling':
      return planRolling(facts, strategy);
    case 'blueGreen':
      return planBlueGreen(weighted(facts, deploy), strategy);
    case 'canary':
      return planCanary(withCanary(facts, deploy), strategy);
  }
}

function withCanary(facts: StrategyFacts, deploy: DeployFacts): CanaryPlanFacts {
  const { canary, cluster, source } = deploy;
  if (canary === undefined) throw new Error('what a canary needs was not read');
  const sourceLaunch = { instanceType: source?.launchTemplate.instanceType ?? null };
  return { ...facts, canary, now: cluster.observedAt, sourceLaunch };
}

function weighted(facts: StrategyFacts, deploy: DeployFacts): BlueGreenFacts {
  const colours = deployColours(deploy);
  const { weights } = deploy;
  if (colours === null || weights === undefined) throw new Error('the weights were not read');
  return { ...facts, colours, weights };
}

function refuseUnusedTargetGroups(facts: DeployFacts, target: PlannedServerGroup): void {
  const unused = target.targetGroupArns.filter((arn) => facts.unusedTargetGroupArns.includes(arn));
  if (unused.length === 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `${target.serverGroup} could never get healthy: no listener forwards to ${unused.join(', ')}, so the targets stay ` +
      '`unused`. Add a listener or a rule for it, or detach it from the source server group.',
    { details: { targetGroupArns: unused } },
  );
}

function refuseEmptySwitch(capacity: Capacity, switched: readonly ServerGroupView[]): void {
  const serving = switched.filter((group) => inServiceCount(group) > 0);
  if (capacity.desired > 0 || serving.length === 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `A red/black deploy of no instances would take ${serving.map((group) => group.name).join(', ')} out of traffic with nothing in its place: ` +
      'give the stage a capacity above 0.',
    { details: { serving: serving.map((group) => group.name) } },
  );
}

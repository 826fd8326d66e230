import { requiredHealthy } from '../../groups/capacity.js';
import type { Capacity, ServerGroupView } from '../../groups/cluster.js';
import { GennakerError } from '../../errors.js';
import type { RollingRedBlackStrategy } from '../../pipeline/pipeline.js';
import { planNone } from '../plan-none.js';
import type { PlanStep } from '../plan-step.js';
import { promiseOf } from '../plan-promises.js';
import { attachScalingStep, releaseScalingStep } from '../scaling-steps.js';
import { lastingCount } from '../source-of.js';
import { scaleDownSteps } from './teardown-steps.js';
import {
  createStep,
  delayStep,
  disableShareStep,
  disableStep,
  healthyMinOf,
  healthyStep,
  matchStep,
  pinStep,
  resizeStep,
  unpinStep,
  verifyStep,
  watchStep,
} from '../steps.js';
import type { StrategyFacts, StrategyPlan } from '../strategy-plan.js';

const defaultTargetPercents: readonly number[] = [50, 100];
/** One enabled group is what a rolling switch can share traffic with; more are somebody's experiment. */
const defaultEnabledServerGroupsMax = 1;

/**
 * In steps, the new group grows to a share of its size, and as many of the source's instances leave traffic. All sizes are
 * shares of what was recorded at the start: Spinnaker's follow the live size of the source, which the deploy itself moves.
 * The alarms are watched before each share leaves and after the last. The source is pinned until the end (Spinnaker's RollingRedBlackStrategy), the new group by its own minimum. Without an
 * enabled group it is the strategy none. Throws INVALID_REQUEST when more groups are enabled than the strategy allows.
 */
export function planRollingRedBlack(
  facts: StrategyFacts,
  strategy: RollingRedBlackStrategy,
): StrategyPlan {
  const { cluster, target, enabled } = facts;
  refuseTooManyEnabled(facts, strategy);
  const source = enabled.find((group) => group.name === facts.source?.name);
  if (source === undefined) return planNone(facts);
  const { min, desired } = target.capacity;
  const { alarms = [], bakeSeconds = 0 } = strategy;
  const shrinkable = enabled.filter(({ capacity }) => capacity.min < capacity.desired);
  const newGroup = { name: target.serverGroup, arn: null, capacity: target.capacity };
  const maySettle = min < desired || source.capacity.desired < source.capacity.max;
  const steps: readonly PlanStep[] = [
    createStep(facts),
    ...shrinkable.map((group) => pinStep(cluster, group)),
    ...percentsOf(strategy).flatMap((percent, index, percents) =>
      partOf(facts, strategy, { source, percent, before: percents[index - 1] ?? 0 }),
    ),
    // Only once it has its whole size: a resize is absolute, and would take back what a policy has added.
    ...attachScalingStep(facts),
    matchStep(facts, source),
    ...enabled.map((group) => disableStep(facts, group)),
    verifyStep(facts),
    ...watchStep(facts, { id: 'bake', alarms, seconds: bakeSeconds, when: 'after the switch' }),
    ...(maySettle ? [unpinStep(cluster, newGroup)] : []),
    ...shrinkable.map((group) => unpinStep(cluster, group)),
    ...releaseScalingStep(facts),
    ...scaleDownSteps(facts, strategy, enabled),
  ];
  return {
    disables: enabled.map((group) => group.name),
    steps,
    promise: promiseOf(facts, {
      disabled: enabled,
      scaledDown: strategy.scaleDown === true,
      destroyed: [],
    }),
  };
}

/** Rising, each once, up to 100. */
function percentsOf({ targetPercents = defaultTargetPercents }: RollingRedBlackStrategy) {
  return [...new Set([...targetPercents, 100])].toSorted((one, other) => one - other);
}

/** One step up: the new group has its share healthy before the same share of the source leaves; at 100 all that is left. */
function partOf(
  facts: StrategyFacts,
  strategy: RollingRedBlackStrategy,
  part: {
    readonly source: ServerGroupView;
    readonly percent: number;
    /** The percentage of the step before; of a small fleet both may be the same number. */
    readonly before: number;
  },
): readonly PlanStep[] {
  const { target } = facts;
  const { source, percent } = part;
  const desired = sizeAt(facts, percent);
  const capacity: Capacity = { min: desired, desired, max: target.capacity.max };
  const instancesHealthyMin = requiredHealthy(desired, target.targetHealthyPercent);
  const instancesTogetherMin = Math.min(lastingCount(source), healthyMinOf(facts));
  const { delayBeforeDisableSeconds: seconds = 0, alarms = [] } = strategy;
  const before = `${percent} percent of ${source.name} leave traffic`;
  const healthy = { id: `healthy:${percent}`, instancesHealthyMin, of: desired };
  return [
    ...(desired > sizeAt(facts, part.before)
      ? [resizeStep(facts, `resize:${percent}`, capacity), healthyStep(facts, healthy)]
      : []),
    ...(alarms.length === 0
      ? delayStep(facts, { id: `delay:${percent}`, seconds, before })
      : watchStep(facts, { id: `alarms:${percent}`, alarms, seconds, when: `before ${before}` })),
    ...(percent < 100 ? [disableShareStep(facts, source, { percent, instancesTogetherMin })] : []),
  ];
}

function sizeAt({ target }: StrategyFacts, percent: number): number {
  return Math.ceil((target.capacity.desired * percent) / 100);
}

function refuseTooManyEnabled(
  { stage, enabled }: StrategyFacts,
  { enabledServerGroupsMax = defaultEnabledServerGroupsMax }: RollingRedBlackStrategy,
): void {
  if (enabled.length <= enabledServerGroupsMax) return;
  const names = enabled.map((group) => group.name);
  throw new GennakerError(
    'INVALID_REQUEST',
    `Stage ${stage.refId} finds ${enabled.length} enabled server groups (${names.join(', ')}) and its rolling red/black ` +
      `allows ${enabledServerGroupsMax}: disable the others first, or raise enabledServerGroupsMax.`,
    { details: { enabled: names, enabledServerGroupsMax } },
  );
}

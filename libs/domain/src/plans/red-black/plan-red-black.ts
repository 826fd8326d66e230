import type { Capacity, ServerGroupView } from '../../groups/cluster.js';
import type { RedBlackStrategy } from '../../pipeline/pipeline.js';
import type { PlanStep } from '../plan-step.js';
import { promiseOf } from '../plan-promises.js';
import { attachScalingStep, releaseScalingStep } from '../scaling-steps.js';
import { scaleDownSteps, shrinkSteps, surplusOf } from './teardown-steps.js';
import {
  createStep,
  delayStep,
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

/**
 * The new group is made whole beside the old ones and takes traffic with them; then the old ones are disabled, oldest
 * first. While both serve, the load of each instance halves, and a scaling policy would shrink both fleets: so both
 * minimums are pinned from before the new group takes traffic until the switch is verified. A group whose minimum is its
 * desired size cannot shrink and is not pinned: that saves the calls. On request the old groups are then scaled to nothing and surplus ones
 * destroyed: behind the verified switch, or (surplus ones, if so wanted) once the new group is healthy.
 */
export function planRedBlack(facts: StrategyFacts, strategy: RedBlackStrategy): StrategyPlan {
  const { cluster, target, enabled } = facts;
  const { min, desired, max } = target.capacity;
  const pinned: Capacity = { min: desired, desired, max };
  const shrinkable = enabled.filter(({ capacity }) => capacity.min < capacity.desired);
  const instancesHealthyMin = healthyMinOf(facts);
  const { delayBeforeDisableSeconds: seconds = 0, alarms = [], bakeSeconds = 0 } = strategy;
  const before = 'the old groups are disabled';
  const newGroup = { name: target.serverGroup, arn: null, capacity: target.capacity };
  const source = enabled.find((group) => group.name === facts.source?.name);
  const surplus = surplusOf(facts, strategy);
  const shrink = (when: 'before' | 'after') =>
    when === (strategy.shrinkBefore === true ? 'before' : 'after')
      ? shrinkSteps(facts, surplus, when)
      : [];
  const maySettle = min < desired || (source !== undefined && canGrow(source));
  const steps: readonly PlanStep[] = [
    createStep(facts),
    ...shrinkable.map((group) => pinStep(cluster, group)),
    resizeStep(facts, 'resize', source === undefined ? target.capacity : pinned),
    healthyStep(facts, { id: 'healthy', instancesHealthyMin, of: desired }),
    ...attachScalingStep(facts),
    ...shrink('before'),
    ...(alarms.length === 0
      ? delayStep(facts, { id: 'delay:disable', seconds, before })
      : watchStep(facts, { id: 'alarms:disable', alarms, seconds, when: `before ${before}` })),
    ...(source === undefined ? [] : [matchStep(facts, source)]),
    ...enabled.map((group) => disableStep(facts, group)),
    verifyStep(facts),
    ...watchStep(facts, { id: 'bake', alarms, seconds: bakeSeconds, when: 'after the switch' }),
    ...(source !== undefined && maySettle ? [unpinStep(cluster, newGroup)] : []),
    ...shrinkable.map((group) => unpinStep(cluster, group)),
    ...releaseScalingStep(facts),
    ...scaleDownSteps(facts, strategy, enabled),
    ...shrink('after'),
  ];
  return {
    disables: enabled.map((group) => group.name),
    steps,
    destroys: surplus.groups.map((group) => group.name),
    promise: promiseOf(facts, {
      disabled: enabled,
      scaledDown: strategy.scaleDown === true,
      destroyed: surplus.groups,
    }),
    warnings: surplus.warnings,
  };
}

/** Then the new group may have to grow with it, and its minimum with that. */
function canGrow({ capacity }: ServerGroupView): boolean {
  return capacity.desired < capacity.max;
}

import { promiseOf } from './plan-promises.js';
import {
  createStep,
  disableStep,
  healthyMinOf,
  healthyStep,
  resizeStep,
  verifyStep,
} from './steps.js';
import type { StrategyFacts, StrategyPlan } from './strategy-plan.js';

/** The new group is made whole beside the old ones, which are then disabled, oldest first. */
export function planRedBlack(facts: StrategyFacts): StrategyPlan {
  const { target, enabled } = facts;
  const { capacity } = target;
  const instancesHealthyMin = healthyMinOf(facts);
  return {
    disables: enabled.map((group) => group.name),
    steps: [
      createStep(facts),
      resizeStep(facts, 'resize', capacity),
      healthyStep(facts, { id: 'healthy', instancesHealthyMin, of: capacity.desired }),
      ...enabled.map((group) => disableStep(facts, group)),
      verifyStep(facts),
    ],
    promise: promiseOf(facts, { disabled: enabled, destroyed: [] }),
  };
}

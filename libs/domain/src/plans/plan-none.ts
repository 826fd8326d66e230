import { promiseOf } from './plan-promises.js';
import { attachScalingStep, releaseScalingStep } from './scaling-steps.js';
import { createStep, healthyMinOf, healthyStep, resizeStep, verifyStep } from './steps.js';
import type { StrategyFacts, StrategyPlan } from './strategy-plan.js';

/** The new group stands beside the others, which stay as they are (Spinnaker's strategy without a name). */
export function planNone(facts: StrategyFacts): StrategyPlan {
  const { capacity } = facts.target;
  const instancesHealthyMin = healthyMinOf(facts);
  return {
    disables: [],
    steps: [
      createStep(facts),
      resizeStep(facts, 'resize', capacity),
      healthyStep(facts, { id: 'healthy', instancesHealthyMin, of: capacity.desired }),
      ...attachScalingStep(facts),
      verifyStep(facts),
      ...releaseScalingStep(facts),
    ],
    promise: promiseOf(facts, { disabled: [], destroyed: [] }),
  };
}

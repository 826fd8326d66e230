import { GennakerError } from '../../errors.js';
import { ruleName, targetGroupName } from '../../weights/listener-rule.js';
import type { BlueGreenStrategy } from '../../pipeline/pipeline.js';
import { weightPercentMax, weightsAtPercent, withWeights } from '../../weights/rule-weights.js';
import {
  stickySecondsOf,
  switchOf,
  warmSecondsOf,
  type BlueGreenFacts,
} from './blue-green-facts.js';
import { blueGreenPromise } from './blue-green-promise.js';
import { refuseForeignWeights, ruleWeightsInWords } from './blue-green-refusals.js';
import {
  afterSteps,
  bringUpSteps,
  endWarmSteps,
  sharesOf,
  switchSteps,
} from './blue-green-steps.js';
import { blueGreenWarnings } from './blue-green-warnings.js';
import { planNone } from '../plan-none.js';
import { inServiceCount } from '../source-of.js';
import { createStep } from '../steps.js';
import type { StrategyPlan } from '../strategy-plan.js';
import type { PlannedWeights } from './weight-facts.js';
import { restSteps } from './weight-steps.js';

/**
 * The new group stands behind the idle target group, at weight 0, until all of it is healthy; then requests are moved to it by
 * the weights of the rules, in steps or at once, and the old fleet stays in service without any. Throws INVALID_REQUEST,
 * CHANGED_BY_SOMEONE_ELSE.
 */
export function planBlueGreen(facts: BlueGreenFacts, strategy: BlueGreenStrategy): StrategyPlan {
  const { colours, weights, stage, target } = facts;
  const weighted = { refId: stage.refId, strategy };
  refuseForeignWeights(weighted, weights, colours);
  refuseOtherTargetGroups(facts);
  if (colours.takesOver === colours.active) {
    const { steps, disables, promise } = planNone(facts);
    const shown = { weights: plannedWeights(facts, strategy) };
    return { steps, disables, promise, warnings: blueGreenWarnings(facts, strategy), ...shown };
  }
  refuseNothing(facts);
  refuseShort(facts, strategy);
  const disables = [
    ...colours.waiting,
    ...(warmSecondsOf(strategy) === 0 ? colours.serving : []),
  ].map((group) => group.name);
  return {
    steps: [
      ...restSteps(switchOf(facts)),
      ...endWarmSteps(facts),
      createStep(facts, target.targetGroupArns),
      ...bringUpSteps(facts),
      ...switchSteps(facts, strategy),
      ...afterSteps(facts, strategy),
    ],
    disables,
    replaces: colours.serving.map((group) => group.name),
    promise: blueGreenPromise(facts, warmSecondsOf(strategy)),
    warnings: blueGreenWarnings(facts, strategy),
    weights: plannedWeights(facts, strategy),
  };
}

/** In a target group that no weight holds back the new group would have requests at once. */
function refuseOtherTargetGroups({ stage, colours, source }: BlueGreenFacts): void {
  const others = (source?.targetGroupArns ?? []).filter(
    (arn) => arn !== colours.active && arn !== colours.idle,
  );
  if (source === null || others.length === 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `${source.name} is also in ${others.map(targetGroupName).join(', ')}, where weights of stage ${stage.refId} hold nothing ` +
      'back: a new group would have requests there at once, or not at all. Detach it, or use the strategy redBlack.',
    { details: { serverGroup: source.name, targetGroupArns: others } },
  );
}

function refuseNothing({ target, colours, stage }: BlueGreenFacts): void {
  const serving = colours.serving.filter((group) => inServiceCount(group) > 0);
  if (target.capacity.desired > 0 || serving.length === 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `Stage ${stage.refId} would move the requests of ${serving.map((group) => group.name).join(', ')} to no instances: give ` +
      'the stage a capacity above 0.',
    { details: { serving: serving.map((group) => group.name) } },
  );
}

/** What is known to take longer than the stage has would only be undone. */
function refuseShort(facts: BlueGreenFacts, strategy: BlueGreenStrategy): void {
  const { stage, weights } = facts;
  const pauses = sharesOf(strategy).reduce((sum, { pauseSeconds }) => sum + pauseSeconds, 0);
  const stuck = warmSecondsOf(strategy) === 0 ? stickySecondsOf(weights) : 0;
  const seconds = pauses + (strategy.bakeSeconds ?? 0) + stuck;
  if (seconds < stage.timeoutSeconds) return;
  const why = stuck === 0 ? '' : ` (${stuck} s of them until no client sticks to the old fleet)`;
  throw new GennakerError(
    'INVALID_REQUEST',
    `The pauses of stage ${stage.refId} take ${seconds} s${why}, and its timeoutSeconds is ${stage.timeoutSeconds}: raise it.`,
    { details: { seconds, timeoutSeconds: stage.timeoutSeconds } },
  );
}

function plannedWeights(facts: BlueGreenFacts, strategy: BlueGreenStrategy): PlannedWeights {
  const { active: from, takesOver: to } = facts.colours;
  const after = weightsAtPercent({ from, to }, weightPercentMax);
  return {
    from,
    to,
    warmSeconds: from === to ? 0 : warmSecondsOf(strategy),
    rules: facts.weights.rules.map((rule) => {
      const inWords = (one: typeof rule) => ruleWeightsInWords(one, strategy.targetGroupArns);
      const before = inWords(rule);
      return {
        ruleArn: rule.arn,
        listenerArn: rule.listenerArn,
        title: ruleName(rule.arn),
        before,
        after: from === to ? before : inWords(withWeights(rule, after)),
      };
    }),
  };
}

import { requiredHealthy } from '../../groups/capacity.js';
import type { ServerGroupView } from '../../groups/cluster.js';
import { findForward } from '../../weights/listener-rule.js';
import type { BlueGreenStrategy } from '../../pipeline/pipeline.js';
import type { Colours } from './colours.js';
import { lastingCount } from '../source-of.js';
import type { StrategyFacts } from '../strategy-plan.js';
import type { WeightFacts } from './weight-facts.js';
import type { WeightSwitch } from './weight-steps.js';

/**
 * How long the old fleet is kept in service without requests, in seconds, where the stage does not say: most of what is wrong
 * with a version shows within an hour, and both fleets cost money.
 */
const defaultWarmSeconds = 3600;

/** What a switch between two target groups is planned from, besides what every strategy has. */
export interface BlueGreenFacts extends StrategyFacts {
  readonly weights: WeightFacts;
  readonly colours: Colours;
}

/** How long the old fleet is kept, in seconds; 0: it is disabled after the switch. */
export function warmSecondsOf({ warmSeconds = defaultWarmSeconds }: BlueGreenStrategy): number {
  return warmSeconds;
}

/** From what serves to the new group. */
export function switchOf({
  cluster,
  weights,
  colours,
  target,
  source,
}: BlueGreenFacts): WeightSwitch {
  const serving = source === null ? 0 : lastingCount(source);
  return {
    cluster,
    rules: weights.rules,
    from: {
      targetGroupArn: colours.active,
      serverGroup: source?.name ?? target.serverGroup,
      instancesHealthyMin: requiredHealthy(serving, target.targetHealthyPercent),
    },
    to: {
      targetGroupArn: colours.idle,
      serverGroup: target.serverGroup,
      instancesHealthyMin: target.capacity.desired,
    },
  };
}

/** Groups that scaling could make smaller while requests are on the way. */
export function shrinkableOf({ colours }: BlueGreenFacts): readonly ServerGroupView[] {
  return colours.serving.filter(({ capacity }) => capacity.min < capacity.desired);
}

/** How long a client stays with its target group at most, whatever the weights say, in seconds; 0: not at all. */
export function stickySecondsOf({ rules }: WeightFacts): number {
  const durations = rules.map((rule) => {
    const stickiness = findForward(rule)?.stickiness;
    return stickiness?.enabled === true ? (stickiness.durationSeconds ?? 0) : 0;
  });
  return Math.max(0, ...durations);
}

/** How long clients may still stick to a fleet that lost its requests by the last recorded switch, in seconds. */
export function stickySecondsLeft({ weights }: BlueGreenFacts): number {
  if (weights.recorded === null) return 0;
  const sticky = stickySecondsOf(weights);
  const passed = (Date.parse(weights.readAt) - Date.parse(weights.recorded.writtenAt)) / 1000;
  return Math.ceil(Math.min(sticky, Math.max(0, sticky - passed)));
}

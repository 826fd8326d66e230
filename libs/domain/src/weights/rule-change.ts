import { weightsOf, type ListenerRule, type TargetGroupWeight } from './listener-rule.js';
import type { DisableGuard } from '../groups/disable-guard.js';
import { isSameWeights, ruleDifferences, sharePercent } from './rule-weights.js';

/** One absolute change of a rule's weights, and what it may find. */
export interface RuleChange {
  /** The rule as it was read before any change: all but its weights must still be so. */
  readonly captured: ListenerRule;
  /** What is written: all target groups of the forward action. */
  readonly weights: readonly TargetGroupWeight[];
  /** Weights that the rule may have before: other ones are someone else's and are not overwritten. */
  readonly expected: readonly (readonly TargetGroupWeight[])[];
}

/** What must hold on AWS at the moment that a target group's share of the requests rises. */
export interface WeightGuard extends DisableGuard {
  /** The target group whose share rises; `serverGroup` is the one whose instances are healthy in it. */
  readonly targetGroupArn: string;
  /** The server group that is to be covered as it is then, by `coveringPercent` and `zoneFloorPercent`. */
  readonly replaces?: string;
  /**
   * A server group that gives requests up: as many healthy instances as it has are enough too, but at least one. For an
   * undo, which must not leave requests with what is worse.
   */
  readonly relieves?: string;
}

export type RuleVerdict =
  | { readonly verdict: 'asWanted' | 'mayWrite' }
  /** Fields, other than weights, that are not as they were. */
  | { readonly verdict: 'changed'; readonly fields: readonly string[] }
  | { readonly verdict: 'foreignWeights'; readonly found: readonly TargetGroupWeight[] };

/** What a look at the rule means for the change. Pure and total. */
export function judgeRule(found: ListenerRule, change: RuleChange): RuleVerdict {
  const fields = ruleDifferences(change.captured, found);
  if (fields.length > 0) return { verdict: 'changed', fields };
  const now = weightsOf(found);
  if (isSameWeights(now, change.weights)) return { verdict: 'asWanted' };
  if (change.expected.some((weights) => isSameWeights(now, weights)))
    return { verdict: 'mayWrite' };
  return { verdict: 'foreignWeights', found: now };
}

/** The target groups whose share of the requests is larger after the change: they must be able to serve it. */
export function risingTargetGroups(
  before: readonly TargetGroupWeight[],
  after: readonly TargetGroupWeight[],
): readonly string[] {
  return after
    .map((one) => one.targetGroupArn)
    .filter((arn) => sharePercent(after, arn) > sharePercent(before, arn));
}

import type { ServingWeight } from '../execution/execution-event.js';
import { findForward, ruleName, targetGroupName, type ListenerRule } from './listener-rule.js';

/**
 * What the target groups have in the rules that divide requests among several: without it a fleet that is kept warm at weight
 * 0 looks as if it served. Rules with one target group say nothing and are left out. Pure.
 */
export function servingWeights(
  rules: readonly ListenerRule[],
  targetGroupArns: readonly string[],
): readonly ServingWeight[] {
  return rules.flatMap((rule) => {
    const tuples = findForward(rule)?.targetGroups ?? [];
    if (tuples.length < 2) return [];
    const total = tuples.reduce((sum, { weight }) => sum + weight, 0);
    return tuples
      .filter((tuple) => targetGroupArns.includes(tuple.targetGroupArn))
      .map(({ targetGroupArn, weight }) => ({
        rule: ruleName(rule.arn),
        targetGroup: targetGroupName(targetGroupArn),
        weight,
        percent: total === 0 ? 0 : Math.round((1_000 * weight) / total) / 10,
      }));
  });
}

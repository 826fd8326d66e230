import { isJsonObject, type Json, type JsonObject } from '../json.js';
import { findForward, type ListenerRule, type TargetGroupWeight } from './listener-rule.js';

/** Weights of two colours in percent add up to this. */
export const weightPercentMax = 100;

/** The weights that give `percent` of the requests to one target group and the rest to the other. */
export function weightsAtPercent(
  colours: { readonly from: string; readonly to: string },
  percent: number,
): readonly TargetGroupWeight[] {
  return [
    { targetGroupArn: colours.from, weight: weightPercentMax - percent },
    { targetGroupArn: colours.to, weight: percent },
  ];
}

/** Whether both name the same target groups with the same weights; their order means nothing to AWS. */
export function isSameWeights(
  one: readonly TargetGroupWeight[],
  other: readonly TargetGroupWeight[],
): boolean {
  const found = new Map(other.map(({ targetGroupArn, weight }) => [targetGroupArn, weight]));
  return (
    one.length === other.length &&
    one.every(({ targetGroupArn, weight }) => found.get(targetGroupArn) === weight)
  );
}

/** Of all the requests that reach the rule, the share of one target group in percent; 0 where all weights are 0. */
export function sharePercent(
  weights: readonly TargetGroupWeight[],
  targetGroupArn: string,
): number {
  const sum = weights.reduce((total, one) => total + one.weight, 0);
  const own = weights.find((one) => one.targetGroupArn === targetGroupArn)?.weight ?? 0;
  return sum === 0 ? 0 : (own / sum) * weightPercentMax;
}

/** The rule with other weights in its forward action and everything else as it is. */
export function withWeights(
  rule: ListenerRule,
  targetGroups: readonly TargetGroupWeight[],
): ListenerRule {
  const actions = rule.actions.map((action) =>
    action.kind === 'forward' ? { ...action, targetGroups } : action,
  );
  return { ...rule, actions };
}

/**
 * What differs between two looks at one rule but for its weights, field by field, as paths. The order of conditions and
 * of their values means nothing to AWS; that of actions does. Empty: only weights differ, or nothing.
 */
export function ruleDifferences(before: ListenerRule, now: ListenerRule): readonly string[] {
  return differences(comparable(before), comparable(now), '');
}

function comparable(rule: ListenerRule): JsonObject {
  const forward = findForward(rule);
  return {
    listenerArn: rule.listenerArn,
    priority: rule.priority,
    conditions: unordered([...rule.conditions]),
    transforms: [...rule.transforms],
    actions: rule.actions.map((action): JsonObject =>
      action.kind === 'other'
        ? { type: action.type, order: action.order, settings: action.settings }
        : { type: 'forward', order: action.order },
    ),
    stickiness: forward === undefined ? null : { ...forward.stickiness },
    unknownFields: [...rule.unknownFields],
  };
}

/** Every list below in an order of its own making, so that only the contents count. */
function unordered(value: Json): Json {
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => unordered(item));
    return items.toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unordered(item)]));
}

function sortKey(value: Json): string {
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(entries.map(([key, item]) => [key, sortKey(item)]));
}

function differences(before: Json, now: Json, path: string): readonly string[] {
  if (isJsonObject(before) && isJsonObject(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
    return keys.flatMap((key) => {
      const inner = path === '' ? key : `${path}.${key}`;
      return differences(before[key] ?? null, now[key] ?? null, inner);
    });
  }
  if (isList(before) && isList(now) && before.length === now.length) {
    return before.flatMap((item, index) =>
      differences(item, now[index] ?? null, `${path}[${index}]`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(now) ? [] : [path];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

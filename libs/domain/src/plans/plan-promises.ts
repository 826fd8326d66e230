import { requiredHealthy } from '../groups/capacity.js';
import type { Capacity, ServerGroupView } from '../groups/cluster.js';
import type { PlannedEnd, PlanPromise } from './plan-promise.js';
import { lastingCount } from './source-of.js';
import type { StrategyFacts } from './strategy-plan.js';

/** What becomes of the existing groups on success; what is not named stays as it is. */
export interface PlannedFate {
  readonly disabled: readonly ServerGroupView[];
  /** Whether the disabled ones are scaled to nothing afterwards. */
  readonly scaledDown?: boolean;
  readonly destroyed: readonly ServerGroupView[];
}

/**
 * The promise of a strategy that makes a new group beside the others: at every moment as much serves as served at the
 * start, or as the new group must have healthy where that is less; an undo leaves everything as it was.
 */
export function promiseOf(facts: StrategyFacts, fate: PlannedFate): PlanPromise {
  const { enabled, present, target } = facts;
  const servingNow = enabled.reduce((sum, group) => sum + lastingCount(group), 0);
  const healthyMin = requiredHealthy(target.capacity.desired, target.targetHealthyPercent);
  return {
    instancesServingMin: fate.disabled.length === 0 ? servingNow : Math.min(servingNow, healthyMin),
    succeeded: {
      serverGroups: [
        ...present.map((group) => fateOf(group, fate)),
        { serverGroup: target.serverGroup, state: 'enabled', capacity: target.capacity },
      ],
    },
    undone: {
      serverGroups: [...present.map((group) => undoneOf(group, fate)), undoneNew(facts)],
    },
  };
}

/** A failed group that is kept is as large as it was by then, and gone where a cancel has ended the deploy. */
function undoneNew({ stage, target }: StrategyFacts): PlannedEnd {
  const end = { serverGroup: target.serverGroup, capacity: null } as const;
  return stage.onFailure === 'keepDisabled'
    ? { ...end, state: 'disabled', mayBeGone: true }
    : { ...end, state: 'gone' };
}

function fateOf(group: ServerGroupView, fate: PlannedFate): PlannedEnd {
  const is = (groups: readonly ServerGroupView[]) => groups.some((one) => one.name === group.name);
  if (is(fate.destroyed)) return { serverGroup: group.name, state: 'gone', capacity: null };
  if (!is(fate.disabled)) return asItIs(group);
  const capacity = fate.scaledDown === true ? scaledDownCapacity(group) : group.capacity;
  return { serverGroup: group.name, state: 'disabled', capacity };
}

/** No instances; the maximum stays, so that a later rollback may grow it again. */
export function scaledDownCapacity({ capacity }: ServerGroupView): Capacity {
  return { min: 0, desired: 0, max: capacity.max };
}

function undoneOf(group: ServerGroupView, { destroyed }: PlannedFate): PlannedEnd {
  const isDestroyed = destroyed.some((one) => one.name === group.name);
  return isDestroyed ? { ...asItIs(group), mayBeGone: true } : asItIs(group);
}

/** An end that is as the beginning. */
export function asItIs({ name, enabled, capacity }: ServerGroupView): PlannedEnd {
  return { serverGroup: name, state: enabled ? 'enabled' : 'disabled', capacity };
}

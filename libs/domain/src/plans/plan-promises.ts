import { requiredHealthy } from '../capacity.js';
import type { Capacity, ServerGroupView } from '../cluster.js';
import type { PlannedEnd, PlanPromise } from './plan-promise.js';
import { inServiceCount } from './source-of.js';
import type { StrategyFacts } from './strategy-plan.js';

/** What becomes of the existing groups on success; what is not named stays as it is. */
export interface PlannedFate {
  readonly disabled: readonly ServerGroupView[];
  /** Of the disabled ones: their sizes afterwards, where they change. */
  readonly disabledCapacity?: Capacity;
  readonly destroyed: readonly ServerGroupView[];
}

/**
 * The promise of a strategy that makes a new group beside the others: at every moment as much serves as served at the
 * start, or as the new group must have healthy where that is less; an undo leaves everything as it was.
 */
export function promiseOf(facts: StrategyFacts, fate: PlannedFate): PlanPromise {
  const { enabled, present, target } = facts;
  const servingNow = enabled.reduce((sum, group) => sum + inServiceCount(group), 0);
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
      serverGroups: [
        ...present.map(asItIs),
        { serverGroup: target.serverGroup, state: 'gone', capacity: null },
      ],
    },
  };
}

function fateOf(group: ServerGroupView, fate: PlannedFate): PlannedEnd {
  const is = (groups: readonly ServerGroupView[]) => groups.some((one) => one.name === group.name);
  if (is(fate.destroyed)) return { serverGroup: group.name, state: 'gone', capacity: null };
  if (!is(fate.disabled)) return asItIs(group);
  const capacity = fate.disabledCapacity ?? group.capacity;
  return { serverGroup: group.name, state: 'disabled', capacity };
}

/** An end that is as the beginning. */
export function asItIs({ name, enabled, capacity }: ServerGroupView): PlannedEnd {
  return { serverGroup: name, state: enabled ? 'enabled' : 'disabled', capacity };
}

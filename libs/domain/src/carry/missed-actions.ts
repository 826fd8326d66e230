import type { Capacity } from '../groups/cluster.js';
import type { ScheduledAction } from './source-carried-over.js';

/** Those that were due by now, in the order in which they were. Pure. */
export function missedActions(
  actions: readonly ScheduledAction[],
  now: string,
): readonly ScheduledAction[] {
  return actions
    .filter(({ startAt }) => startAt !== null && Date.parse(startAt) <= Date.parse(now))
    .toSorted((one, other) => Date.parse(one.startAt ?? '') - Date.parse(other.startAt ?? ''));
}

/**
 * The sizes as the missed actions make them, as far as they make the group larger: who schedules more capacity for an hour
 * needs it in that hour. One that makes it smaller costs money only, and is left to people. Pure.
 */
export function grownByMissed(capacity: Capacity, missed: readonly ScheduledAction[]): Capacity {
  return missed.reduce((now, action) => {
    const min = Math.max(now.min, action.min ?? 0);
    const desired = Math.max(now.desired, action.desired ?? 0, min);
    return { min, desired, max: Math.max(now.max, action.max ?? 0, desired) };
  }, capacity);
}

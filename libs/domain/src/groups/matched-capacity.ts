import type { Capacity, ServerGroupView } from './cluster.js';
import { inServiceCount } from '../plans/source-of.js';

/**
 * The sizes with which a group covers what the others have by now, or null where it does already: desired and minimum at
 * the larger of what it has and what they want or have in service, the maximum with them. Their scaling may have gone on
 * since the plan was made (DESIGN promise 2). Pure; it never makes a group smaller.
 */
export function matchedCapacity(
  capacity: Capacity,
  others: readonly ServerGroupView[],
): Capacity | null {
  const wanted = others.reduce(
    (sum, group) => sum + Math.max(group.capacity.desired, inServiceCount(group)),
    0,
  );
  if (capacity.desired >= wanted) return null;
  return { min: wanted, desired: wanted, max: Math.max(capacity.max, wanted) };
}

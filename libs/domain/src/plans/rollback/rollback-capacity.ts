import type { Capacity, ServerGroupRestoreState } from '../../groups/cluster.js';
import type { RollbackPair } from './rollback-target.js';
import { inServiceCount } from '../source-of.js';

/**
 * The sizes with which a group comes back: as many instances as the largest of what it has, what it had when it was taken
 * out of traffic, and what serves in its place now (wanted or in service). The minimum and maximum are those recorded, else
 * its own, else (it was scaled to nothing) those of what serves. Pure; 0 only where all of these are.
 */
export function rolledBackCapacity(
  { target, others, serving }: RollbackPair,
  recorded: ServerGroupRestoreState | null,
): Capacity {
  const servingNow = others.reduce(
    (sum, group) => sum + Math.max(group.capacity.desired, inServiceCount(group)),
    0,
  );
  const desired = Math.max(
    servingNow,
    target.capacity.desired,
    inServiceCount(target),
    recorded?.capacity.desired ?? 0,
    recorded?.instancesInService ?? 0,
  );
  const scaledToNothing = target.capacity.max === 0 || target.capacity.desired === 0;
  const own = scaledToNothing && serving !== null ? serving.capacity : target.capacity;
  const { min, max } = recorded?.capacity ?? own;
  return { min: Math.min(min, desired), desired, max: Math.max(max, target.capacity.max, desired) };
}

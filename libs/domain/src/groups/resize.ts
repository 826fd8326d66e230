import type { Capacity } from './cluster.js';
import type { ServerGroupSelection } from './server-group-target.js';

/** How a resizeServerGroup stage changes the sizes (Spinnaker's scale_exact, scale_up, scale_down, scale_to_server_group). */
export type Resize =
  | {
      readonly action: 'exact';
      /** What is not given stays. */
      readonly min?: number;
      readonly desired?: number;
      readonly max?: number;
    }
  | { readonly action: 'scaleUp' | 'scaleDown'; readonly percent: number }
  | { readonly action: 'scaleUp' | 'scaleDown'; readonly instances: number }
  | { readonly action: 'match'; readonly serverGroup: ServerGroupSelection };

/**
 * The sizes that a resize comes to. Scaling by a percentage rounds the change up, so that it always changes something;
 * scaling down ends at 0. The minimum and the maximum move only as far as the desired size needs. `match` takes all three
 * of the other group. Null where the sizes that were given contradict those that stay (min <= desired <= max). Pure.
 */
export function resizedCapacity(
  now: Capacity,
  resize: Resize,
  other: Capacity | null,
): Capacity | null {
  const wanted = wantedCapacity(now, resize, other);
  if (wanted === null || wanted.min > wanted.desired || wanted.desired > wanted.max) return null;
  return wanted;
}

function wantedCapacity(now: Capacity, resize: Resize, other: Capacity | null): Capacity | null {
  switch (resize.action) {
    case 'exact': {
      const { min = now.min, desired = now.desired, max = now.max } = resize;
      return { min, desired, max };
    }
    case 'match':
      return other;
    case 'scaleUp':
    case 'scaleDown': {
      const change =
        'percent' in resize ? Math.ceil((now.desired * resize.percent) / 100) : resize.instances;
      const sign = resize.action === 'scaleUp' ? 1 : -1;
      const desired = Math.max(0, now.desired + sign * change);
      return { min: Math.min(now.min, desired), desired, max: Math.max(now.max, desired) };
    }
  }
}

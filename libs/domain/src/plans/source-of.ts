import type { ClusterView, ServerGroupView } from '../groups/cluster.js';
import { isUp } from '../groups/health.js';

/**
 * The group whose settings a deploy inherits: the newest enabled one with instances in service (a half-made one that was
 * left enabled serves nothing), else the newest enabled one, else the newest; none that is being deleted.
 */
export function sourceOf(cluster: ClusterView): ServerGroupView | null {
  const present = cluster.serverGroups.filter((group) => !group.deleting);
  const enabled = present.filter((group) => group.enabled);
  return (
    enabled.findLast((group) => inServiceCount(group) > 0) ??
    enabled.at(-1) ??
    present.at(-1) ??
    null
  );
}

/** Instances that Auto Scaling has in service, whatever their health. */
export function inServiceCount(group: ServerGroupView): number {
  return group.instances.filter((instance) => instance.lifecycleState === 'InService').length;
}

/**
 * Instances of it that go on serving by themselves: what is in service beyond the desired size is an instance refresh's, or
 * on its way out, and goes whatever a deploy does. To be promised, and to be waited for.
 */
export function lastingCount(group: ServerGroupView): number {
  return Math.min(inServiceCount(group), group.capacity.desired);
}

/** The same of those that are healthy. */
export function lastingUpCount(group: ServerGroupView): number {
  const healthy = group.instances.filter((instance) => isUp(instance, group)).length;
  return Math.min(healthy, group.capacity.desired);
}

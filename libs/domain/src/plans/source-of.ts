import type { ClusterView, ServerGroupView } from '../groups/cluster.js';

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

import type { AwsWriteActivities } from '@gennaker/contract/wire';
import {
  isUp,
  type InstanceView,
  type ServerGroupView,
  type ServingServerGroup,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { reading } from '../call-options.js';
import { readClusterView } from '../observe/cluster-view.js';

/** What serves traffic now: every group of the cluster that is enabled or has healthy instances (DESIGN D16). */
export function createReadServing({
  aws,
  clock,
}: AwsActivityDependencies): AwsWriteActivities['readServing'] {
  return async ({ cluster, priority }) => {
    const view = await readClusterView(aws.region(cluster.account, cluster.region), cluster, {
      ...reading(priority),
      withHealth: true,
      clock,
    });
    const serverGroups = view.serverGroups
      .filter((group) => !group.deleting)
      .map(servingOf)
      .filter((group) => group.enabled || group.healthy > 0);
    return { observedAt: view.observedAt, serverGroups };
  };
}

function servingOf(group: ServerGroupView): ServingServerGroup {
  const up = group.instances.filter((instance) => isUp(instance, group));
  return {
    serverGroup: group.name,
    enabled: group.enabled,
    healthy: up.length,
    wanted: group.capacity.desired,
    healthyByZone: countByZone(up),
  };
}

function countByZone(instances: readonly InstanceView[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { zone } of instances) counts[zone] = (counts[zone] ?? 0) + 1;
  return counts;
}

import type { AwsWriteActivities } from '@gennaker/contract/wire';
import type { AwsRegion, CallOptions } from '@gennaker/aws';
import {
  isUp,
  servingWeights,
  type InstanceView,
  type ListenerRule,
  type ServerGroupView,
  type ServingServerGroup,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';
import { readClusterView } from '../../observe/cluster-view.js';
import { readForwarding } from '../../observe/forwarding-rules.js';

/**
 * What serves traffic now: every group of the cluster that is enabled or has healthy instances, with its weights in the rules
 * that divide requests (DESIGN D16). Where the rules cannot be read, `weights` is null and the rest is told all the same.
 */
export function createReadServing({
  aws,
  clock,
}: AwsActivityDependencies): AwsWriteActivities['readServing'] {
  return async ({ cluster, priority }) => {
    const region = aws.region(cluster.account, cluster.region);
    const options = reading(priority);
    const view = await readClusterView(region, cluster, { ...options, withHealth: true, clock });
    const present = view.serverGroups.filter((group) => !group.deleting);
    const rules = await rulesBefore(region, present, options);
    const serverGroups = present
      .map((group) => servingOf(group, rules))
      .filter((group) => group.enabled || group.healthy > 0);
    return { observedAt: view.observedAt, serverGroups };
  };
}

/** Null when AWS does not tell: who asks what serves is not left without an answer for that. */
async function rulesBefore(
  region: AwsRegion,
  groups: readonly ServerGroupView[],
  options: CallOptions,
): Promise<readonly ListenerRule[] | null> {
  const arns = [...new Set(groups.flatMap((group) => group.targetGroupArns))];
  if (arns.length === 0) return [];
  try {
    return (await readForwarding(region, { arns }, options)).rules;
  } catch {
    options.signal?.throwIfAborted();
    return null;
  }
}

function servingOf(
  group: ServerGroupView,
  rules: readonly ListenerRule[] | null,
): ServingServerGroup {
  const up = group.instances.filter((instance) => isUp(instance, group));
  const weights = rules === null ? null : servingWeights(rules, group.targetGroupArns);
  return {
    serverGroup: group.name,
    enabled: group.enabled,
    healthy: up.length,
    wanted: group.capacity.desired,
    healthyByZone: countByZone(up),
    ...((weights === null || weights.length > 0) && { weights }),
  };
}

function countByZone(instances: readonly InstanceView[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { zone } of instances) counts[zone] = (counts[zone] ?? 0) + 1;
  return counts;
}

import type { AwsRegion, ServerGroupReadOptions } from '@gennaker/aws';
import type { ClusterRef, ClusterView } from '@gennaker/domain';
import type { Clock } from '@gennaker/platform';

/** A cluster as AWS has it now, with AWS's own time. */
export async function readClusterView(
  region: AwsRegion,
  cluster: ClusterRef,
  options: ServerGroupReadOptions & { readonly clock: Clock },
): Promise<ClusterView> {
  const groups = await region.listCluster(cluster.cluster, options);
  return {
    ...cluster,
    observedAt: observedAt(region, options.clock),
    serverGroups: groups.map((group) => group.view),
  };
}

/** AWS's time of the last reply; ours only before the first one. */
export function observedAt(region: AwsRegion, clock: Clock): string {
  return (region.awsNow() ?? clock.now()).toISOString();
}

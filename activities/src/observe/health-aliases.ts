import type { AwsRegion, CallOptions } from '@gennaker/aws';
import type { Checked, HealthAliases, ServerGroupView } from '@gennaker/domain';
import { isAdvised, readOrReason } from './advice.js';

/**
 * Route 53 records that judge these load balancers by their target groups, or why they could not be read; nothing where it is
 * not looked at: in a run of a cluster of at most 100 instances, and where no load balancer has a DNS name. Never fails.
 */
export async function readHealthAliases(
  region: AwsRegion,
  of: {
    readonly loadBalancers: readonly { readonly dnsName: string | null }[];
    /** Those of the cluster's largest server group. */
    readonly instances: number;
  },
  options: CallOptions,
): Promise<{ readonly aliases?: Checked<HealthAliases> }> {
  const names = of.loadBalancers.flatMap(({ dnsName }) => dnsName ?? []);
  if (names.length === 0 || !isAdvised(of.instances, options)) return {};
  const read = () => region.findHealthAliases(names, options);
  return { aliases: await readOrReason(options, read) };
}

/** Desired instances of the largest. */
export function largestSize(groups: readonly ServerGroupView[]): number {
  return Math.max(0, ...groups.map(({ capacity }) => capacity.desired));
}

import type { AwsRegion, CallOptions } from '@gennaker/aws';
import { GennakerError } from '@gennaker/domain';
import { look } from '../../observe/look.js';

/**
 * Those of the target groups that no listener uses. What a group in service tells by its targets' states (the shared
 * reader's look) is not asked for again; for the rest DescribeTargetGroups. Throws INVALID_REQUEST for one that is gone.
 */
export async function unusedTargetGroups(
  region: AwsRegion,
  query: { readonly arns: readonly string[]; readonly user?: string },
  options: CallOptions,
): Promise<readonly string[]> {
  const used = await knownAsUsed(region, query, options);
  const unknown = query.arns.filter((arn) => !used.has(arn));
  if (unknown.length === 0) return [];
  try {
    const groups = await region.describeTargetGroups({ arns: unknown }, options);
    return groups.filter((group) => !group.usedByListener).map((group) => group.arn);
  } catch (error) {
    if (!(error instanceof GennakerError) || error.code !== 'AWS_NOT_FOUND') throw error;
    throw new GennakerError(
      'INVALID_REQUEST',
      `One of the target groups ${unknown.join(', ')} does not exist. Detach it from the source server group, or ` +
        'correct the stage.',
      { details: { targetGroupArns: unknown }, cause: error },
    );
  }
}

/** A target in any other state than `unused` proves that a listener uses its target group. */
async function knownAsUsed(
  region: AwsRegion,
  { arns, user }: { readonly arns: readonly string[]; readonly user?: string },
  { priority, signal }: CallOptions,
): Promise<ReadonlySet<string>> {
  if (user === undefined || arns.length === 0 || signal === undefined) return new Set();
  const group = await look({ region, serverGroup: user, priority, signal }, { withHealth: true });
  const targets = (group?.instances ?? []).flatMap((instance) => instance.targetHealth);
  return new Set(
    targets.filter(({ state }) => state !== 'unused').map((one) => one.targetGroupArn),
  );
}

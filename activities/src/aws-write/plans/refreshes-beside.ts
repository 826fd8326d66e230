import type { AwsRegion, CallOptions } from '@gennaker/aws';
import {
  isActiveRefresh,
  mayBeRefreshed,
  type RefreshBeside,
  type ServerGroupView,
} from '@gennaker/domain';

/** The active one is the newest: AWS allows one at a time. */
const refreshesMax = 1;

/**
 * The instance refreshes that are active on those groups that look as if one were; of a group at rest nothing is read.
 * Changes nothing (DescribeInstanceRefreshes).
 */
export async function readRefreshesBeside(
  region: AwsRegion,
  groups: readonly ServerGroupView[],
  options: CallOptions,
): Promise<{ readonly refreshesBeside?: readonly RefreshBeside[] }> {
  const found = await Promise.all(
    groups
      .filter((group) => !group.deleting && mayBeRefreshed(group))
      .map(async ({ name: serverGroup }) => {
        const newest = await region.describeInstanceRefreshes(
          { serverGroup, refreshesMax },
          options,
        );
        return newest.filter(isActiveRefresh).map((refresh) => ({ serverGroup, refresh }));
      }),
  );
  const refreshesBeside = found.flat();
  return refreshesBeside.length === 0 ? {} : { refreshesBeside };
}

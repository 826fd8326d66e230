import type { PlanDeployInput } from '@gennaker/contract/wire';
import {
  GennakerError,
  isSameVersion,
  versionKey,
  type ClusterView,
  type DeployFacts,
  type ServerGroupView,
} from '@gennaker/domain';

/**
 * Throws CLUSTER_MOVED_ON when someone has deployed to the cluster since: a newer execution (ids sort by time), or on a
 * retry any group that the last attempt did not know. The one that the retry accepted by name is let pass, and with it all
 * older ones; groups on their way out and our own execution's do not count.
 */
export function assertNotMovedOn(cluster: ClusterView, input: PlanDeployInput): void {
  const { executionId } = input.context;
  const accepted = cluster.serverGroups.findIndex(
    (group) => group.name === input.acceptedServerGroup,
  );
  const moved = cluster.serverGroups.findLast(
    (group, index) =>
      !group.deleting &&
      index > accepted &&
      group.owner?.executionId !== executionId &&
      isNewer(group, input),
  );
  if (moved === undefined) return;
  const maker =
    moved.owner === null ? 'someone outside of Gennaker' : `execution ${moved.owner.executionId}`;
  throw new GennakerError(
    'CLUSTER_MOVED_ON',
    `Nothing was changed: ${moved.name} was made by ${maker} at ${moved.createdAt}, after this deploy began. ` +
      'Deploy anew, or retry the stage and accept that server group by name.',
    { details: { serverGroup: moved.name, maker, createdAt: moved.createdAt } },
  );
}

function isNewer(group: ServerGroupView, { context, knownServerGroups }: PlanDeployInput): boolean {
  if (knownServerGroups !== null) return !knownServerGroups.includes(group.name);
  return group.owner !== null && group.owner.executionId > context.executionId;
}

/**
 * The same for a deploy in place, which makes no group that could tell: throws CLUSTER_MOVED_ON when the group launches from
 * a version that a newer execution made, or on a retry from another one than the last attempt found, unless its maker is
 * this execution, or the retry has accepted the group by name.
 */
export function assertLaunchNotMovedOn(
  { serverGroup, refresh }: Pick<DeployFacts, 'serverGroup' | 'refresh'>,
  { context, acceptedServerGroup, knownLaunchTemplate = null }: PlanDeployInput,
): void {
  if (refresh === undefined || acceptedServerGroup === serverGroup) return;
  const { launch } = refresh;
  const { madeBy } = launch;
  if (madeBy?.executionId === context.executionId) return;
  const newerMaker = madeBy !== null && madeBy.executionId > context.executionId;
  const hasMoved =
    knownLaunchTemplate === null ? newerMaker : !isSameVersion(launch, knownLaunchTemplate);
  if (!hasMoved) return;
  const maker = madeBy === null ? 'someone outside of Gennaker' : `execution ${madeBy.executionId}`;
  throw new GennakerError(
    'CLUSTER_MOVED_ON',
    `Nothing was changed: ${serverGroup} launches from ${versionKey(launch)}, made by ${maker} after this deploy began. ` +
      'Deploy anew, or retry the stage and accept that server group by name.',
    { details: { serverGroup, maker, launchTemplate: versionKey(launch) } },
  );
}

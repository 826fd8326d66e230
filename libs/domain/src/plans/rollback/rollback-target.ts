import type { ClusterView, ServerGroupView } from '../../groups/cluster.js';
import { GennakerError } from '../../errors.js';
import type { RollbackClusterStage } from '../../pipeline/pipeline.js';
import type { RecordedDeploy } from './rollback-facts.js';
import { inServiceCount, sourceOf } from '../source-of.js';

/** Who changes places in a rollback. */
export interface RollbackPair {
  /** The server group that comes back. */
  readonly target: ServerGroupView;
  /** What serves in its place and will be taken out of traffic, oldest first. */
  readonly others: readonly ServerGroupView[];
  /** The newest of those with instances in service; null where nothing else takes traffic. */
  readonly serving: ServerGroupView | null;
}

/**
 * Who comes back: the one that is named, else the source that the last successful deploy has recorded, never one chosen by
 * age. Pure. Throws SERVER_GROUP_NOT_FOUND (nothing is recorded; destroyed or going) naming what else could come back;
 * CLUSTER_MOVED_ON when something else serves than was expected, or than that deploy has made; PRECONDITION_FAILED when it
 * serves already and nothing else does.
 */
export function rollbackTarget(
  stage: RollbackClusterStage,
  cluster: ClusterView,
  lastDeploy: RecordedDeploy | null,
): RollbackPair {
  const named = stage.toServerGroup;
  const serverGroup = named ?? recordedSource(stage, cluster, lastDeploy);
  const pair = pairOf(cluster, serverGroup);
  refuseUnexpected(stage, pair);
  if (named === undefined) refuseOtherDeploy(stage, pair, lastDeploy);
  refuseServing(pair, cluster);
  return pair;
}

function recordedSource(
  stage: RollbackClusterStage,
  cluster: ClusterView,
  lastDeploy: RecordedDeploy | null,
): string {
  const source = lastDeploy?.plan.source ?? null;
  if (source !== null) return source.serverGroup;
  const why =
    lastDeploy === null
      ? `No successful deploy of ${stage.cluster} is recorded`
      : `The last successful deploy of ${stage.cluster} (execution ${lastDeploy.executionId}) made its first server group`;
  const others = candidates(cluster);
  throw new GennakerError(
    'SERVER_GROUP_NOT_FOUND',
    `${why}, so that nothing says what to roll back to: name it as toServerGroup. ${choice(others)}`,
    { details: { cluster: stage.cluster, candidates: others } },
  );
}

function pairOf(cluster: ClusterView, name: string): RollbackPair {
  const target = cluster.serverGroups.find((group) => group.name === name);
  if (target === undefined || target.deleting) throw notThere(cluster, name, target);
  const others = cluster.serverGroups.filter(
    (group) => group.enabled && !group.deleting && group.name !== name,
  );
  const serving = sourceOf({ ...cluster, serverGroups: others });
  return { target, others, serving };
}

function notThere(
  cluster: ClusterView,
  serverGroup: string,
  going: ServerGroupView | undefined,
): GennakerError {
  const others = candidates(cluster);
  const how = going === undefined ? 'is not there: it was destroyed' : 'is being deleted';
  return new GennakerError(
    'SERVER_GROUP_NOT_FOUND',
    `${cluster.cluster} cannot be rolled back to ${serverGroup}, which ${how}. ${choice(others)}`,
    { details: { serverGroup, candidates: others } },
  );
}

function refuseUnexpected(stage: RollbackClusterStage, pair: RollbackPair): void {
  const { expectedServing } = stage;
  const { serving } = pair;
  if (expectedServing === undefined || serving?.name === expectedServing) return;
  const now = [pair.target, ...pair.others].filter(isServing).map((group) => group.name);
  throw new GennakerError(
    'CLUSTER_MOVED_ON',
    `Nothing was changed: ${expectedServing} was expected to serve in ${stage.cluster}, and ` +
      `${now.length === 0 ? 'nothing serves' : `${now.join(', ')} ${now.length === 1 ? 'serves' : 'serve'}`} now. ` +
      'Look at the cluster, then ask again with what serves.',
    { details: { expectedServing, serving: now } },
  );
}

/** What the last deploy replaced says nothing about a group that came into traffic after it. */
function refuseOtherDeploy(
  stage: RollbackClusterStage,
  { target, serving }: RollbackPair,
  lastDeploy: RecordedDeploy | null,
): void {
  const made = lastDeploy?.plan.target.serverGroup;
  if (serving === null || serving.name === made) return;
  throw new GennakerError(
    'CLUSTER_MOVED_ON',
    `Nothing was changed: the last successful deploy of ${stage.cluster} (execution ${lastDeploy?.executionId}) replaced ` +
      `${target.name} by ${made}, and ${serving.name} serves now. Name what to roll back to as toServerGroup.`,
    { details: { serving: serving.name, deployed: made ?? null, recorded: target.name } },
  );
}

function refuseServing({ target, others }: RollbackPair, cluster: ClusterView): void {
  if (others.length > 0 || !isServing(target)) return;
  const else_ = candidates(cluster).filter((name) => name !== target.name);
  throw new GennakerError(
    'PRECONDITION_FAILED',
    `${target.name} serves already, and nothing else of ${cluster.cluster} does. ${choice(else_)}`,
    { details: { serving: [target.name], candidates: else_ } },
  );
}

/** What is there and does not serve, newest first. */
function candidates(cluster: ClusterView): readonly string[] {
  return cluster.serverGroups
    .filter((group) => !group.deleting && !isServing(group))
    .map((group) => group.name)
    .toReversed();
}

function choice(names: readonly string[]): string {
  return names.length === 0
    ? 'No other server group is there to roll back to.'
    : `There to roll back to: ${names.join(', ')}.`;
}

function isServing(group: ServerGroupView): boolean {
  return group.enabled && inServiceCount(group) > 0;
}

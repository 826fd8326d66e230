import type { AwsRegion, CallOptions, ServerGroupDetails } from '@gennaker/aws';
import {
  GennakerError,
  planRollback,
  rollbackTarget,
  rollingToReverse,
  type AddedInstances,
  type ClusterRef,
  type ClusterView,
  type DeployPlan,
  type RecordedDeploy,
  type RollbackClusterStage,
  type RollbackFacts,
  type ServerGroupView,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { observedAt } from '../../observe/cluster-view.js';
import { settingsOf, withSourceImage } from './deploy-facts.js';
import type { LaunchSources, ResolvedLaunch } from './launch-source.js';
import { addedBy, checkLimits } from './limits.js';
import { readInPlacePlan } from './rollback-in-place.js';
import { readRefreshesBeside } from './refreshes-beside.js';
import { unusedTargetGroups } from './unused-target-groups.js';
import { readWeightFacts } from './weight-facts.js';

/** A rollback to plan, and where launch data are remembered. */
export interface RollbackToPlan {
  readonly stage: RollbackClusterStage;
  readonly launchSources: LaunchSources;
}

/**
 * Plans a rollback from what AWS has now and from what executions have recorded; the preview and the stage plan by this one
 * function. Changes nothing. Throws SERVER_GROUP_NOT_FOUND, CLUSTER_MOVED_ON, PRECONDITION_FAILED, INVALID_REQUEST.
 */
export async function readRollbackPlan(
  { aws, clock, history }: AwsActivityDependencies,
  { stage, launchSources }: RollbackToPlan,
  options: CallOptions,
): Promise<DeployPlan> {
  const { account, region: regionName, cluster } = stage;
  const ref: ClusterRef = { account, region: regionName, cluster };
  const region = aws.region(account, regionName);
  const [groups, lastDeploy] = await Promise.all([
    region.listCluster(cluster, { ...options, withHealth: true }),
    history.findLastDeploy(ref),
  ]);
  const serverGroups = groups.map((group) => group.view);
  const view: ClusterView = { ...ref, observedAt: observedAt(region, clock), serverGroups };
  const reversed = rollingToReverse(stage, view, lastDeploy ?? null);
  if (reversed !== null) {
    const plan = await readInPlacePlan({ region, view, groups }, { stage, reversed }, options);
    const check = { plan, change: addedBy(plan, stage), groups, launchSources };
    return await checkLimits(region, check, options);
  }
  const { target, serving } = rollbackTarget(stage, view, lastDeploy ?? null);
  const readAt = clock.now().toISOString();
  const targetGroupArns = targetGroupsOf(target, serving);
  const switched = { stage, groups, lastDeploy, readAt, targetGroupArns };
  const weights = await weightsOf(region, switched, options);
  const detailsOf = (name: string | undefined) => groups.find((group) => group.view.name === name);
  const details = detailsOf(target.name);
  if (details === undefined) throw new Error(`the listing has no ${target.name}`);
  const query = { arns: details.settings.targetGroupArns, user: target.name };
  const moved = [target, ...(serving === null ? [] : [serving])];
  const [launch, servingLaunch, unusedTargetGroupArns, recorded, beside] = await Promise.all([
    launchOf(region, { details, launchSources }, options),
    launchOf(region, { details: detailsOf(serving?.name), launchSources }, options),
    unusedTargetGroups(region, query, options),
    history.findRecordedState(ref, target.name),
    readRefreshesBeside(region, moved, options),
  ]);
  if (launch === null) throw cannotLaunch(details);
  const pictured = withSourceImage(
    view,
    serving?.name ?? '',
    servingLaunch?.summary.imageId ?? null,
  );
  const plan = planRollback(
    {
      stage,
      cluster: pictured,
      serverGroup: target.name,
      settings: settingsOf(details, launch.planned),
      imageId: launch.summary.imageId ?? 'unknown',
      recorded: recorded ?? null,
      unusedTargetGroupArns,
      ...beside,
      ...weights,
    },
    rollbackTarget(stage, pictured, lastDeploy ?? null),
  );
  const check = { plan, change: addedByRollback(plan, target, stage), groups, launchSources };
  return checkLimits(region, check, options);
}

function targetGroupsOf(target: ServerGroupView, serving: ServerGroupView | null) {
  return [...new Set([...(serving?.targetGroupArns ?? []), ...target.targetGroupArns])];
}

/**
 * Only where the rules are known, by the stage or by the last deploy, and the two groups are behind two target groups: else
 * nothing is read, and registration is what moves requests.
 */
async function weightsOf(
  region: AwsRegion,
  switched: {
    readonly stage: RollbackClusterStage;
    readonly groups: readonly ServerGroupDetails[];
    readonly lastDeploy: RecordedDeploy | undefined;
    readonly readAt: string;
    readonly targetGroupArns: readonly string[];
  },
  options: CallOptions,
): Promise<Pick<RollbackFacts, 'weights'>> {
  const { stage, groups, lastDeploy, readAt, targetGroupArns } = switched;
  const known = lastDeploy?.plan.weights?.rules.map((rule) => rule.ruleArn);
  const ruleArns = stage.ruleArns ?? known;
  if (ruleArns === undefined || targetGroupArns.length !== 2) return {};
  const weighted = { ruleArns, targetGroupArns };
  return { weights: await readWeightFacts(region, { weighted, groups, readAt }, options) };
}

/** What runs already needs no address, but a warm fleet is in no target group. */
function addedByRollback(
  { target: { capacity } }: DeployPlan,
  { enabled, instances }: ServerGroupView,
  { zoneFloorPercent }: RollbackClusterStage,
): AddedInstances {
  const added = capacity.desired - instances.length;
  const targetsAdded = enabled ? added : capacity.desired;
  return { added, targetsAdded, ...(zoneFloorPercent !== undefined && { zoneFloorPercent }) };
}

/** Null where what the group launches from is gone, or is none of its own. */
async function launchOf(
  region: AwsRegion,
  {
    details,
    launchSources,
  }: { details: ServerGroupDetails | undefined; launchSources: LaunchSources },
  options: CallOptions,
): Promise<ResolvedLaunch | null> {
  if (details === undefined) return null;
  const source = { serverGroup: details.view.name, launch: details.settings.launch };
  try {
    return await launchSources.resolve(region, source, options);
  } catch (error) {
    const isGone =
      error instanceof GennakerError && ['AWS_NOT_FOUND', 'INVALID_REQUEST'].includes(error.code);
    if (isGone) return null;
    throw error;
  }
}

/** What cannot launch cannot replace an instance that fails: it would serve on borrowed time. */
function cannotLaunch({ view }: ServerGroupDetails): GennakerError {
  return new GennakerError(
    'INVALID_REQUEST',
    `${view.name} cannot come back: what it launches instances from is gone, so that it could neither grow nor replace one. ` +
      'Give it a launch template first.',
    { details: { serverGroup: view.name } },
  );
}

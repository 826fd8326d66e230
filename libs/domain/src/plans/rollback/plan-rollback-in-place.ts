import type {
  ClusterView,
  LaunchTemplateVersionRef,
  ServerGroupView,
} from '../../groups/cluster.js';
import { GennakerError } from '../../errors.js';
import { isSameVersion, versionKey } from '../../refreshes/instance-refresh.js';
import type {
  DeployStage,
  RollbackClusterStage,
  RollingStrategy,
} from '../../pipeline/pipeline.js';
import type { RefreshFacts, SourceSettings } from '../deploy-facts.js';
import type { DeployPlan } from '../deploy-plan.js';
import type { PlannedServerGroup } from '../planned-server-group.js';
import { planRolling } from '../rolling/plan-rolling.js';
import { keptSettings } from '../planned-target.js';
import type { RecordedDeploy } from './rollback-facts.js';

/** Half of the fleet at a time beside what serves: the way back is in a hurry, and never has less in service. */
const rollbackMaxHealthyPercent = 150;

/** A rolling deploy that is to be taken back. */
export interface RollingToReverse {
  readonly deploy: RecordedDeploy;
  /** The one server group, which serves. */
  readonly group: ServerGroupView;
  /** What its instances are to launch from again. */
  readonly version: LaunchTemplateVersionRef;
}

/**
 * Whether a rollback takes back a rolling deploy, in place: the last deploy was one, its server group is asked for (or none is
 * named), and it alone serves. Null: it is a switch between server groups. Pure. Throws CLUSTER_MOVED_ON when another one was
 * expected to serve.
 */
export function rollingToReverse(
  { toServerGroup, expectedServing, cluster: name }: RollbackClusterStage,
  cluster: ClusterView,
  deploy: RecordedDeploy | null,
): RollingToReverse | null {
  if (deploy === null || deploy.plan.strategy !== 'rolling') return null;
  const { target } = deploy.plan;
  const version = deploy.launch ?? target.launchTemplate.clonedFrom;
  if (version === null || (toServerGroup ?? target.serverGroup) !== target.serverGroup) return null;
  const enabled = cluster.serverGroups.filter((one) => one.enabled && !one.deleting);
  const [group] = enabled;
  if (group === undefined || enabled.length > 1 || group.name !== target.serverGroup) return null;
  if (expectedServing === undefined || expectedServing === group.name) {
    const { launchTemplateId, version: number } = version;
    return { deploy, group, version: { launchTemplateId, version: number } };
  }
  throw new GennakerError(
    'CLUSTER_MOVED_ON',
    `Nothing was changed: ${expectedServing} was expected to serve in ${name}, and ${group.name} serves now. ` +
      'Look at the cluster, then ask again with what serves.',
    { details: { expectedServing, serving: [group.name] } },
  );
}

/** Everything that a rollback in place is planned from, read just before. */
export interface InPlaceFacts {
  readonly stage: RollbackClusterStage;
  /** The cluster as AWS has it now. */
  readonly cluster: ClusterView;
  readonly reversed: RollingToReverse;
  /** Settings of the group. */
  readonly settings: SourceSettings;
  readonly refresh: RefreshFacts;
  /** Of the recorded version. */
  readonly imageId: string;
}

/**
 * The plan of a rollback after a rolling deploy, pure: the instances are replaced once more, to a copy of the version that the
 * deploy has recorded (a version of its own is how a refresh is known as ours), faster than forward. Its undo brings back
 * what the deploy had made. Throws CLUSTER_MOVED_ON where the group launches from something else than the deploy has made,
 * INVALID_REQUEST where its instances cannot be replaced in place.
 */
export function planRollbackInPlace(facts: InPlaceFacts): DeployPlan {
  const { stage, cluster, reversed, refresh } = facts;
  const { group, version } = reversed;
  refuseOtherLaunch(facts);
  const strategy = strategyOf(reversed.deploy.plan);
  const source = cluster.serverGroups.find((one) => one.name === group.name) ?? group;
  const target = targetOf(facts, source);
  const present = cluster.serverGroups.filter((one) => !one.deleting && one.name !== group.name);
  const ref = { account: stage.account, region: stage.region, cluster: stage.cluster };
  const {
    steps,
    disables,
    promise,
    warnings = [],
  } = planRolling(
    {
      stage: deployStageOf(stage, { imageId: facts.imageId, strategy }),
      cluster: ref,
      target,
      source,
      enabled: [source],
      present,
      refresh,
    },
    strategy,
    version.version,
  );
  return {
    planVersion: 2,
    strategy: 'rollback',
    cluster: ref,
    source: { serverGroup: source.name, arn: source.arn, imageId: source.imageId },
    target,
    disables,
    observedServerGroups: cluster.serverGroups.map(({ name }) => name),
    steps,
    promise,
    warnings,
  };
}

/** What the deploy has made is what is taken back; anything else that is launched by now is somebody's later change. */
function refuseOtherLaunch({ stage, reversed, refresh }: InPlaceFacts): void {
  const { deploy, group, version } = reversed;
  const { launch } = refresh;
  if (launch.madeBy?.executionId === deploy.executionId && !isSameVersion(launch, version)) return;
  throw new GennakerError(
    'CLUSTER_MOVED_ON',
    `Nothing was changed: the last successful deploy of ${stage.cluster} (execution ${deploy.executionId}) replaced the ` +
      `instances of ${group.name} in place, and the group launches from ${versionKey(launch)} now, which that deploy has not ` +
      'made. Deploy what should serve.',
    { details: { serverGroup: group.name, launchesFrom: versionKey(launch) } },
  );
}

function strategyOf({ steps }: DeployPlan): RollingStrategy {
  const start = steps.find((step) => step.operation === 'startInstanceRefresh');
  const warmup = start?.preferences.instanceWarmupSeconds ?? null;
  return {
    type: 'rolling',
    maxHealthyPercent: rollbackMaxHealthyPercent,
    ...(warmup !== null && { instanceWarmupSeconds: warmup }),
  };
}

function targetOf(
  { stage, settings, imageId }: InPlaceFacts,
  { name, capacity }: ServerGroupView,
): PlannedServerGroup {
  return {
    serverGroup: name,
    imageId,
    capacity,
    targetHealthyPercent: stage.targetHealthyPercent,
    ...keptSettings(settings),
  };
}

/** The rollback as the rolling deploy that it is. */
function deployStageOf(
  stage: RollbackClusterStage,
  { imageId, strategy }: { readonly imageId: string; readonly strategy: RollingStrategy },
): DeployStage {
  const { refId, name, requisiteStageRefIds, timeoutSeconds, account, region } = stage;
  return {
    refId,
    name,
    requisiteStageRefIds,
    timeoutSeconds,
    account,
    region,
    type: 'deploy',
    image: { imageId },
    strategy,
    targetHealthyPercent: stage.targetHealthyPercent,
    acceptNotCopied: [],
  };
}

import type { AwsRegion, CallOptions, ServerGroupDetails } from '@gennaker/aws';
import {
  GennakerError,
  isActiveRefresh,
  sourceOf,
  type ClusterView,
  type DeployFacts,
  type DeployStage,
  type RecordedLaunch,
  type RefreshFacts,
  type RollingStrategy,
  type SourceSettings,
} from '@gennaker/domain';
import { settingsOf, withSourceImage, type ReadCluster } from './deploy-facts.js';
import { unchanged } from './launch-source.js';
import { readRecordedLaunch } from './read-recorded-launch.js';
import { unusedTargetGroups } from './unused-target-groups.js';

/** Refreshes that are read: the active one is among the newest. */
const refreshesRead = 5;

/**
 * Everything that a rolling deploy is planned from: the group whose instances are to be replaced keeps its name, and nothing
 * of it is copied. Changes nothing. Throws SOURCE_NOT_FOUND, INVALID_REQUEST (no launch template to make a version of).
 */
export async function readRollingFacts(
  cluster: ReadCluster,
  { stage, strategy }: { readonly stage: DeployStage; readonly strategy: RollingStrategy },
  options: CallOptions,
): Promise<Omit<DeployFacts, 'imageId'>> {
  const { view, readAt, temporary } = cluster;
  const source = sourceOf(view);
  const details = cluster.groups.find((group) => group.view.name === source?.name);
  if (details === undefined) throw nothingToRefresh(stage, view.cluster);
  const {
    settings,
    refresh,
    view: pictured,
    unusedTargetGroupArns,
  } = await readRefreshedGroup(cluster, { details, strategy }, options);
  return {
    stage,
    cluster: pictured,
    readAt,
    temporary,
    serverGroup: details.view.name,
    source: settings,
    unusedTargetGroupArns,
    refresh,
  };
}

/** What is known of a server group whose instances are to be replaced in place, forward or back. */
export interface RefreshedGroup {
  readonly settings: SourceSettings;
  readonly refresh: RefreshFacts;
  /** The cluster with the image that the group launches from. */
  readonly view: ClusterView;
  readonly unusedTargetGroupArns: readonly string[];
}

/** Reads it. Changes nothing. Throws INVALID_REQUEST (no launch template to make a version of). */
export async function readRefreshedGroup(
  { region, view }: Pick<ReadCluster, 'region' | 'view'>,
  {
    details,
    strategy,
  }: { readonly details: ServerGroupDetails; readonly strategy: RollingStrategy },
  options: CallOptions,
): Promise<RefreshedGroup> {
  const serverGroup = details.view.name;
  const { settings } = details;
  const launch = await readRecordedLaunch(
    region,
    { serverGroup, launch: settings.launch },
    options,
  );
  const { launchTemplateId, version } = launch;
  const [refresh, unusedTargetGroupArns] = await Promise.all([
    readRefreshFacts(region, { details, launch, strategy }, options),
    unusedTargetGroups(region, { arns: settings.targetGroupArns, user: serverGroup }, options),
  ]);
  return {
    settings: settingsOf(details, { ...unchanged, clonedFrom: { launchTemplateId, version } }),
    refresh,
    view: withSourceImage(view, serverGroup, launch.imageId),
    unusedTargetGroupArns,
  };
}

async function readRefreshFacts(
  region: AwsRegion,
  about: {
    readonly details: ServerGroupDetails;
    readonly launch: RecordedLaunch;
    readonly strategy: RollingStrategy;
  },
  options: CallOptions,
): Promise<RefreshFacts> {
  const { details, launch, strategy } = about;
  const serverGroup = details.view.name;
  const names = strategy.alarms ?? [];
  const [users, refreshes, alarms] = await Promise.all([
    region.listLaunchTemplateUsers(launch.launchTemplateId, options),
    region.describeInstanceRefreshes({ serverGroup, refreshesMax: refreshesRead }, options),
    region.describeAlarms({ names }, options),
  ]);
  const followers = users.filter(
    (user) => user.serverGroup !== serverGroup && user.version === '$Latest',
  );
  const { defaultInstanceWarmupSeconds, healthCheckGraceSeconds } = details.settings;
  return {
    launch,
    latestFollowers: followers.map((user) => user.serverGroup),
    active: refreshes.find(isActiveRefresh) ?? null,
    alarms: names.map((name) => ({
      name,
      state: alarms.find((alarm) => alarm.name === name)?.state ?? null,
    })),
    warmupSeconds:
      strategy.instanceWarmupSeconds ?? defaultInstanceWarmupSeconds ?? healthCheckGraceSeconds,
  };
}

function nothingToRefresh({ refId, account, region }: DeployStage, cluster: string): GennakerError {
  return new GennakerError(
    'SOURCE_NOT_FOUND',
    `Stage ${refId} has no server group of ${cluster} in ${account} ${region} whose instances could be replaced: ` +
      'use the strategy redBlack for the first one of a cluster.',
    { details: { cluster, account, region } },
  );
}

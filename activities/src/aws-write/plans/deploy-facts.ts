import {
  isOwnerTagKey,
  type AwsRegion,
  type CallOptions,
  type ServerGroupDetails,
} from '@gennaker/aws';
import {
  carriedOverRefusals,
  clusterName,
  deployColours,
  parseServerGroupName,
  plannedTargetGroups,
  refuseNotCarriedOver,
  sourceOf,
  type ClusterRef,
  type ClusterView,
  type DeployFacts,
  type DeployStage,
  type PlannedLaunchTemplate,
  type ServerGroupView,
  type SourceSettings,
} from '@gennaker/domain';
import type { ClusterNames } from '@gennaker/store';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { observedAt } from '../../observe/cluster-view.js';
import { largestSize, readHealthAliases } from '../../observe/health-aliases.js';
import { readCanaryFacts } from '../../canary/canary-facts.js';
import { readGateAlarms } from './gate-alarms.js';
import type { LaunchSources } from './launch-source.js';
import { readRefreshesBeside } from './refreshes-beside.js';
import { unusedTargetGroups } from './unused-target-groups.js';
import { readWeightFacts } from './weight-facts.js';

/** A deploy's cluster and everything in it, before a name is chosen. */
export interface ReadCluster {
  readonly region: AwsRegion;
  readonly view: ClusterView;
  readonly groups: readonly ServerGroupDetails[];
  /** What canaries made for a while, and no part of the cluster. */
  readonly temporary: readonly ServerGroupView[];
  /** By our own clock, ISO 8601. */
  readonly readAt: string;
  /** Every name that AWS shows, also of groups being deleted. */
  readonly names: ClusterNames;
}

/** Reads the cluster that a deploy stage works on (one listing). */
export async function readDeployCluster(
  { aws, clock }: AwsActivityDependencies,
  deploy: { readonly application: string; readonly stage: DeployStage },
  options: CallOptions,
): Promise<ReadCluster> {
  const { application, stage } = deploy;
  const { account, region: regionName, stack, detail } = stage;
  const cluster = clusterName({ application, stack, detail });
  const region = aws.region(account, regionName);
  const all = await region.listCluster(cluster, { ...options, withTemporary: true });
  const groups = all.filter(
    ({ view }) => view.temporaryUntil === undefined || view.name === cluster,
  );
  const temporary = all.filter((group) => !groups.includes(group)).map(({ view }) => view);
  const ref: ClusterRef = { account, region: regionName, cluster };
  const serverGroups = groups.map((group) => group.view);
  return {
    region,
    readAt: clock.now().toISOString(),
    view: { ...ref, observedAt: observedAt(region, clock), serverGroups },
    groups,
    temporary,
    names: namesOf(
      ref,
      serverGroups.map((group) => group.name),
    ),
  };
}

/**
 * Everything but the name that a plan is computed from. Throws NOT_CARRIED_OVER when the source has what this version does
 * not copy, INVALID_REQUEST when it has nothing to clone. Changes nothing.
 */
export async function readDeployFacts(
  cluster: ReadCluster,
  { stage, launchSources }: { readonly stage: DeployStage; readonly launchSources: LaunchSources },
  options: CallOptions,
): Promise<Omit<DeployFacts, 'serverGroup' | 'imageId'>> {
  const { region, view, readAt, temporary } = cluster;
  const weights = await weightsOf(cluster, stage, options);
  const colours = deployColours({ stage, cluster: view, ...weights });
  const sourceView = colours === null ? sourceOf(view) : colours.source;
  const details = cluster.groups.find((group) => group.view.name === sourceView?.name);
  if (details === undefined) {
    const arns = plannedTargetGroups(null, stage.launch);
    const [unused, alarms] = await Promise.all([
      unusedTargetGroups(region, { arns }, options),
      readGateAlarms(region, stage, options),
    ]);
    const canary = { rules: [], expectations: [], loadBalancers: [] };
    const only = stage.strategy.type === 'canary' ? { canary } : {};
    return {
      stage,
      cluster: view,
      readAt,
      temporary,
      source: null,
      unusedTargetGroupArns: unused,
      alarms,
      ...weights,
      ...only,
    };
  }
  const serverGroup = details.view.name;
  const enabled = view.serverGroups.filter((group) => group.enabled);
  const [launch, attachments, unusedTargetGroupArns, alarms, beside] = await Promise.all([
    launchSources.resolve(region, { serverGroup, launch: details.settings.launch }, options),
    region.describeAttachments(serverGroup, { ...options, withAlarms: true }),
    unusedTargetGroups(
      region,
      { arns: details.settings.targetGroupArns, user: serverGroup },
      options,
    ),
    readGateAlarms(region, stage, options),
    readRefreshesBeside(region, enabled, options),
  ]);
  const canary = await canaryOf(cluster, { stage, details }, options);
  const carriedOver = { ...attachments, group: details.settings.carriedOver };
  refuseNotCarriedOver(
    serverGroup,
    {
      settings: details.settings.notCarriedOver,
      refusals: carriedOverRefusals(carriedOver, stage.instanceType ?? null),
      unknownLaunchFields: launch.unknownFields,
    },
    stage.acceptNotCopied,
  );
  return {
    stage,
    cluster: withSourceImage(view, serverGroup, launch.summary.imageId),
    readAt,
    temporary,
    source: { ...settingsOf(details, launch.planned), carriedOver },
    unusedTargetGroupArns,
    alarms,
    ...weights,
    ...beside,
    ...canary,
  };
}

/** Only what a canary needs, only for one. */
async function canaryOf(
  { region, view }: ReadCluster,
  { stage, details }: { readonly stage: DeployStage; readonly details: ServerGroupDetails },
  options: CallOptions,
): Promise<Pick<DeployFacts, 'canary'>> {
  if (stage.strategy.type !== 'canary') return {};
  const { targetGroupArns } = details.settings;
  const instances = largestSize(view.serverGroups);
  const place = { region, now: view.observedAt, targetGroupArns, instances };
  return { canary: await readCanaryFacts(place, stage.strategy, options) };
}

/** Only where the strategy switches weights: else nothing is read. */
async function weightsOf(
  { region, view, groups, readAt }: ReadCluster,
  { strategy }: DeployStage,
  options: CallOptions,
): Promise<Pick<DeployFacts, 'weights'>> {
  if (strategy.type !== 'blueGreen') return {};
  const weights = await readWeightFacts(region, { weighted: strategy, groups, readAt }, options);
  const { loadBalancers } = weights;
  const instances = largestSize(view.serverGroups);
  const aliases = await readHealthAliases(region, { loadBalancers, instances }, options);
  return { weights: { ...weights, ...aliases } };
}

function namesOf(ref: ClusterRef, awsNames: readonly string[]): ClusterNames {
  const sequences = awsNames.map((name) => parseServerGroupName(name).sequence);
  const highest = Math.max(-1, ...sequences.map((sequence) => sequence ?? -1));
  return { ...ref, awsNames, awsHighestSequence: highest === -1 ? null : highest };
}

/** What a new server group inherits, or what the one that comes back or is refreshed keeps. */
export function settingsOf(
  { settings, view }: ServerGroupDetails,
  launchTemplate: PlannedLaunchTemplate,
): SourceSettings {
  return {
    subnetIds: settings.subnetIds,
    targetGroupArns: settings.targetGroupArns,
    suspendedProcesses: view.suspendedProcesses,
    healthCheckType: settings.healthCheckType,
    healthCheckGraceSeconds: settings.healthCheckGraceSeconds,
    cooldownSeconds: settings.cooldownSeconds,
    terminationPolicies: settings.terminationPolicies,
    tags: settings.tags.filter(({ key }) => !key.startsWith('aws:') && !isOwnerTagKey(key)),
    launchTemplate,
  };
}

/** The view with the image of the one group whose launch template was read. */
export function withSourceImage(
  view: ClusterView,
  source: string,
  imageId: string | null,
): ClusterView {
  return {
    ...view,
    serverGroups: view.serverGroups.map((group) =>
      group.name === source ? { ...group, imageId } : group,
    ),
  };
}

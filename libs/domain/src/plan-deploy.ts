import { requiredHealthy } from './capacity.js';
import type {
  Capacity,
  ClusterRef,
  ClusterView,
  ServerGroupRef,
  ServerGroupView,
} from './cluster.js';
import type {
  DeployPlan,
  PlannedLaunchTemplate,
  PlannedServerGroup,
  PlannedTag,
  PlanStep,
} from './deploy-plan.js';
import { GennakerError } from './errors.js';
import type { DeployStage, LaunchSettings } from './pipeline.js';

/** Health check grace where neither inherited nor set: Auto Scaling's own default through its API is none. */
export const defaultGraceSeconds = 600;
/** Auto Scaling's DefaultCooldown. */
export const defaultCooldownSeconds = 300;

/** Everything that a plan is computed from, read just before. */
export interface DeployFacts {
  readonly stage: DeployStage;
  /** The cluster as AWS has it now. */
  readonly cluster: ClusterView;
  /** The new server group's name: reserved, or what would be reserved next. */
  readonly serverGroup: string;
  readonly imageId: string;
  /** Settings of `sourceOf(cluster)`; null exactly when that is null. */
  readonly source: SourceSettings | null;
  /** Those of the target groups that no listener of any load balancer uses. */
  readonly unusedTargetGroupArns: readonly string[];
}

/** What the new server group inherits. */
export interface SourceSettings {
  readonly subnetIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly suspendedProcesses: readonly string[];
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  readonly cooldownSeconds: number;
  readonly terminationPolicies: readonly string[];
  readonly tags: readonly PlannedTag[];
  readonly launchTemplate: PlannedLaunchTemplate;
}

/** What a disable suspends: a group that inherited these could never take traffic. */
const disabledProcesses = ['Launch', 'Terminate', 'AddToLoadBalancer'];
/** What our disable suspends besides (the instances must survive while they are held out). */
const heldProcesses = [...disabledProcesses, 'HealthCheck', 'ReplaceUnhealthy'];

/**
 * The group whose settings a deploy inherits: the newest enabled one with instances in service (a half-made one that was
 * left enabled serves nothing), else the newest enabled one, else the newest; none that is being deleted.
 */
export function sourceOf(cluster: ClusterView): ServerGroupView | null {
  const present = cluster.serverGroups.filter((group) => !group.deleting);
  const enabled = present.filter((group) => group.enabled);
  return (
    enabled.findLast((group) => inService(group) > 0) ?? enabled.at(-1) ?? present.at(-1) ?? null
  );
}

/** The target groups that the new server group will have: the source's, or the stage's without a source. */
export function plannedTargetGroups(
  source: SourceSettings | null,
  launch: LaunchSettings | undefined,
): readonly string[] {
  return source?.targetGroupArns ?? launch?.targetGroupArns ?? [];
}

/**
 * The plan of a deploy: pure, the same facts give the same plan. Throws SOURCE_NOT_FOUND (nothing to inherit and no
 * launch settings) and INVALID_REQUEST (it could never get healthy, or would take all traffic away).
 */
export function planDeploy(facts: DeployFacts): DeployPlan {
  const { stage, cluster } = facts;
  const source = sourceOf(cluster);
  const target = plannedTarget(facts, source);
  refuseUnusedTargetGroups(facts, target);
  const switched = stage.strategy.type === 'redBlack' ? switchedOff(facts) : [];
  refuseEmptySwitch(target.capacity, switched);
  return {
    planVersion: 1,
    strategy: stage.strategy.type,
    cluster: { account: cluster.account, region: cluster.region, cluster: cluster.cluster },
    source: source && { serverGroup: source.name, arn: source.arn, imageId: source.imageId },
    target,
    disables: switched.map((group) => group.name),
    observedServerGroups: cluster.serverGroups.map((group) => group.name),
    steps: stepsOf({ cluster, target, source, switched }),
    warnings: warningsOf({ facts, source, target, switched }),
  };
}

function plannedTarget(facts: DeployFacts, source: ServerGroupView | null): PlannedServerGroup {
  const { stage } = facts;
  const inherited = facts.source ?? firstOf(stage);
  return {
    serverGroup: facts.serverGroup,
    imageId: facts.imageId,
    capacity: stage.capacity ?? (source === null ? noCapacity(stage) : capacityNow(source)),
    targetHealthyPercent: stage.targetHealthyPercent,
    subnetIds: inherited.subnetIds,
    targetGroupArns: inherited.targetGroupArns,
    suspendedProcesses: stage.suspendedProcesses ?? inheritedSuspensions(inherited),
    healthCheckType: inherited.healthCheckType,
    healthCheckGraceSeconds: stage.healthCheckGraceSeconds ?? inherited.healthCheckGraceSeconds,
    cooldownSeconds: inherited.cooldownSeconds,
    terminationPolicies: inherited.terminationPolicies,
    tags: inherited.tags,
    launchTemplate: {
      ...inherited.launchTemplate,
      instanceType: stage.instanceType ?? inherited.launchTemplate.instanceType,
    },
  };
}

/** As large as the source is now: while it is short of its desired size nothing is lost, while above it neither. */
function capacityNow(source: ServerGroupView): Capacity {
  const { min, desired, max } = source.capacity;
  const larger = Math.max(desired, inService(source));
  return { min, desired: larger, max: Math.max(max, larger) };
}

function inheritedSuspensions(inherited: SourceSettings): readonly string[] {
  const disabled = inherited.suspendedProcesses.includes('AddToLoadBalancer');
  const dropped = disabled ? heldProcesses : disabledProcesses;
  return inherited.suspendedProcesses.filter((process) => !dropped.includes(process));
}

function firstOf(stage: DeployStage): SourceSettings {
  const { launch } = stage;
  if (launch === undefined) {
    throw new GennakerError(
      'SOURCE_NOT_FOUND',
      `Stage ${stage.refId} has no server group to inherit from in ${stage.account} ${stage.region}: ` +
        'give the stage `launch` settings and `capacity` for the first server group of the cluster.',
      { details: { account: stage.account, region: stage.region } },
    );
  }
  return {
    subnetIds: launch.subnetIds,
    targetGroupArns: launch.targetGroupArns,
    suspendedProcesses: [],
    healthCheckType: launch.healthCheckType,
    healthCheckGraceSeconds: defaultGraceSeconds,
    cooldownSeconds: defaultCooldownSeconds,
    terminationPolicies: ['Default'],
    tags: [],
    launchTemplate: {
      clonedFrom: null,
      instanceType: launch.instanceType,
      securityGroupIds: launch.securityGroupIds,
      keyName: launch.keyName ?? null,
      iamInstanceProfile: launch.iamInstanceProfile ?? null,
    },
  };
}

function noCapacity(stage: DeployStage): never {
  throw new GennakerError(
    'INVALID_REQUEST',
    `Stage ${stage.refId} makes the first server group of its cluster and has no size to inherit: give it \`capacity\`.`,
  );
}

/** Enabled groups of the cluster, oldest first: the longest replaced goes first, the source last. */
function switchedOff(facts: DeployFacts): readonly ServerGroupView[] {
  return facts.cluster.serverGroups.filter(
    (group) => group.enabled && !group.deleting && group.name !== facts.serverGroup,
  );
}

function refuseUnusedTargetGroups(facts: DeployFacts, target: PlannedServerGroup): void {
  const unused = target.targetGroupArns.filter((arn) => facts.unusedTargetGroupArns.includes(arn));
  if (unused.length === 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `${target.serverGroup} could never get healthy: no listener forwards to ${unused.join(', ')}, so the targets stay ` +
      '`unused`. Add a listener or a rule for it, or detach it from the source server group.',
    { details: { targetGroupArns: unused } },
  );
}

function refuseEmptySwitch(capacity: Capacity, switched: readonly ServerGroupView[]): void {
  const serving = switched.filter((group) => inService(group) > 0);
  if (capacity.desired > 0 || serving.length === 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `A red/black deploy of no instances would take ${listed(serving)} out of traffic with nothing in its place: ` +
      'give the stage a capacity above 0.',
    { details: { serving: serving.map((group) => group.name) } },
  );
}

interface StepFacts {
  readonly cluster: ClusterRef;
  readonly target: PlannedServerGroup;
  readonly source: ServerGroupView | null;
  readonly switched: readonly ServerGroupView[];
}

function stepsOf({ cluster, target, source, switched }: StepFacts): readonly PlanStep[] {
  const name = target.serverGroup;
  const subject = subjectOf(cluster, name);
  const instancesHealthyMin = requiredHealthy(target.capacity.desired, target.targetHealthyPercent);
  const { min, desired, max } = target.capacity;
  const from = source === null ? '' : ` from ${source.name}`;
  return [
    {
      id: 'create',
      operation: 'createServerGroup',
      title: `Create ${name} at 0/0/0${from}`,
      subject,
    },
    {
      id: 'resize',
      operation: 'resizeServerGroup',
      title: `Resize ${name} to ${min}/${desired}/${max}`,
      subject,
      capacity: target.capacity,
    },
    {
      id: 'healthy',
      operation: 'awaitHealthy',
      title: `Wait until ${instancesHealthyMin} of ${desired} instances of ${name} are healthy`,
      subject,
      instancesHealthyMin,
    },
    ...switched.map((group): PlanStep => ({
      id: `disable:${group.name}`,
      operation: 'disableServerGroup',
      title: `Disable ${group.name}`,
      subject: subjectOf(cluster, group.name),
      guard: { serverGroup: name, instancesHealthyMin },
    })),
    {
      id: 'verify',
      operation: 'verifyDeploy',
      title: `Verify that ${name} serves with at least ${instancesHealthyMin} healthy instances`,
      subject,
      instancesHealthyMin,
    },
  ];
}

interface WarningFacts {
  readonly facts: DeployFacts;
  readonly source: ServerGroupView | null;
  readonly target: PlannedServerGroup;
  readonly switched: readonly ServerGroupView[];
}

function warningsOf({ facts, source, target, switched }: WarningFacts): readonly string[] {
  const deleting = facts.cluster.serverGroups.filter((group) => group.deleting);
  const servingNow = switched.reduce((sum, group) => sum + inService(group), 0);
  const dropped = (facts.source?.suspendedProcesses ?? []).filter(
    (process) => disabledProcesses.includes(process) && source?.enabled === true,
  );
  return [
    deleting.length > 0 && `Being deleted and left out: ${listed(deleting)}.`,
    switched.length > 1 &&
      `More than one server group is enabled and will be disabled: ${listed(switched)}.`,
    servingNow > target.capacity.desired &&
      `${servingNow} instances serve now; the new server group has ${target.capacity.desired}.`,
    source !== null &&
      !source.enabled &&
      `No server group is enabled; settings come from ${source.name}.`,
    dropped.length > 0 &&
      `Suspended on ${source?.name ?? 'the source'} and not inherited, since the new group could not take traffic: ` +
        `${dropped.join(', ')}.`,
  ].filter((warning) => typeof warning === 'string');
}

function subjectOf(cluster: ClusterRef, serverGroup: string): ServerGroupRef {
  return { account: cluster.account, region: cluster.region, serverGroup };
}

function inService(group: ServerGroupView): number {
  return group.instances.filter((instance) => instance.lifecycleState === 'InService').length;
}

function listed(groups: readonly ServerGroupView[]): string {
  return groups.map((group) => group.name).join(', ');
}

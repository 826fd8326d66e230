import { planCarriedOver, type CarryFacts } from '../carry/plan-carried-over.js';
import type { Capacity, ServerGroupView } from '../groups/cluster.js';
import { GennakerError } from '../errors.js';
import type { DeployStage, LaunchSettings } from '../pipeline/pipeline.js';
import { deployColours } from './blue-green/colours.js';
import type { DeployFacts, SourceSettings } from './deploy-facts.js';
import type { PlannedServerGroup, ServerGroupSettings } from './planned-server-group.js';
import { inServiceCount } from './source-of.js';

/** Health check grace where neither inherited nor set: Auto Scaling's own default through its API is none. */
export const defaultGraceSeconds = 600;
/** Auto Scaling's DefaultCooldown. */
export const defaultCooldownSeconds = 300;

/** What a disable suspends: a group that inherited these could never take traffic. */
export const disabledProcesses = ['Launch', 'Terminate', 'AddToLoadBalancer'];
/** What our disable suspends besides (the instances must survive while they are held out). */
const heldProcesses = [...disabledProcesses, 'HealthCheck', 'ReplaceUnhealthy'];

/** The target groups that the new server group will have: the source's, or the stage's without a source. */
export function plannedTargetGroups(
  source: SourceSettings | null,
  launch: LaunchSettings | undefined,
): readonly string[] {
  return source?.targetGroupArns ?? launch?.targetGroupArns ?? [];
}

/**
 * The new server group with everything that the stage gives and the source has. Throws SOURCE_NOT_FOUND (nothing to
 * inherit and no launch settings) and INVALID_REQUEST (no size).
 */
export function plannedTarget(
  facts: DeployFacts,
  source: ServerGroupView | null,
): PlannedServerGroup {
  const { stage } = facts;
  const inherited = facts.source ?? firstOf(stage);
  const takesOver = deployColours(facts)?.takesOver;
  return {
    serverGroup: facts.serverGroup,
    imageId: facts.imageId,
    capacity: stage.capacity ?? (source === null ? noCapacity(stage) : capacityOf(stage, source)),
    targetHealthyPercent: stage.targetHealthyPercent,
    subnetIds: inherited.subnetIds,
    targetGroupArns: takesOver === undefined ? inherited.targetGroupArns : [takesOver],
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
    ...carriedOver(facts, source),
  };
}

function carriedOver(
  facts: DeployFacts,
  source: ServerGroupView | null,
): Pick<PlannedServerGroup, 'carriedOver'> {
  const carry = carryFactsOf(facts, source);
  return carry === null ? {} : { carriedOver: planCarriedOver(carry) };
}

/** What the copy of the source's other settings is planned from; null where there is nothing to copy from. */
export function carryFactsOf(
  facts: DeployFacts,
  source: ServerGroupView | null,
): CarryFacts | null {
  const from = facts.source?.carriedOver;
  if (from === undefined || source === null) return null;
  return {
    source: from,
    renames: {
      serverGroup: { from: source.name, to: facts.serverGroup },
      targetGroups: renamedTargetGroups(facts, source),
    },
    instanceType: facts.stage.instanceType ?? null,
    now: facts.cluster.observedAt,
  };
}

/** What watches or tracks the source's target group does so with the new one's. */
function renamedTargetGroups(facts: DeployFacts, source: ServerGroupView) {
  const colours = deployColours(facts);
  if (colours === null) return [];
  const { active, idle, takesOver: to } = colours;
  return source.targetGroupArns
    .filter((arn) => arn !== to && (arn === active || arn === idle))
    .map((from) => ({ from, to }));
}

/** In place it stays as it is: what is in service beyond that is a refresh's, and goes again. */
function capacityOf(stage: DeployStage, source: ServerGroupView): Capacity {
  return stage.strategy.type === 'rolling' ? source.capacity : capacityNow(source);
}

/** As large as the source is now: while it is short of its desired size nothing is lost, while above it neither. */
function capacityNow(source: ServerGroupView): Capacity {
  const { min, desired, max } = source.capacity;
  const larger = Math.max(desired, inServiceCount(source));
  return { min, desired: larger, max: Math.max(max, larger) };
}

/** Which suspensions an enabled group has: what a disable has suspended is none of its own. */
function inheritedSuspensions(inherited: SourceSettings): readonly string[] {
  const disabled = inherited.suspendedProcesses.includes('AddToLoadBalancer');
  const dropped = disabled ? heldProcesses : disabledProcesses;
  return inherited.suspendedProcesses.filter((process) => !dropped.includes(process));
}

/** What a group that is there already keeps when it comes back or gets another version. */
export function keptSettings(settings: SourceSettings): ServerGroupSettings {
  return {
    subnetIds: settings.subnetIds,
    targetGroupArns: settings.targetGroupArns,
    suspendedProcesses: inheritedSuspensions(settings),
    healthCheckType: settings.healthCheckType,
    healthCheckGraceSeconds: settings.healthCheckGraceSeconds,
    cooldownSeconds: settings.cooldownSeconds,
    terminationPolicies: settings.terminationPolicies,
    tags: settings.tags,
    launchTemplate: settings.launchTemplate,
  };
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

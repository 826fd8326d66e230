import {
  CreateAutoScalingGroupCommand,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  ResumeProcessesCommand,
  SetInstanceHealthCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
  type CreateAutoScalingGroupType,
  type InstancesDistribution,
  type LaunchTemplateOverrides,
  type LifecycleHookSpecification,
} from '@aws-sdk/client-auto-scaling';
import { expiryTagKey, type Capacity, type GennakerError } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import { requestMembers } from './aws-members.js';
import type {
  CreateAutoScalingGroupOutcome,
  CreateAutoScalingGroupRequest,
  DeleteAutoScalingGroupOutcome,
} from '../aws-writes.js';
import type { CallOptions } from '../call-options.js';
import { deletingWords } from '../calling/fault-table.js';
import { isCode } from '../calling/is-code.js';
import { isOwnerTagKey, ownerTags, type TagMap } from '../operation-identity.js';

/** See AwsWrites. At 0/0/0: nothing launches before processes are suspended (clouddriver-aws 7.6, 7.10). */
export async function createAutoScalingGroup(
  caller: AwsCaller,
  request: CreateAutoScalingGroupRequest,
  options: CallOptions,
): Promise<CreateAutoScalingGroupOutcome> {
  const command = new CreateAutoScalingGroupCommand({
    ...requestMembers<CreateAutoScalingGroupType>(request.members ?? {}),
    AutoScalingGroupName: request.serverGroup,
    MinSize: 0,
    DesiredCapacity: 0,
    MaxSize: 0,
    ...launchSource(request),
    ...(request.subnetIds.length > 0 && { VPCZoneIdentifier: request.subnetIds.join(',') }),
    ...hooks(request),
    TargetGroupARNs: [...request.targetGroupArns],
    HealthCheckType: request.healthCheckType,
    HealthCheckGracePeriod: request.healthCheckGraceSeconds,
    DefaultCooldown: request.cooldownSeconds,
    ...(request.terminationPolicies.length > 0 && {
      TerminationPolicies: [...request.terminationPolicies],
    }),
    Tags: groupTags(request),
  });
  try {
    await caller.autoscaling(command, { ...options, resource: request.serverGroup });
    return { outcome: 'created' };
  } catch (error) {
    if (isCode(error, 'NAME_CONFLICT')) return { outcome: 'alreadyExists' };
    throw error;
  }
}

function launchSource({ launchTemplate, mixedInstances }: CreateAutoScalingGroupRequest) {
  const specification = {
    LaunchTemplateId: launchTemplate.launchTemplateId,
    Version: launchTemplate.version,
  };
  if (mixedInstances === undefined || mixedInstances === null) {
    return { LaunchTemplate: specification };
  }
  const { distribution, overrides } = mixedInstances;
  return {
    MixedInstancesPolicy: {
      InstancesDistribution: requestMembers<InstancesDistribution>(distribution),
      LaunchTemplate: {
        LaunchTemplateSpecification: specification,
        ...(overrides.length > 0 && {
          Overrides: overrides.map((one) => requestMembers<LaunchTemplateOverrides>(one)),
        }),
      },
    },
  };
}

function hooks({ lifecycleHooks = [] }: CreateAutoScalingGroupRequest) {
  if (lifecycleHooks.length === 0) return {};
  return {
    LifecycleHookSpecificationList: lifecycleHooks.map(({ name, transition, members }) => ({
      ...requestMembers<LifecycleHookSpecification>(members),
      LifecycleHookName: name,
      LifecycleTransition: transition,
    })),
  };
}

/** Our tags stay on the group: an instance that carried them would be taken for something that we made. */
function groupTags(request: CreateAutoScalingGroupRequest) {
  const { owner, ...spec } = request;
  const carried = request.tags
    .filter(({ key }) => !key.startsWith('aws:') && !isOwnerTagKey(key))
    .map(({ key, value, propagateAtLaunch }) => tagOf(key, value, propagateAtLaunch));
  const expiry = request.expiresAt === undefined ? {} : { [expiryTagKey]: request.expiresAt };
  const ours = Object.entries({ ...ownerTags(owner, spec), ...expiry }).map(([key, value]) =>
    tagOf(key, value, false),
  );
  return [...carried, ...ours].map((tag) => ({
    ...tag,
    ResourceId: request.serverGroup,
    ResourceType: 'auto-scaling-group',
  }));
}

function tagOf(Key: string, Value: string, PropagateAtLaunch: boolean) {
  return { Key, Value, PropagateAtLaunch };
}

/** See AwsWrites. */
export async function tagServerGroup(
  caller: AwsCaller,
  subject: { readonly serverGroup: string; readonly tags: TagMap },
  options: CallOptions,
): Promise<void> {
  const { serverGroup, tags } = subject;
  const Tags = Object.entries(tags).map(([key, value]) => ({
    ...tagOf(key, value, false),
    ResourceId: serverGroup,
    ResourceType: 'auto-scaling-group',
  }));
  await caller.autoscaling(new CreateOrUpdateTagsCommand({ Tags }), {
    ...options,
    resource: serverGroup,
  });
}

/** See AwsWrites. */
export async function updateCapacity(
  caller: AwsCaller,
  subject: { readonly serverGroup: string; readonly capacity: Partial<Capacity> },
  options: CallOptions,
): Promise<void> {
  const { serverGroup, capacity } = subject;
  const command = new UpdateAutoScalingGroupCommand({
    AutoScalingGroupName: serverGroup,
    ...(capacity.min !== undefined && { MinSize: capacity.min }),
    ...(capacity.desired !== undefined && { DesiredCapacity: capacity.desired }),
    ...(capacity.max !== undefined && { MaxSize: capacity.max }),
  });
  await caller.autoscaling(command, { ...options, resource: serverGroup });
}

/** Processes of one group to suspend or resume. */
export interface ProcessChange {
  readonly serverGroup: string;
  readonly processes: readonly string[];
}

/** See AwsWrites. */
export async function suspendProcesses(
  caller: AwsCaller,
  { serverGroup, processes }: ProcessChange,
  options: CallOptions,
): Promise<void> {
  if (processes.length === 0) return;
  const command = new SuspendProcessesCommand(processQuery(serverGroup, processes));
  await caller.autoscaling(command, { ...options, resource: serverGroup });
}

/** See AwsWrites. */
export async function resumeProcesses(
  caller: AwsCaller,
  { serverGroup, processes }: ProcessChange,
  options: CallOptions,
): Promise<void> {
  if (processes.length === 0) return;
  const command = new ResumeProcessesCommand(processQuery(serverGroup, processes));
  await caller.autoscaling(command, { ...options, resource: serverGroup });
}

function processQuery(serverGroup: string, processes: readonly string[]) {
  return { AutoScalingGroupName: serverGroup, ScalingProcesses: [...processes] };
}

/** See AwsWrites. */
export async function setInstanceHealth(
  caller: AwsCaller,
  subject: { readonly instanceId: string; readonly health: 'Healthy' | 'Unhealthy' },
  options: CallOptions,
): Promise<void> {
  const command = new SetInstanceHealthCommand({
    InstanceId: subject.instanceId,
    HealthStatus: subject.health,
    ShouldRespectGracePeriod: false,
  });
  await caller.autoscaling(command, { ...options, resource: subject.instanceId });
}

/** See AwsWrites. */
export async function deleteAutoScalingGroup(
  caller: AwsCaller,
  request: { readonly serverGroup: string; readonly force: boolean },
  options: CallOptions,
): Promise<DeleteAutoScalingGroupOutcome> {
  const { serverGroup, force } = request;
  const command = new DeleteAutoScalingGroupCommand({
    AutoScalingGroupName: serverGroup,
    ForceDelete: force,
  });
  try {
    await caller.autoscaling(command, { ...options, resource: serverGroup });
    return { outcome: 'accepted' };
  } catch (error) {
    if (isCode(error, 'AWS_NOT_FOUND')) return { outcome: 'gone' };
    if (isCode(error, 'AWS_CONFLICT') && saysDeleting(error)) return { outcome: 'deleting' };
    throw error;
  }
}

/** The other conflicts (a scaling activity in progress) leave the group in place: the call must be repeated. */
function saysDeleting(error: GennakerError): boolean {
  const said = error.details['awsMessage'];
  return typeof said === 'string' && deletingWords.test(said);
}

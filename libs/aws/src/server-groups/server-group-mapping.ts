import type {
  AutoScalingGroup,
  Instance,
  LaunchTemplateSpecification,
} from '@aws-sdk/client-auto-scaling';
import {
  expiryTagKey,
  keptTagKey,
  instanceHealth,
  type InstanceView,
  type LaunchTemplateVersionRef,
  type PlannedTag,
  type ServerGroupView,
} from '@gennaker/domain';
import { membersOf } from './aws-members.js';
import { carriedGroupSettings } from './carried-group-settings.js';
import { ownerOf, type TagMap } from '../operation-identity.js';
import { requiredField, tagMap } from '../calling/required-field.js';
import type {
  LaunchSource,
  ServerGroupDetails,
  ServerGroupSettings,
} from './server-group-settings.js';
import { uncarriedSettings } from './uncarried-settings.js';

/** AWS's default for DefaultCooldown, in seconds. */
const cooldownSecondsDefault = 300;

/** A group as DescribeAutoScalingGroups gives it: without target and EC2 health and without image. */
export function toServerGroupDetails(group: AutoScalingGroup): ServerGroupDetails {
  return { view: toView(group), settings: toSettings(group), tags: tagMap(group.Tags) };
}

function toView(group: AutoScalingGroup): ServerGroupView {
  const suspendedProcesses = (group.SuspendedProcesses ?? [])
    .flatMap(({ ProcessName }) => ProcessName ?? [])
    .toSorted();
  const tags = tagMap(group.Tags);
  return {
    name: requiredField(group.AutoScalingGroupName, 'AutoScalingGroupName'),
    arn: requiredField(group.AutoScalingGroupARN, 'AutoScalingGroupARN'),
    createdAt: requiredField(group.CreatedTime, 'CreatedTime').toISOString(),
    capacity: {
      min: requiredField(group.MinSize, 'MinSize'),
      desired: requiredField(group.DesiredCapacity, 'DesiredCapacity'),
      max: requiredField(group.MaxSize, 'MaxSize'),
    },
    enabled: !suspendedProcesses.includes('AddToLoadBalancer'),
    deleting: group.Status !== undefined,
    suspendedProcesses,
    targetGroupArns: (group.TargetGroupARNs ?? []).toSorted(),
    imageId: null,
    launchTemplate: toLaunchTemplate(group),
    instances: (group.Instances ?? []).map(toInstanceView).toSorted(byInstanceId),
    owner: ownerOf(tags),
    ...expiryOf(group.AutoScalingGroupName, tags),
  };
}

/** Whether a canary names its fleets so: a group of the cluster itself never is. */
export function isTemporaryName(name = ''): boolean {
  return /-v\d{3,6}-(canary|baseline)$/.test(name);
}

/** Kept after a failure, or made for a while; neither of most groups. */
function expiryOf(
  name: string | undefined,
  tags: TagMap,
): Pick<ServerGroupView, 'keptUntil' | 'temporaryUntil'> {
  const until = tags[expiryTagKey];
  if (tags[keptTagKey] !== undefined) return { keptUntil: until ?? '' };
  return until !== undefined && isTemporaryName(name) ? { temporaryUntil: until } : {};
}

function toInstanceView(instance: Instance): InstanceView {
  const lifecycleState = requiredField(instance.LifecycleState, 'LifecycleState');
  return {
    instanceId: requiredField(instance.InstanceId, 'InstanceId'),
    zone: requiredField(instance.AvailabilityZone, 'AvailabilityZone'),
    lifecycleState,
    healthStatus: requiredField(instance.HealthStatus, 'HealthStatus'),
    targetHealth: [],
    health: instanceHealth({ ec2State: null, targetStates: [], lifecycleState }),
    launchTemplate: toVersionRef(instance.LaunchTemplate),
    protectedFromScaleIn: instance.ProtectedFromScaleIn === true,
  };
}

/** The group's own launch template, or the base of its mixed instances policy. */
function toLaunchTemplate(group: AutoScalingGroup): LaunchTemplateVersionRef | null {
  const policy = group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  return toVersionRef(group.LaunchTemplate ?? policy);
}

function toVersionRef(
  template: LaunchTemplateSpecification | undefined,
): LaunchTemplateVersionRef | null {
  if (template?.LaunchTemplateId === undefined) return null;
  return { launchTemplateId: template.LaunchTemplateId, version: template.Version ?? '$Default' };
}

function byInstanceId(one: InstanceView, other: InstanceView): number {
  return one.instanceId < other.instanceId ? -1 : 1;
}

function toSettings(group: AutoScalingGroup): ServerGroupSettings {
  return {
    launch: toLaunchSource(group),
    subnetIds: (group.VPCZoneIdentifier ?? '').split(',').filter((id) => id !== ''),
    availabilityZones: (group.AvailabilityZones ?? []).toSorted(),
    targetGroupArns: (group.TargetGroupARNs ?? []).toSorted(),
    healthCheckType: group.HealthCheckType ?? 'EC2',
    healthCheckGraceSeconds: group.HealthCheckGracePeriod ?? 0,
    defaultInstanceWarmupSeconds: positive(group.DefaultInstanceWarmup),
    cooldownSeconds: group.DefaultCooldown ?? cooldownSecondsDefault,
    terminationPolicies: group.TerminationPolicies ?? [],
    tags: toPlannedTags(group),
    carriedOver: carriedGroupSettings(group),
    notCarriedOver: uncarriedSettings(group),
  };
}

/** AWS shows a number that was cleared as -1. */
function positive(value: number | undefined): number | null {
  return value === undefined || value < 0 ? null : value;
}

function toLaunchSource(group: AutoScalingGroup): LaunchSource {
  const template = group.LaunchTemplate;
  if (template?.LaunchTemplateId !== undefined) {
    return {
      kind: 'launchTemplate',
      launchTemplateId: template.LaunchTemplateId,
      launchTemplateName: template.LaunchTemplateName ?? null,
      version: template.Version ?? '$Default',
    };
  }
  if (group.LaunchConfigurationName !== undefined) {
    return {
      kind: 'launchConfiguration',
      launchConfigurationName: group.LaunchConfigurationName,
    };
  }
  if (group.MixedInstancesPolicy === undefined) return { kind: 'none' };
  const base = group.MixedInstancesPolicy.LaunchTemplate?.LaunchTemplateSpecification;
  return {
    kind: 'mixedInstancesPolicy',
    launchTemplateId: base?.LaunchTemplateId ?? null,
    version: base?.Version ?? null,
    policy: membersOf(group.MixedInstancesPolicy),
  };
}

function toPlannedTags(group: AutoScalingGroup): readonly PlannedTag[] {
  return (group.Tags ?? [])
    .flatMap(({ Key, Value, PropagateAtLaunch }) =>
      Key === undefined
        ? []
        : [{ key: Key, value: Value ?? '', propagateAtLaunch: PropagateAtLaunch ?? false }],
    )
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

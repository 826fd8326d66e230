import type {
  CreateAutoScalingGroupType,
  DeleteAutoScalingGroupType,
  SetDesiredCapacityType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';
import { checkRange } from './checks.js';
import { findActiveRefresh } from '../refreshes/active-refresh.js';
import { hasActivityInProgress } from '../activities.js';
import { checkedTargetGroups, newAttachments, settleSoon } from '../attachments/attachments.js';
import { awaken, getGroup, getLiveGroup, isLeaving, membersOf } from './group-access.js';
import { checkSettings } from './group-checks.js';
import {
  checkedHealthCheckType,
  checkedSizes,
  extrasOf,
  updatedExtras,
  placement,
  updatedSizes,
  type Sizes,
} from './group-settings.js';
import { checkedTags } from './group-tags.js';
import { putHook } from '../members/lifecycle-hooks.js';
import { resolveLaunchSource } from '../members/launch-source.js';
import { beginDeletion } from '../sizes/reconciliation.js';
import { isCoolingDown } from '../policies/policy-execution.js';
import { requireRoomForGroup } from './quotas.js';
import type { GroupRecord } from '../records.js';
import { sourceArns } from '../attachments/traffic-sources.js';

const NAME_MAX = 255;
const DEFAULT_COOLDOWN_SECONDS = 300;

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-groups.html */
export const groupHandlers: Handlers = {
  CreateAutoScalingGroup: ({ scope }: Call, input: CreateAutoScalingGroupType) => {
    checkSettings(input);
    const group = newGroup(scope, input);
    requireRoomForGroup(scope);
    scope.tables.groups.put(group.name, group);
    for (const hook of input.LifecycleHookSpecificationList ?? []) {
      putHook(scope, { ...hook, AutoScalingGroupName: group.name });
    }
    if (group.targetGroups.length > 0) settleSoon(scope, group.name);
    awaken(scope, group.name);
    return {};
  },
  UpdateAutoScalingGroup: ({ scope }: Call, input: UpdateAutoScalingGroupType) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    checkSettings(input);
    refuseLaunchChange(scope, group, input);
    const sizes = updatedSizes(group, input);
    scope.tables.groups.update(group.name, {
      ...sizes,
      ...placement(scope, input),
      launch: resolveLaunchSource(scope, input) ?? group.launch,
      cooldownSeconds: input.DefaultCooldown ?? group.cooldownSeconds,
      healthCheckType: checkedHealthCheckType(input.HealthCheckType ?? group.healthCheckType),
      graceSeconds: input.HealthCheckGracePeriod ?? group.graceSeconds,
      terminationPolicies: input.TerminationPolicies ?? group.terminationPolicies,
      protectsNewInstances: input.NewInstancesProtectedFromScaleIn ?? group.protectsNewInstances,
      deletionProtection: input.DeletionProtection ?? group.deletionProtection,
      lastChange: sizeChange(scope, group, {
        ...sizes,
        verb: 'update of AutoScalingGroup constraints to',
      }),
      launchNotBefore: 0,
      extras: updatedExtras(group, input),
    });
    awaken(scope, group.name);
    return {};
  },
  SetDesiredCapacity: ({ scope }: Call, input: SetDesiredCapacityType) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    const desired = input.DesiredCapacity ?? 0;
    checkRange('DesiredCapacity', desired, { min: 0, max: 2_147_483_647 });
    if (desired > group.maxSize) {
      throw validationError(
        `New SetDesiredCapacity value ${desired} is above max value ${group.maxSize} for the AutoScalingGroup.`,
      );
    }
    if (desired < group.minSize) {
      throw validationError(
        `New SetDesiredCapacity value ${desired} is below min value ${group.minSize} for the AutoScalingGroup.`,
      );
    }
    if (input.HonorCooldown === true && isBusy(scope, group)) {
      throw new AwsError(
        'ScalingActivityInProgress',
        'Scaling activity is in progress and in cooldown',
      );
    }
    const lastChange = sizeChange(scope, group, {
      ...group,
      desired,
      verb: 'explicitly set group desired capacity',
    });
    scope.tables.groups.update(group.name, { desired, lastChange, launchNotBefore: 0 });
    awaken(scope, group.name);
    return {};
  },
  DeleteAutoScalingGroup: ({ scope }: Call, input: DeleteAutoScalingGroupType) => {
    const group = getGroup(scope, input.AutoScalingGroupName);
    refuseProtected(group, input.ForceDelete === true);
    if (input.ForceDelete !== true) {
      if (membersOf(scope, group.name).some((member) => !isLeaving(member))) {
        throw new AwsError(
          'ResourceInUse',
          'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
        );
      }
      if (hasActivityInProgress(scope, group.name)) {
        throw new AwsError(
          'ScalingActivityInProgress',
          'You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.',
        );
      }
    }
    if (!group.deleting) beginDeletion(scope, group);
    return {};
  },
};

function newGroup(scope: Scope, input: CreateAutoScalingGroupType): GroupRecord {
  const name = input.AutoScalingGroupName ?? '';
  if (name === '' || name.length > NAME_MAX || name.includes(':')) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'autoScalingGroupName' failed to satisfy constraint: Member must have length between 1 and ${NAME_MAX} and no colon`,
    );
  }
  if (scope.tables.groups.find(name) !== undefined) {
    throw new AwsError(
      'AlreadyExists',
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    );
  }
  const place = placement(scope, input);
  if (place === undefined)
    throw validationError('At least one Availability Zone or VPC Subnet is required.');
  const launch = resolveLaunchSource(scope, input);
  if (launch === undefined) {
    throw validationError(
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    );
  }
  const minSize = input.MinSize ?? 0;
  const sizes = checkedSizes({
    minSize,
    maxSize: input.MaxSize ?? 0,
    desired: input.DesiredCapacity ?? minSize,
  });
  const hex = scope.world.nextHex(32);
  const id = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
  return {
    name,
    arn: `arn:aws:autoscaling:${scope.region}:${scope.account}:autoScalingGroup:${id}:autoScalingGroupName/${name}`,
    createdAt: scope.now(),
    ...sizes,
    ...place,
    launch,
    cooldownSeconds: input.DefaultCooldown ?? DEFAULT_COOLDOWN_SECONDS,
    healthCheckType: checkedHealthCheckType(input.HealthCheckType ?? 'EC2'),
    graceSeconds: input.HealthCheckGracePeriod ?? 0,
    targetGroups: [
      ...newAttachments(checkedTargetGroups(scope, input.TargetGroupARNs ?? []), false),
      ...newAttachments(checkedTargetGroups(scope, sourceArns(input.TrafficSources)), true),
    ],
    suspended: [],
    suspendedAt: {},
    tags: checkedTags(name, input.Tags ?? []),
    terminationPolicies: input.TerminationPolicies ?? ['Default'],
    protectsNewInstances: input.NewInstancesProtectedFromScaleIn ?? false,
    deleting: false,
    deletionProtection: input.DeletionProtection,
    failedLaunches: 0,
    launchNotBefore: 0,
    lastChange: `At ${scope.timestamp()} a user request created an AutoScalingGroup changing the desired capacity from 0 to ${sizes.desired}.`,
    extras: extrasOf(input),
  };
}

/** Why the size changes, as Auto Scaling words it in the causes of its activities. */
function sizeChange(
  scope: Scope,
  group: GroupRecord,
  change: Sizes & { readonly verb: string },
): string {
  if (change.desired === group.desired) return group.lastChange;
  const bounds = change.verb.endsWith('to')
    ? ` min: ${change.minSize}, max: ${change.maxSize}, desired: ${change.desired}`
    : '';
  return `At ${scope.timestamp()} a user request ${change.verb}${bounds} changing the desired capacity from ${group.desired} to ${change.desired}.`;
}

/** What a refresh will set when it succeeds cannot be changed meanwhile. */
function refuseLaunchChange(
  scope: Scope,
  group: GroupRecord,
  input: UpdateAutoScalingGroupType,
): void {
  const changes = [
    input.LaunchTemplate,
    input.LaunchConfigurationName,
    input.MixedInstancesPolicy,
  ].some((change) => change !== undefined);
  if (changes && findActiveRefresh(scope, group.name)?.wanted !== undefined) {
    throw validationError(
      'An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.',
    );
  }
}

function isBusy(scope: Scope, group: GroupRecord): boolean {
  return hasActivityInProgress(scope, group.name) || isCoolingDown(scope, group);
}

function refuseProtected(group: GroupRecord, force: boolean): void {
  const protection = group.deletionProtection;
  if (protection === 'prevent-all-deletion' || (protection === 'prevent-force-deletion' && force)) {
    throw validationError(
      `You cannot delete AutoScalingGroup '${group.name}': its deletion protection is ${protection}`,
    );
  }
}

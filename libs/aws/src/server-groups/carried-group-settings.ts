import type { AutoScalingGroup, CreateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import type { MixedInstances, SourceGroupSettings } from '@gennaker/domain';
import { membersOf } from './aws-members.js';

/** A member of CreateAutoScalingGroup that is copied as it is, where the group has set it. */
type CopiedMember = keyof AutoScalingGroup & keyof CreateAutoScalingGroupType;
type Copied = { readonly [Member in CopiedMember]?: (group: AutoScalingGroup) => boolean };

/** The members, each with when it is set: AWS shows its defaults, too, and asking for them would only be noise. */
const copied: Copied = {
  AvailabilityZoneDistribution: ({ AvailabilityZoneDistribution: distribution }) =>
    (distribution?.CapacityDistributionStrategy ?? 'balanced-best-effort') !==
    'balanced-best-effort',
  AvailabilityZoneImpairmentPolicy: (group) =>
    group.AvailabilityZoneImpairmentPolicy?.ZonalShiftEnabled === true,
  // A group without subnets of its own is in the default VPC, where a zone is as good as its subnet.
  AvailabilityZones: (group) => (group.VPCZoneIdentifier ?? '') === '',
  CapacityRebalance: (group) => group.CapacityRebalance === true,
  CapacityReservationSpecification: ({ CapacityReservationSpecification: specification }) =>
    (specification?.CapacityReservationPreference ?? 'default') !== 'default' ||
    specification?.CapacityReservationTarget !== undefined,
  DefaultInstanceWarmup: (group) => isSet(group.DefaultInstanceWarmup),
  InstanceLifecyclePolicy: (group) => group.InstanceLifecyclePolicy !== undefined,
  InstanceMaintenancePolicy: ({ InstanceMaintenancePolicy: policy }) =>
    isSet(policy?.MinHealthyPercentage) || isSet(policy?.MaxHealthyPercentage),
  MaxInstanceLifetime: (group) => (group.MaxInstanceLifetime ?? 0) > 0,
  NewInstancesProtectedFromScaleIn: (group) => group.NewInstancesProtectedFromScaleIn === true,
  PlacementGroup: (group) => (group.PlacementGroup ?? '') !== '',
  ServiceLinkedRoleARN: ({ ServiceLinkedRoleARN: arn }) =>
    arn !== undefined && !arn.endsWith('/AWSServiceRoleForAutoScaling'),
};

/** What a clone of the group is given besides its launch template, sizes, subnets, target groups and tags. */
export function carriedGroupSettings(group: AutoScalingGroup): SourceGroupSettings {
  const names = Object.keys(group).filter((name) => isCopied(name) && copied[name]?.(group));
  const others = Object.keys(group).filter((name) => !names.includes(name));
  return {
    members: membersOf(group, others),
    mixedInstances: mixedInstances(group),
    enabledMetrics: (group.EnabledMetrics ?? []).flatMap(({ Metric }) => Metric ?? []).toSorted(),
    warmPool: warmPool(group),
  };
}

function isCopied(name: string): name is CopiedMember {
  return Object.hasOwn(copied, name);
}

function mixedInstances({ MixedInstancesPolicy: policy }: AutoScalingGroup): MixedInstances | null {
  if (policy === undefined) return null;
  return {
    distribution: membersOf(policy.InstancesDistribution ?? {}),
    overrides: (policy.LaunchTemplate?.Overrides ?? []).map((override) => membersOf(override)),
  };
}

function warmPool({ WarmPoolConfiguration: pool }: AutoScalingGroup) {
  if (pool === undefined || pool.Status === 'PendingDelete') return null;
  return membersOf(pool, ['Status']);
}

/** AWS shows a number that was cleared as -1. */
function isSet(value: number | undefined): boolean {
  return value !== undefined && value >= 0;
}

import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { UncarriedSetting } from './server-group-settings.js';

/** Gives the value in words where the group has the setting, else null. */
type Reader = (group: AutoScalingGroup) => string | null;

/**
 * Every setting of a group that CreateAutoScalingGroup could set and a clone of ours does not, each read against AWS's
 * default. Policies, schedules, hooks and notifications hang on the group and are read apart.
 */
const readers: Readonly<Record<string, Reader>> = {
  mixedInstancesPolicy: (group) => inWords(group.MixedInstancesPolicy),
  warmPool: (group) => inWords(group.WarmPoolConfiguration),
  classicLoadBalancers: (group) => inWords(group.LoadBalancerNames),
  trafficSources: otherTrafficSources,
  enabledMetrics: (group) => inWords(group.EnabledMetrics?.map(({ Metric }) => Metric)),
  availabilityZones: (group) =>
    (group.VPCZoneIdentifier ?? '') === '' ? inWords(group.AvailabilityZones) : null,
  availabilityZoneDistribution: (group) =>
    unless(
      group.AvailabilityZoneDistribution?.CapacityDistributionStrategy,
      'balanced-best-effort',
    ),
  availabilityZoneImpairmentPolicy: (group) =>
    group.AvailabilityZoneImpairmentPolicy?.ZonalShiftEnabled === true
      ? inWords(group.AvailabilityZoneImpairmentPolicy)
      : null,
  capacityRebalance: (group) => (group.CapacityRebalance === true ? 'true' : null),
  capacityReservation: capacityReservation,
  context: (group) => inWords(group.Context),
  defaultInstanceWarmup: (group) => ifSet(group.DefaultInstanceWarmup),
  deletionProtection: (group) => unless(group.DeletionProtection, 'none'),
  desiredCapacityType: (group) => unless(group.DesiredCapacityType, 'units'),
  instanceLifecyclePolicy: (group) => inWords(group.InstanceLifecyclePolicy),
  instanceMaintenancePolicy: instanceMaintenancePolicy,
  maxInstanceLifetime: (group) => ifSet(group.MaxInstanceLifetime || undefined),
  newInstancesProtectedFromScaleIn: (group) =>
    group.NewInstancesProtectedFromScaleIn === true ? 'true' : null,
  operator: (group) => inWords(group.Operator?.Principal),
  placementGroup: (group) => inWords(group.PlacementGroup),
  serviceLinkedRole: (group) =>
    group.ServiceLinkedRoleARN?.endsWith('/AWSServiceRoleForAutoScaling') === true
      ? null
      : inWords(group.ServiceLinkedRoleARN),
};

/** What the group has set and a clone would lose, in a stable order. */
export function uncarriedSettings(group: AutoScalingGroup): readonly UncarriedSetting[] {
  return Object.entries(readers).flatMap(([name, read]) => {
    const value = read(group);
    return value === null ? [] : [{ name, value }];
  });
}

/** Target groups are traffic sources too, and are carried over; classic load balancers are named by themselves. */
function otherTrafficSources(group: AutoScalingGroup): string | null {
  const others = (group.TrafficSources ?? []).filter(
    ({ Type }) => Type !== undefined && Type !== 'elbv2' && Type !== 'elb',
  );
  return inWords(others.map(({ Identifier }) => Identifier));
}

function capacityReservation({
  CapacityReservationSpecification: specification,
}: AutoScalingGroup) {
  const isDefault =
    (specification?.CapacityReservationPreference ?? 'default') === 'default' &&
    specification?.CapacityReservationTarget === undefined;
  return isDefault ? null : inWords(specification);
}

function instanceMaintenancePolicy({ InstanceMaintenancePolicy: policy }: AutoScalingGroup) {
  const percentages = [policy?.MinHealthyPercentage, policy?.MaxHealthyPercentage];
  return percentages.every((percentage) => ifSet(percentage) === null) ? null : inWords(policy);
}

/** AWS shows a number that was cleared as -1, and a lifetime of 0 means none. */
function ifSet(value: number | undefined): string | null {
  return value === undefined || value < 0 ? null : String(value);
}

function unless(value: string | undefined, usual: string): string | null {
  return value === undefined || value === usual ? null : value;
}

function inWords(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

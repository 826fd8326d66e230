import type {
  CreateAutoScalingGroupType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../../wire/aws-error.js';
import type { Scope } from '../../world/scope.js';
import type { GroupExtras, GroupRecord } from '../records.js';

export interface Sizes {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
}

const EXTRAS = [
  'MixedInstancesPolicy',
  'PlacementGroup',
  'CapacityRebalance',
  'ServiceLinkedRoleARN',
  'MaxInstanceLifetime',
  'Context',
  'DesiredCapacityType',
  'DefaultInstanceWarmup',
  'InstanceMaintenancePolicy',
  'AvailabilityZoneDistribution',
  'AvailabilityZoneImpairmentPolicy',
  'CapacityReservationSpecification',
  'LoadBalancerNames',
  'InstanceLifecyclePolicy',
] as const;

const HEALTH_CHECK_TYPES = ['EC2', 'ELB', 'EBS', 'VPC_LATTICE'];

/** The sizes of a new group: without a wanted one it is the minimum. */
export function checkedSizes(sizes: Sizes): Sizes {
  const { minSize, maxSize, desired } = sizes;
  for (const [label, value] of Object.entries({
    MinSize: minSize,
    MaxSize: maxSize,
    DesiredCapacity: desired,
  })) {
    if (!Number.isInteger(value) || value < 0)
      throw validationError(`${label} must be a non-negative integer`);
  }
  if (minSize > maxSize)
    throw validationError('Max bound must be greater than or equal to min bound');
  if (desired < minSize || desired > maxSize) {
    throw validationError(
      `Desired capacity:${desired} must be between the specified min size:${minSize} and max size:${maxSize}`,
    );
  }
  return sizes;
}

/**
 * The sizes after an update. A minimum above the wanted size lifts it, a maximum below lowers it, unless the call
 * names a wanted size (API_UpdateAutoScalingGroup).
 */
export function updatedSizes(group: GroupRecord, input: UpdateAutoScalingGroupType): Sizes {
  const minSize = input.MinSize ?? group.minSize;
  const maxSize = input.MaxSize ?? group.maxSize;
  const fitting = Math.max(minSize, Math.min(maxSize, group.desired));
  return checkedSizes({ minSize, maxSize, desired: input.DesiredCapacity ?? fitting });
}

/** Where a group launches: its subnets and their zones, or zones alone. `undefined` when the call names neither. */
export function placement(
  scope: Scope,
  input: CreateAutoScalingGroupType | UpdateAutoScalingGroupType,
): Pick<GroupRecord, 'zones' | 'subnetIds'> | undefined {
  const subnetIds = (input.VPCZoneIdentifier ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (subnetIds.length === 0 && input.AvailabilityZones === undefined) return undefined;
  const subnets = subnetIds.map((id) => {
    const subnet = scope.tables.subnets.find(id);
    if (subnet === undefined) throw validationError(`The subnet ID '${id}' does not exist`);
    return subnet;
  });
  const unknown = input.AvailabilityZones?.find((zone) => !scope.zones().includes(zone));
  if (unknown !== undefined) throw validationError(`Invalid availability zone: ${unknown}`);
  const zones =
    subnets.length > 0 ? subnets.map(({ zone }) => zone) : (input.AvailabilityZones ?? []);
  return { subnetIds, zones: [...new Set(zones)] };
}

/** The health check type as given, checked: EC2 always counts, the others may be listed. */
export function checkedHealthCheckType(type: string): string {
  const unknown = type.split(',').find((part) => !HEALTH_CHECK_TYPES.includes(part));
  if (unknown !== undefined)
    throw validationError(
      `Health check type ${unknown} is not valid. Valid types: ${HEALTH_CHECK_TYPES.join(', ')}`,
    );
  return type;
}

/** What the call sets of the things that a group merely keeps. */
export function extrasOf(
  input: CreateAutoScalingGroupType | UpdateAutoScalingGroupType,
): GroupExtras {
  return Object.fromEntries(
    EXTRAS.map((name) => [name, Reflect.get(input, name) as unknown]).filter(
      ([, value]) => value !== undefined,
    ),
  ) as GroupExtras;
}

/** What a group keeps after an update; another launch source takes the place of a mixed instances policy. */
export function updatedExtras(group: GroupRecord, input: UpdateAutoScalingGroupType): GroupExtras {
  const { MixedInstancesPolicy: policy, ...others } = group.extras;
  const isReplaced =
    input.LaunchTemplate !== undefined || input.LaunchConfigurationName !== undefined;
  const kept =
    isReplaced || policy === undefined ? others : { ...others, MixedInstancesPolicy: policy };
  return { ...kept, ...extrasOf(input) };
}

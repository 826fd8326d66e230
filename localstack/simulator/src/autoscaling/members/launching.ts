import { freeAddresses, noFreeAddress } from '../../ec2/addresses.js';
import { launchInstance } from '../../ec2/instance-lifecycle.js';
import type { InstanceRecord } from '../../ec2/records.js';
import { requireVcpus } from '../../ec2/vcpus.js';
import { registerTarget } from '../../elb/target-health.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Scope } from '../../world/scope.js';
import { findActiveRefresh } from '../refreshes/active-refresh.js';
import { beginActivity } from '../activities.js';
import { isActive, membersOf, unitsOf } from '../groups/group-access.js';
import { launchOptionsOf, launchPlanOf } from './launch-options.js';
import { launchRequestOf, type LaunchOption } from './launch-source.js';
import type { GroupRecord, MemberRecord } from '../records.js';
import { viewOf } from '../refreshes/refresh-plan.js';

/** After launches that failed the next try waits, twice as long each time; both figures are assumptions. */
const RETRY_SECONDS_MIN = 15;
const RETRY_SECONDS_MAX = 240;

/**
 * Launches until the members make up so many units, each in the zone that has fewest; a zone without capacity is
 * passed over ("balanced best effort") unless the group says "balanced only". After a failure the next try waits.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html
 */
export function launchMembers(scope: Scope, group: GroupRecord, wantedUnits: number): void {
  const cause = launchCause(scope, group, wantedUnits);
  const isStrict =
    group.extras.AvailabilityZoneDistribution?.CapacityDistributionStrategy === 'balanced-only';
  while (unitsOf(scope, group.name) < wantedUnits) {
    const zones = zonesByNeed(scope, group);
    const isLaunched = (isStrict ? zones.slice(0, 1) : zones).some((zone) =>
      launchMember(scope, group, { zone, cause }),
    );
    if (!isLaunched) {
      postpone(scope, group);
      return;
    }
  }
  scope.tables.groups.update(group.name, { failedLaunches: 0, launchNotBefore: 0 });
}

/** Launches one instance in a zone, the first way that has capacity. False: none had, and a failed activity says why. */
export function launchMember(
  scope: Scope,
  group: GroupRecord,
  at: { readonly zone: string; readonly cause: string; readonly evensOut?: boolean },
): boolean {
  let refusal: AwsError | undefined;
  const plan = launchPlanOf(scope, group);
  const options = attempted(() => launchOptionsOf(scope, plan));
  if (options instanceof AwsError) refusal = options;
  else {
    for (const option of options) {
      const launched = attempted(() => launchOption(scope, group, { ...at, option }));
      if (!(launched instanceof AwsError)) {
        addMember(scope, group, {
          ...at,
          option,
          instance: launched,
          refreshedBy: plan.refreshedBy,
        });
        return true;
      }
      refusal ??= launched;
    }
  }
  if (refusal !== undefined) recordFailure(scope, group, { ...at, refusal });
  return false;
}

/** What the call gives, or the refusal that it ends with. */
function attempted<T>(call: () => T): T | AwsError {
  try {
    return call();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function launchOption(
  scope: Scope,
  group: GroupRecord,
  at: { readonly zone: string; readonly option: LaunchOption },
): InstanceRecord {
  const request = launchRequestOf(scope, group, at.option);
  requireVcpus(scope, request.instanceType);
  if (!scope.world.capacity.has(scope.region, at.zone, request.instanceType))
    throw noCapacity(scope, at.zone, request.instanceType);
  return launchInstance(scope, {
    ...request,
    zone: at.zone,
    subnetId: subnetWithAddress(scope, group, at.zone),
  });
}

function addMember(
  scope: Scope,
  group: GroupRecord,
  launched: {
    readonly zone: string;
    readonly cause: string;
    readonly option: LaunchOption;
    readonly instance: InstanceRecord;
    readonly refreshedBy: string | undefined;
    readonly evensOut?: boolean;
  },
): void {
  const { instance, option, refreshedBy, evensOut = false } = launched;
  const { instanceId } = instance;
  const activityId = beginActivity(scope, group, {
    description: `Launching a new EC2 instance: ${instanceId}`,
    cause: launched.cause,
    status: 'InProgress',
    progress: 30,
    details: detailsOf(instance.subnetId, launched.zone),
  });
  scope.tables.members.put(instanceId, {
    instanceId,
    group: group.name,
    zone: launched.zone,
    instanceType: instance.instanceType,
    state: 'Pending',
    healthy: true,
    unhealthyBecause: '',
    launch: option.source,
    protectedFromScaleIn: group.protectsNewInstances,
    inServiceAt: undefined,
    activityId,
    ...(option.weight === 1 ? {} : { weight: option.weight }),
    ...(refreshedBy === undefined ? {} : { refreshedBy }),
    ...(evensOut ? { evensOut } : {}),
  });
}

function recordFailure(
  scope: Scope,
  group: GroupRecord,
  failed: { readonly zone: string; readonly cause: string; readonly refusal: AwsError },
): void {
  const reason = `${failed.refusal.message} Launching EC2 instance failed.`;
  beginActivity(scope, group, {
    description: `Launching a new EC2 instance.  Status Reason: ${reason}`,
    cause: failed.cause,
    status: 'Failed',
    message: reason,
    progress: 100,
    details: detailsOf(subnetsIn(scope, group, failed.zone)[0] ?? '', failed.zone),
  });
}

function detailsOf(subnetId: string, zone: string): string {
  return JSON.stringify({ 'Subnet ID': subnetId, 'Availability Zone': zone });
}

export function registerMember(scope: Scope, group: GroupRecord, member: MemberRecord): void {
  for (const attached of group.targetGroups) {
    const targetGroup = scope.tables.targetGroups.find(attached.arn);
    if (attached.state !== 'Removing' && targetGroup !== undefined) {
      registerTarget(scope, targetGroup, { instanceId: member.instanceId });
    }
  }
}

/** The group's zones, the one with the fewest members first; among equals the one in which a refresh has most to replace. */
export function zonesByNeed(scope: Scope, group: GroupRecord): readonly string[] {
  const counts = countByZone(scope, group);
  const stale = staleByZone(scope, group);
  return group.zones.toSorted(
    (a, b) =>
      (counts.get(a) ?? 0) - (counts.get(b) ?? 0) ||
      (stale.get(b) ?? 0) - (stale.get(a) ?? 0) ||
      (a < b ? -1 : 1),
  );
}

function staleByZone(scope: Scope, group: GroupRecord): ReadonlyMap<string, number> {
  const refresh = findActiveRefresh(scope, group.name);
  const stale = new Map<string, number>();
  if (refresh === undefined) return stale;
  for (const { zone } of viewOf(scope, group, refresh).replaceable) {
    stale.set(zone, (stale.get(zone) ?? 0) + 1);
  }
  return stale;
}

export function countByZone(scope: Scope, group: GroupRecord): ReadonlyMap<string, number> {
  const counts = new Map(group.zones.map((zone) => [zone, 0]));
  for (const member of membersOf(scope, group.name)) {
    if (isActive(member)) counts.set(member.zone, (counts.get(member.zone) ?? 0) + 1);
  }
  return counts;
}

function launchCause(scope: Scope, group: GroupRecord, wantedUnits: number): string {
  const before = unitsOf(scope, group.name);
  const at = scope.timestamp();
  return `${group.lastChange}  At ${at} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${before} to ${wantedUnits}.`.trimStart();
}

function subnetsIn(scope: Scope, group: GroupRecord, zone: string): readonly string[] {
  return group.subnetIds.filter((id) => scope.tables.subnets.find(id)?.zone === zone);
}

/** The first of the group's subnets in the zone that has an address left; a group of zones alone has no subnets. */
function subnetWithAddress(scope: Scope, group: GroupRecord, zone: string): string {
  const subnetIds = subnetsIn(scope, group, zone);
  if (subnetIds.length === 0) return '';
  const free = subnetIds.find((id) => freeAddresses(scope, id) > 0);
  if (free === undefined) throw noFreeAddress(subnetIds[0] ?? '', 1);
  return free;
}

function noCapacity(scope: Scope, zone: string, instanceType: string): AwsError {
  const others = scope
    .zones()
    .filter(
      (other) => other !== zone && scope.world.capacity.has(scope.region, other, instanceType),
    );
  const advice =
    others.length === 0
      ? ''
      : ` You can currently get ${instanceType} capacity by not specifying an Availability Zone in your request or choosing ${others.join(', ')}.`;
  return new AwsError(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.${advice}`,
  );
}

function postpone(scope: Scope, group: GroupRecord): void {
  const failedLaunches = (scope.tables.groups.find(group.name)?.failedLaunches ?? 0) + 1;
  const seconds = Math.min(RETRY_SECONDS_MIN * 2 ** (failedLaunches - 1), RETRY_SECONDS_MAX);
  scope.tables.groups.update(group.name, {
    failedLaunches,
    launchNotBefore: scope.now() + seconds * 1000,
  });
  scope.schedule('group:reconciled', group.name, seconds);
}

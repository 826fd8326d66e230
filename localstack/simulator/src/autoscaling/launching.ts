import { launchInstance } from '../ec2/instance-lifecycle.js';
import { registerTarget } from '../elb/target-health.js';
import { AwsError } from '../wire/aws-error.js';
import type { Scope } from '../world/scope.js';
import { beginActivity } from './activities.js';
import { isActive, membersOf } from './group-access.js';
import { launchRequestOf, pinnedSource } from './launch-source.js';
import type { GroupRecord, MemberRecord } from './records.js';

/** After launches that failed the next try waits, twice as long each time; both figures are assumptions. */
const RETRY_SECONDS_MIN = 15;
const RETRY_SECONDS_MAX = 240;

/**
 * Launches as many instances as are wanted, each in the zone that has fewest; a zone without capacity is passed over
 * ("balanced best effort"). Returns how many could not be launched in any zone.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html
 */
export function launchMembers(scope: Scope, group: GroupRecord, count: number): number {
  const cause = launchCause(scope, group, count);
  for (let launched = 0; launched < count; launched += 1) {
    const isLaunched = zonesByNeed(scope, group).some((zone) =>
      launchMember(scope, group, { zone, cause }),
    );
    if (!isLaunched) {
      postpone(scope, group);
      return count - launched;
    }
  }
  scope.tables.groups.update(group.name, { failedLaunches: 0, launchNotBefore: 0 });
  return 0;
}

/** Launches one instance in a zone. False: it could not be, and a failed activity says why. */
export function launchMember(
  scope: Scope,
  group: GroupRecord,
  at: { readonly zone: string; readonly cause: string },
): boolean {
  const details = JSON.stringify({
    'Subnet ID': subnetIn(scope, group, at.zone),
    'Availability Zone': at.zone,
  });
  try {
    const source = pinnedSource(scope, group.launch);
    const request = launchRequestOf(scope, group, source);
    if (!scope.world.capacity.has(scope.region, at.zone, request.instanceType))
      throw noCapacity(scope, at.zone, request.instanceType);
    const instance = launchInstance(scope, {
      ...request,
      subnetId: subnetIn(scope, group, at.zone),
    });
    const activityId = beginActivity(scope, group, {
      description: `Launching a new EC2 instance: ${instance.instanceId}`,
      cause: at.cause,
      status: 'InProgress',
      progress: 30,
      details,
    });
    scope.tables.members.put(instance.instanceId, {
      instanceId: instance.instanceId,
      group: group.name,
      zone: at.zone,
      instanceType: request.instanceType,
      state: 'Pending',
      healthy: true,
      unhealthyBecause: '',
      launch: source,
      protectedFromScaleIn: group.protectsNewInstances,
      inServiceAt: undefined,
      activityId,
    });
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    beginActivity(scope, group, {
      description: 'Launching a new EC2 instance.  Status Reason: ' + statusReason(error),
      cause: at.cause,
      status: 'Failed',
      message: statusReason(error),
      progress: 100,
      details,
    });
    return false;
  }
}

export function registerMember(scope: Scope, group: GroupRecord, member: MemberRecord): void {
  for (const attached of group.targetGroups) {
    const targetGroup = scope.tables.targetGroups.find(attached.arn);
    if (attached.state !== 'Removing' && targetGroup !== undefined) {
      registerTarget(scope, targetGroup, { instanceId: member.instanceId });
    }
  }
}

/** The group's zones, the one with the fewest members first. */
export function zonesByNeed(scope: Scope, group: GroupRecord): readonly string[] {
  const counts = countByZone(scope, group);
  return group.zones.toSorted(
    (a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || (a < b ? -1 : 1),
  );
}

export function countByZone(scope: Scope, group: GroupRecord): ReadonlyMap<string, number> {
  const counts = new Map(group.zones.map((zone) => [zone, 0]));
  for (const member of membersOf(scope, group.name)) {
    if (isActive(member)) counts.set(member.zone, (counts.get(member.zone) ?? 0) + 1);
  }
  return counts;
}

function launchCause(scope: Scope, group: GroupRecord, count: number): string {
  const before = membersOf(scope, group.name).filter(isActive).length;
  const at = scope.timestamp();
  return `${group.lastChange}  At ${at} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${before} to ${before + count}.`.trimStart();
}

function subnetIn(scope: Scope, group: GroupRecord, zone: string): string {
  return group.subnetIds.find((id) => scope.tables.subnets.find(id)?.zone === zone) ?? '';
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

function statusReason(error: AwsError): string {
  return `${error.message} Launching EC2 instance failed.`;
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

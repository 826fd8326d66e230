import { deregisterTarget } from '../../elb/target-health.js';
import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import { findActiveRefresh } from '../refreshes/active-refresh.js';
import { awaken, isActive, isSuspended, membersOf } from './group-access.js';
import type { GroupRecord, MemberRecord } from '../records.js';

/** A change of health is noticed so long after it; an assumption. */
const NOTICE_SECONDS = 5;

/**
 * Health checks of a group's members: EC2's always, ELB's for groups that ask for it and only after the grace
 * period. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
 */
export const healthTransitions: Readonly<Record<string, Transition>> = {
  'group:health-checked': (scope, name) => {
    const group = scope.tables.groups.find(name);
    if (group === undefined || group.deleting || isSuspended(group, 'HealthCheck')) return;
    for (const member of membersOf(scope, name)) checkMember(scope, group, member);
  },
};

/** Lets the health of the group's members be looked at soon. */
export function noticeHealth(scope: Scope, group: string): void {
  scope.schedule('group:health-checked', group, NOTICE_SECONDS);
}

/** Marks a member unhealthy; it is replaced as soon as the group may. */
export function markUnhealthy(scope: Scope, member: MemberRecord, because: string): void {
  if (!member.healthy) return;
  scope.tables.members.update(member.instanceId, { healthy: false, unhealthyBecause: because });
  awaken(scope, member.group);
}

export const memberInstanceChanged: Transition = (scope, instanceId) => {
  const member = scope.tables.members.find(instanceId);
  if (member !== undefined && isActive(member)) noticeHealth(scope, member.group);
};

/** Targets have come, gone or changed: attachments may be in service now, and members unhealthy. */
export const attachedTargetsChanged: Transition = (scope, arn) => {
  for (const group of scope.tables.groups.where('targetGroup', arn)) {
    const attached = group.targetGroups.find((target) => target.arn === arn);
    if (attached === undefined) continue;
    noticeHealth(scope, group.name);
    if (findActiveRefresh(scope, group.name) !== undefined)
      scope.schedule('refresh:advanced', group.name, 0);
    if (attached.state === 'Added') scope.schedule('group:attachments-settled', group.name, 0);
  }
};

function checkMember(scope: Scope, group: GroupRecord, member: MemberRecord): void {
  if (!isActive(member) || !member.healthy) return;
  const instance = scope.tables.instances.find(member.instanceId);
  const isUp = instance?.state === 'running' || instance?.state === 'pending';
  if (!isUp) {
    markUnhealthy(
      scope,
      member,
      'an EC2 health check indicating it has been terminated or stopped',
    );
    for (const target of scope.tables.targets.where('instance', member.instanceId)) {
      if (group.targetGroups.some(({ arn }) => arn === target.targetGroupArn)) {
        deregisterTarget(scope, `${target.targetGroupArn}|${target.instanceId}|${target.port}`);
      }
    }
    return;
  }
  if (!group.healthCheckType.includes('ELB') || member.inServiceAt === undefined) return;
  const graceEndsAt = member.inServiceAt + group.graceSeconds * 1000;
  if (scope.now() < graceEndsAt) {
    scope.schedule('group:health-checked', group.name, (graceEndsAt - scope.now()) / 1000);
    return;
  }
  if (!isHealthyOnLoadBalancers(scope, group, member))
    markUnhealthy(scope, member, 'an ELB system health check failure');
}

/** An instance that an attached target group does not know, or knows as anything but healthy or initial, has failed. */
function isHealthyOnLoadBalancers(scope: Scope, group: GroupRecord, member: MemberRecord): boolean {
  const targets = scope.tables.targets.where('instance', member.instanceId);
  return group.targetGroups.every(({ arn, state }) => {
    if (
      state === 'Removing' ||
      state === 'Adding' ||
      scope.tables.targetGroups.find(arn) === undefined
    )
      return true;
    return targets.some(
      (target) =>
        target.targetGroupArn === arn && (target.state === 'healthy' || target.state === 'initial'),
    );
  });
}

import { terminateInstance } from '../ec2/instance-lifecycle.js';
import { deregisterTarget, drainSecondsOf, targetKey } from '../elb/target-health.js';
import type { Scope } from '../world/scope.js';
import type { Transition } from '../world/world.js';
import { beginActivity, endActivity } from './activities.js';
import { awaken, getGroup, isActive, membersOf } from './group-access.js';
import { countByZone } from './launching.js';
import type { GroupRecord, MemberRecord } from './records.js';

interface Termination {
  readonly cause: string;
  /** Deleting a group by force does not wait for connections to drain. */
  readonly withoutDraining?: boolean;
}

/**
 * InService → Terminating → gone: the instance leaves its target groups, drains for the longest deregistration
 * delay among them, and is terminated. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
 */
export function terminateMember(
  scope: Scope,
  member: MemberRecord,
  termination: Termination,
): string {
  const group = getGroup(scope, member.group);
  if (member.state === 'Terminating') return member.activityId;
  if (member.state === 'Pending')
    endActivity(scope, member.activityId, {
      status: 'Cancelled',
      message: 'Instance was terminated before it was in service',
    });
  const drainSeconds = leaveTargetGroups(scope, group, member);
  const waits = drainSeconds > 0 && termination.withoutDraining !== true;
  const activityId = beginActivity(scope, group, {
    description: `Terminating EC2 instance: ${member.instanceId}${waits ? ' - Waiting For ELB Connection Draining.' : ''}`,
    cause: termination.cause,
    status: waits ? 'WaitingForELBConnectionDraining' : 'InProgress',
    progress: 50,
    details: JSON.stringify({
      'Subnet ID': scope.tables.instances.find(member.instanceId)?.subnetId ?? '',
      'Availability Zone': member.zone,
    }),
  });
  scope.tables.members.update(member.instanceId, { state: 'Terminating', activityId });
  scope.reschedule('member:drained', member.instanceId, waits ? drainSeconds : 0);
  return activityId;
}

export const terminationTransitions: Readonly<Record<string, Transition>> = {
  'member:drained': (scope, instanceId) => {
    const member = scope.tables.members.find(instanceId);
    if (member?.state !== 'Terminating') return;
    const instance = scope.tables.instances.find(instanceId);
    if (instance === undefined || instance.state === 'terminated') removeMember(scope, member);
    else terminateInstance(scope, instanceId, 'Server.ScalingActivity: terminated by Auto Scaling');
  },
};

/** A member whose instance has ended leaves the group, if it was on its way out. */
export const terminatingMemberEnds: Transition = (scope, instanceId) => {
  const member = scope.tables.members.find(instanceId);
  if (member?.state !== 'Terminating') return;
  if ((scope.tables.instances.find(instanceId)?.state ?? 'terminated') === 'terminated')
    removeMember(scope, member);
};

/**
 * The members to end first when there are too many: those in the fullest zone, among them by the group's first
 * termination policy (oldest instance unless it says newest); protected ones never.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
 */
export function chooseForScaleIn(scope: Scope, group: GroupRecord): MemberRecord | undefined {
  const counts = countByZone(scope, group);
  const candidates = membersOf(scope, group.name).filter(
    (member) => isActive(member) && !member.protectedFromScaleIn,
  );
  const fullest = Math.max(0, ...candidates.map((member) => counts.get(member.zone) ?? 0));
  const direction = group.terminationPolicies[0] === 'NewestInstance' ? -1 : 1;
  const age = (member: MemberRecord) =>
    scope.tables.instances.find(member.instanceId)?.launchedAt ?? 0;
  return candidates
    .filter((member) => (counts.get(member.zone) ?? 0) === fullest)
    .toSorted((a, b) => direction * (age(a) - age(b)) || (a.instanceId < b.instanceId ? -1 : 1))[0];
}

function leaveTargetGroups(scope: Scope, group: GroupRecord, member: MemberRecord): number {
  let drainSeconds = 0;
  for (const { arn } of group.targetGroups) {
    for (const target of scope.tables.targets.where('targetGroup', arn)) {
      if (target.instanceId !== member.instanceId) continue;
      if (target.state !== 'unused')
        drainSeconds = Math.max(drainSeconds, drainSecondsOf(scope, arn));
      deregisterTarget(scope, targetKey(target));
    }
  }
  return drainSeconds;
}

function removeMember(scope: Scope, member: MemberRecord): void {
  endActivity(scope, member.activityId, { status: 'Successful' });
  scope.tables.members.delete(member.instanceId);
  scope.cancel('member:drained', member.instanceId);
  awaken(scope, member.group);
}

import { terminateInstance } from '../../ec2/instance-lifecycle.js';
import { deregisterTarget, drainSecondsOf, targetKey } from '../../elb/target-health.js';
import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import { activityDetails, beginActivity, endActivity } from '../activities.js';
import { awaken, getGroup, isArriving, isLeaving } from '../groups/group-access.js';
import { beginActions, dropActions } from './lifecycle-actions.js';
import type { GroupRecord, MemberRecord } from '../records.js';

interface Termination {
  readonly cause: string;
  /** Deleting a group by force does not wait for connections to drain. */
  readonly withoutDraining?: boolean;
}

/**
 * InService → Terminating (out of its target groups, draining for the longest deregistration delay among them) →
 * Terminating:Wait (while lifecycle hooks hold it) → Terminating:Proceed → gone. Without hooks it stays Terminating.
 * An abandoned hook retains the instance when the group's lifecycle policy says so.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
 */
export function terminateMember(
  scope: Scope,
  member: MemberRecord,
  termination: Termination,
): string {
  const group = getGroup(scope, member.group);
  if (isLeaving(member)) return member.activityId;
  dropActions(scope, member.instanceId);
  scope.cancel('member:proceeds', member.instanceId);
  scope.cancel('member:stands-by', member.instanceId);
  // What was under way with it (a launch, the way into standby) comes to no end of its own any more.
  endActivity(scope, member.activityId, {
    status: 'Cancelled',
    message: isArriving(member)
      ? 'Instance was terminated before it was in service'
      : 'Instance was terminated meanwhile',
  });
  const drainSeconds = leaveTargetGroups(scope, group, member);
  const waits = drainSeconds > 0 && termination.withoutDraining !== true;
  const activityId = beginActivity(scope, group, {
    description: `Terminating EC2 instance: ${member.instanceId}${waits ? ' - Waiting For ELB Connection Draining.' : ''}`,
    cause: termination.cause,
    status: waits ? 'WaitingForELBConnectionDraining' : 'InProgress',
    progress: 50,
    details: activityDetails(scope, member),
  });
  scope.tables.members.update(member.instanceId, {
    state: 'Terminating',
    activityId,
    abandoned: false,
  });
  scope.reschedule('member:drained', member.instanceId, waits ? drainSeconds : 0);
  return activityId;
}

export const terminationTransitions: Readonly<Record<string, Transition>> = {
  'member:drained': (scope, instanceId) => {
    const member = scope.tables.members.find(instanceId);
    if (member?.state !== 'Terminating') return;
    const isForced = getGroup(scope, member.group).deleting;
    if (!isForced && !isEnding(scope, member) && beginActions(scope, member, 'TERMINATING')) {
      scope.tables.members.update(instanceId, { state: 'Terminating:Wait' });
      scope.tables.activities.update(member.activityId, { status: 'MidLifecycleAction' });
    } else endInstance(scope, member);
  },
};

/** The hooks let a member go: its instance ends, or is retained. */
export function departMember(scope: Scope, member: MemberRecord): void {
  const retention = getGroup(scope, member.group).extras.InstanceLifecyclePolicy?.RetentionTriggers;
  if (member.abandoned === true && retention?.TerminateHookAbandon === 'retain') {
    scope.tables.members.update(member.instanceId, { state: 'Terminating:Retained' });
    endActivity(scope, member.activityId, {
      status: 'Cancelled',
      message: 'The instance is retained: a termination lifecycle hook was abandoned.',
    });
    awaken(scope, member.group);
    return;
  }
  scope.tables.members.update(member.instanceId, { state: 'Terminating:Proceed' });
  scope.tables.activities.update(member.activityId, { status: 'InProgress' });
  endInstance(scope, member);
}

/** The group is deleted by force: what still drains, waits for hooks or is retained ends now. */
export function hurryMember(scope: Scope, member: MemberRecord): void {
  dropActions(scope, member.instanceId);
  scope.cancel('member:proceeds', member.instanceId);
  if (member.state !== 'Terminating') {
    scope.tables.members.update(member.instanceId, { state: 'Terminating' });
  }
  scope.reschedule('member:drained', member.instanceId, 0);
}

/** A member whose instance has ended leaves the group, if it was on its way out and no hook holds it. */
export const terminatingMemberEnds: Transition = (scope, instanceId) => {
  const member = scope.tables.members.find(instanceId);
  if (member === undefined || !isLeaving(member) || member.state === 'Terminating:Wait') return;
  if (hasEnded(scope, member)) removeMember(scope, member);
};

function endInstance(scope: Scope, member: MemberRecord): void {
  if (hasEnded(scope, member)) removeMember(scope, member);
  else
    terminateInstance(
      scope,
      member.instanceId,
      'Server.ScalingActivity: terminated by Auto Scaling',
    );
}

function hasEnded(scope: Scope, { instanceId }: MemberRecord): boolean {
  return (scope.tables.instances.find(instanceId)?.state ?? 'terminated') === 'terminated';
}

function isEnding(scope: Scope, member: MemberRecord): boolean {
  const state = scope.tables.instances.find(member.instanceId)?.state;
  return state === undefined || state === 'shutting-down' || state === 'terminated';
}

/** Takes a member out of the group's target groups; returns for how many seconds it drains. */
export function leaveTargetGroups(scope: Scope, group: GroupRecord, member: MemberRecord): number {
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
  scope.cancel('member:proceeds', member.instanceId);
  dropActions(scope, member.instanceId);
  awaken(scope, member.group);
}

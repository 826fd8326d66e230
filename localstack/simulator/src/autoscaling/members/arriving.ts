import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import { endActivity } from '../activities.js';
import { awaken, getGroup, isSuspended } from '../groups/group-access.js';
import { registerMember } from './launching.js';
import { beginActions } from './lifecycle-actions.js';
import type { MemberRecord } from '../records.js';
import { departMember, terminateMember } from './terminating.js';

/** How long Pending:Proceed can be seen; an assumption. */
const PROCEED_SECONDS = 1;

/**
 * Pending → Pending:Wait (while lifecycle hooks hold it) → Pending:Proceed → InService; without hooks Pending →
 * InService. ABANDON, or its default when time runs out, ends the instance, and the group launches another.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
 */
export const arrivalTransitions: Readonly<Record<string, Transition>> = {
  'member:proceeds': (scope, instanceId) => {
    const member = scope.tables.members.find(instanceId);
    if (member?.state === 'Terminating:Wait') departMember(scope, member);
    if (member?.state !== 'Pending:Wait') return;
    if (member.abandoned === true) {
      const cause = `At ${scope.timestamp()} an instance was taken out of service in response to a lifecycle hook's ABANDON or its timeout.`;
      terminateMember(scope, member, { cause });
      return;
    }
    scope.tables.members.update(instanceId, { state: 'Pending:Proceed' });
    scope.schedule('member:serves', instanceId, PROCEED_SECONDS);
  },
  'member:serves': (scope, instanceId) => {
    const member = scope.tables.members.find(instanceId);
    if (member?.state === 'Pending:Proceed') enterService(scope, member);
  },
};

/** A member's instance runs: hooks hold it now, or it goes into service. */
export const pendingMemberRuns: Transition = (scope, instanceId) => {
  const member = scope.tables.members.find(instanceId);
  if (member?.state !== 'Pending' || scope.tables.instances.find(instanceId)?.state !== 'running')
    return;
  if (!beginActions(scope, member, 'LAUNCHING')) {
    enterService(scope, member);
    return;
  }
  scope.tables.members.update(instanceId, { state: 'Pending:Wait' });
  scope.tables.activities.update(member.activityId, { status: 'MidLifecycleAction' });
};

/**
 * Puts a member into service. It is registered with the group's target groups unless AddToLoadBalancer is suspended;
 * resuming that later does not make up for it.
 */
export function enterService(scope: Scope, member: MemberRecord): void {
  const group = getGroup(scope, member.group);
  scope.tables.members.update(member.instanceId, { state: 'InService', inServiceAt: scope.now() });
  endActivity(scope, member.activityId, { status: 'Successful' });
  if (!isSuspended(group, 'AddToLoadBalancer')) registerMember(scope, group, member);
  scope.schedule('group:health-checked', group.name, group.graceSeconds);
  // Only when all are in service can the group see whether its zones are even.
  awaken(scope, group.name);
}

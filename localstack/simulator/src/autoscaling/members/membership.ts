import type {
  Activity,
  AttachInstancesQuery,
  DetachInstancesQuery,
  DetachInstancesAnswer,
  EnterStandbyAnswer,
  EnterStandbyQuery,
  ExitStandbyAnswer,
  ExitStandbyQuery,
  SetInstanceProtectionQuery,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';
import { activityDetails, activityView, beginActivity } from '../activities.js';
import { checkCount } from '../groups/checks.js';
import { awaken, getLiveGroup } from '../groups/group-access.js';
import { checkAttachable, joinGroup } from './joining.js';
import type { GroupRecord, MemberRecord } from '../records.js';
import { leaveTargetGroups } from './terminating.js';

const CALL_MAX = 20;
const PROTECTION_MAX = 50;

interface Withdrawal {
  readonly verb: string;
  readonly state: 'Detaching' | 'EnteringStandby';
  readonly event: string;
  readonly description: (instanceId: string) => string;
}

const detaching: Withdrawal = {
  verb: 'was detached',
  state: 'Detaching',
  event: 'member:detached',
  description: (id) => `Detaching EC2 instance: ${id}`,
};
const enteringStandby: Withdrawal = {
  verb: 'was moved to standby',
  state: 'EnteringStandby',
  event: 'member:stands-by',
  description: (id) => `Moving EC2 instance to Standby: ${id}`,
};

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-detach-attach-instances.html */
export const membershipHandlers: Handlers = {
  AttachInstances: ({ scope }: Call, input: AttachInstancesQuery) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    checkCount('instanceIds', input.InstanceIds, CALL_MAX);
    const ids = [...new Set(input.InstanceIds)];
    checkAttachable(scope, group, ids);
    const desired = group.desired + ids.length;
    refuseAbove(group, desired, 'AttachInstances');
    scope.tables.groups.update(group.name, { desired });
    const cause = `At ${scope.timestamp()} an instance was attached in response to a user request, increasing the capacity from ${group.desired} to ${desired}.`;
    for (const id of ids) joinGroup(scope, group, { instanceId: id, cause });
    return {};
  },
  DetachInstances: ({ scope }: Call, input: DetachInstancesQuery): DetachInstancesAnswer => ({
    Activities: withdraw(scope, input, detaching),
  }),
  EnterStandby: ({ scope }: Call, input: EnterStandbyQuery): EnterStandbyAnswer => ({
    Activities: withdraw(scope, input, enteringStandby),
  }),
  ExitStandby: ({ scope }: Call, input: ExitStandbyQuery): ExitStandbyAnswer => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    checkCount('instanceIds', input.InstanceIds, CALL_MAX);
    const members = inState(membersOfGroup(scope, group, input.InstanceIds), ['Standby']);
    const desired = group.desired + members.length;
    refuseAbove(group, desired, 'ExitStandby');
    scope.tables.groups.update(group.name, { desired });
    const activities = members.map((member) => {
      const activityId = beginActivity(scope, group, {
        description: `Moving EC2 instance out of Standby: ${member.instanceId}`,
        cause: `At ${scope.timestamp()} instance ${member.instanceId} was moved out of standby in response to a user request, increasing the capacity from ${group.desired} to ${desired}.`,
        status: 'PreInService',
        progress: 30,
        details: activityDetails(scope, member),
      });
      scope.tables.members.update(member.instanceId, { state: 'Pending', activityId });
      scope.schedule('member:returns', member.instanceId, 1);
      return activity(scope, activityId);
    });
    return { Activities: activities };
  },
  SetInstanceProtection: ({ scope }: Call, input: SetInstanceProtectionQuery) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    const isProtected = input.ProtectedFromScaleIn ?? false;
    for (const member of membersOfGroup(scope, group, input.InstanceIds)) {
      if (member.state !== 'InService')
        throw validationError(
          `The instance ${member.instanceId} is not in InService or EnteringStandby or Standby.`,
        );
      scope.tables.members.update(member.instanceId, { protectedFromScaleIn: isProtected });
    }
    awaken(scope, group.name);
    return {};
  },
};

/** Takes members out of service and, when asked, out of the wanted size; without that others are launched for them. */
function withdraw(
  scope: Scope,
  input: DetachInstancesQuery | EnterStandbyQuery,
  how: Withdrawal,
): Activity[] {
  const group = getLiveGroup(scope, input.AutoScalingGroupName);
  checkCount('instanceIds', input.InstanceIds, CALL_MAX);
  const states = how.state === 'Detaching' ? ['InService', 'Standby'] : ['InService'];
  const members = inState(membersOfGroup(scope, group, input.InstanceIds), states);
  const serving = members.filter(({ state }) => state === 'InService').length;
  const desired = group.desired - (input.ShouldDecrementDesiredCapacity === true ? serving : 0);
  if (desired < group.minSize) {
    throw validationError(
      `AutoScalingGroup ${group.name} has min-size=${group.minSize}, max-size=${group.maxSize}, and desired-size=${group.desired}. To place into standby or detach ${serving} instance(s), please update the AutoScalingGroup sizes appropriately.`,
    );
  }
  scope.tables.groups.update(group.name, { desired });
  const change =
    desired === group.desired ? '' : `, shrinking the capacity from ${group.desired} to ${desired}`;
  const activities = members.map((member) => {
    const drainSeconds = leaveTargetGroups(scope, group, member);
    const activityId = beginActivity(scope, group, {
      description: how.description(member.instanceId),
      cause: `At ${scope.timestamp()} instance ${member.instanceId} ${how.verb} in response to a user request${change}.`,
      status: drainSeconds > 0 ? 'WaitingForELBConnectionDraining' : 'InProgress',
      progress: 50,
      details: activityDetails(scope, member),
    });
    scope.tables.members.update(member.instanceId, { state: how.state, activityId });
    scope.schedule(how.event, member.instanceId, Math.max(1, drainSeconds));
    return activity(scope, activityId);
  });
  awaken(scope, group.name);
  return activities;
}

function activity(scope: Scope, id: string): Activity {
  const row = scope.tables.activities.find(id);
  if (row === undefined) throw new Error(`The activity ${id} has just begun and is not there`);
  return activityView(row);
}

function refuseAbove(group: GroupRecord, desired: number, call: string): void {
  if (desired <= group.maxSize) return;
  throw validationError(
    `AutoScalingGroup ${group.name} has min-size=${group.minSize}, max-size=${group.maxSize}, and desired-size=${group.desired}. ${call} would exceed its max-size: update the AutoScalingGroup sizes appropriately.`,
  );
}

function membersOfGroup(
  scope: Scope,
  group: GroupRecord,
  ids: readonly string[] | undefined,
): readonly MemberRecord[] {
  checkCount('instanceIds', ids, PROTECTION_MAX);
  return [...new Set(ids)].map((id) => {
    const member = scope.tables.members.find(id);
    if (member?.group !== group.name)
      throw validationError(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    return member;
  });
}

/** Refuses when one of them is in another state. */
function inState(
  members: readonly MemberRecord[],
  states: readonly string[],
): readonly MemberRecord[] {
  const wrong = members.find(({ state }) => !states.includes(state));
  if (wrong !== undefined) {
    throw validationError(
      `The instance ${wrong.instanceId} is in ${wrong.state}. It must be in ${states.join(' or ')}.`,
    );
  }
  return members;
}

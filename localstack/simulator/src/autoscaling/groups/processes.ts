import type {
  ProcessesType,
  ScalingProcessQuery,
  SetInstanceHealthQuery,
  TerminateInstanceInAutoScalingGroupType,
  ActivityType,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import { activityView } from '../activities.js';
import { awaken, getGroup, getLiveGroup, getMember, isActive } from './group-access.js';
import { markUnhealthy, noticeHealth } from './group-health.js';
import { PROCESSES, type ProcessName } from '../records.js';
import { terminateMember } from '../members/terminating.js';

/** Processes of a group and the health of its members. */
export const processHandlers: Handlers = {
  SuspendProcesses: ({ scope }: Call, input: ScalingProcessQuery) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    const named = namedProcesses(input);
    const since = named.map((name) => [name, group.suspendedAt[name] ?? scope.now()] as const);
    scope.tables.groups.update(group.name, {
      suspended: PROCESSES.filter((name) => named.includes(name) || group.suspended.includes(name)),
      suspendedAt: { ...group.suspendedAt, ...Object.fromEntries(since) },
    });
    return {};
  },
  ResumeProcesses: ({ scope }: Call, input: ScalingProcessQuery) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    const named = namedProcesses(input);
    const suspended = group.suspended.filter((name) => !named.includes(name));
    const since = suspended.map((name) => [name, group.suspendedAt[name] ?? scope.now()] as const);
    scope.tables.groups.update(group.name, { suspended, suspendedAt: Object.fromEntries(since) });
    awaken(scope, group.name);
    if (named.includes('HealthCheck')) noticeHealth(scope, group.name);
    return {};
  },
  DescribeScalingProcessTypes: (): ProcessesType => ({
    Processes: PROCESSES.map((name) => ({ ProcessName: name })),
  }),
  SetInstanceHealth: ({ scope }: Call, input: SetInstanceHealthQuery) => {
    const member = getMember(scope, input.InstanceId);
    if (input.HealthStatus === 'Healthy') {
      scope.tables.members.update(member.instanceId, { healthy: true, unhealthyBecause: '' });
      return {};
    }
    if (input.HealthStatus !== 'Unhealthy')
      throw validationError(`Valid instance health states are: [Healthy, Unhealthy].`);
    const graceSeconds = getGroup(scope, member.group).graceSeconds;
    const isInGrace =
      member.inServiceAt === undefined || scope.now() < member.inServiceAt + graceSeconds * 1000;
    if (!isInGrace || input.ShouldRespectGracePeriod === false)
      markUnhealthy(scope, member, 'a user health-check');
    return {};
  },
  TerminateInstanceInAutoScalingGroup: (
    { scope }: Call,
    input: TerminateInstanceInAutoScalingGroupType,
  ): ActivityType => {
    const member = getMember(scope, input.InstanceId);
    const group = getGroup(scope, member.group);
    // An instance in standby or on its way out is not part of the wanted size.
    if (input.ShouldDecrementDesiredCapacity === true && isActive(member)) {
      if (group.desired <= group.minSize) {
        throw validationError(
          `Currently, desiredSize equals minSize (${group.minSize}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
        );
      }
      scope.tables.groups.update(group.name, { desired: group.desired - 1 });
    }
    const cause = `At ${scope.timestamp()} instance ${member.instanceId} was taken out of service in response to a user request.`;
    const activityId = terminateMember(scope, member, { cause });
    awaken(scope, group.name);
    const activity = scope.tables.activities.find(activityId);
    return activity === undefined ? {} : { Activity: activityView(activity) };
  },
};

/** The processes that a call names; none means all. */
function namedProcesses(input: ScalingProcessQuery): readonly ProcessName[] {
  const names = input.ScalingProcesses ?? [];
  const unknown = names.find((name) => !PROCESSES.some((process) => process === name));
  if (unknown !== undefined) {
    throw validationError(
      `1 validation error detected: Value '[${unknown}]' at 'scalingProcesses' failed to satisfy constraint: Member must be one of ${PROCESSES.join(', ')}`,
    );
  }
  return names.length === 0 ? PROCESSES : PROCESSES.filter((process) => names.includes(process));
}

import type {
  BatchPutScheduledUpdateGroupActionType,
  DeletePolicyType,
  DeleteWarmPoolType,
  DescribeWarmPoolType,
  PoliciesType,
  PutNotificationConfigurationType,
  PutScalingPolicyType,
  PutScheduledUpdateGroupActionType,
  PutWarmPoolType,
  ScheduledUpdateGroupAction,
  WarmPoolConfiguration,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { getGroup } from './group-access.js';
import type { WarmPoolRecord } from './records.js';

/** Putting and deleting what hangs on a group by name. A put of the same name overwrites. */
export const groupThingHandlers: Handlers = {
  PutScalingPolicy: (
    { scope }: Call,
    input: PutScalingPolicyType,
  ): { PolicyARN: string; Alarms: PoliciesType[] } => {
    const group = getGroup(scope, input.AutoScalingGroupName);
    const key = `${group.name}|${input.PolicyName}`;
    const arn =
      scope.tables.policies.find(key)?.arn ??
      `arn:aws:autoscaling:${scope.region}:${scope.account}:scalingPolicy:${scope.world.nextHex(32)}:autoScalingGroupName/${group.name}:policyName/${input.PolicyName}`;
    scope.tables.policies.put(key, { group: group.name, arn, request: input });
    return { PolicyARN: arn, Alarms: [] };
  },
  DeletePolicy: ({ scope }: Call, input: DeletePolicyType) => {
    const policy = scope.tables.policies
      .all()
      .find(
        ({ arn, group, request }) =>
          arn === input.PolicyName ||
          (request.PolicyName === input.PolicyName && group === input.AutoScalingGroupName),
      );
    if (policy === undefined) throw validationError(`Policy not found: ${input.PolicyName}`);
    scope.tables.policies.delete(`${policy.group}|${policy.request.PolicyName}`);
    return {};
  },
  PutScheduledUpdateGroupAction: ({ scope }: Call, input: PutScheduledUpdateGroupActionType) => {
    putScheduledAction(scope, input.AutoScalingGroupName, input);
    return {};
  },
  BatchPutScheduledUpdateGroupAction: (
    { scope }: Call,
    input: BatchPutScheduledUpdateGroupActionType,
  ) => {
    for (const action of input.ScheduledUpdateGroupActions ?? [])
      putScheduledAction(scope, input.AutoScalingGroupName, action);
    return { FailedScheduledUpdateGroupActions: [] };
  },
  PutWarmPool: ({ scope }: Call, input: PutWarmPoolType) => {
    const group = getGroup(scope, input.AutoScalingGroupName);
    scope.tables.warmPools.put(group.name, { group: group.name, request: input });
    return {};
  },
  DeleteWarmPool: ({ scope }: Call, input: DeleteWarmPoolType) => {
    if (scope.tables.warmPools.find(input.AutoScalingGroupName ?? '') === undefined) {
      throw validationError(
        `No warm pool found for AutoScalingGroup ${input.AutoScalingGroupName}`,
      );
    }
    scope.tables.warmPools.delete(input.AutoScalingGroupName ?? '');
    return {};
  },
  PutNotificationConfiguration: ({ scope }: Call, input: PutNotificationConfigurationType) => {
    const group = getGroup(scope, input.AutoScalingGroupName);
    for (const type of input.NotificationTypes ?? []) {
      scope.tables.notifications.put(`${group.name}|${input.TopicARN}|${type}`, {
        group: group.name,
        notification: {
          AutoScalingGroupName: group.name,
          TopicARN: input.TopicARN,
          NotificationType: type,
        },
      });
    }
    return {};
  },
  DescribeWarmPool: ({ scope }: Call, input: DescribeWarmPoolType) => {
    const pool = scope.tables.warmPools.find(getGroup(scope, input.AutoScalingGroupName).name);
    if (pool === undefined) return { Instances: [] };
    return { WarmPoolConfiguration: warmPoolView(pool), Instances: [] };
  },
};

/** A warm pool as groups and pools show it; it is kept and described, and holds no instances here. */
export function warmPoolView({ request }: WarmPoolRecord): WarmPoolConfiguration {
  const { AutoScalingGroupName: _group, ...configuration } = request;
  return { MinSize: 0, PoolState: 'Stopped', ...configuration };
}

type ScheduledInput = Omit<
  ScheduledUpdateGroupAction,
  'AutoScalingGroupName' | 'ScheduledActionARN'
>;

function putScheduledAction(
  scope: Scope,
  groupName: string | undefined,
  action: ScheduledInput,
): void {
  const group = getGroup(scope, groupName);
  const name = action.ScheduledActionName ?? '';
  const arn = `arn:aws:autoscaling:${scope.region}:${scope.account}:scheduledUpdateGroupAction:${scope.world.nextHex(32)}:autoScalingGroupName/${group.name}:scheduledActionName/${name}`;
  scope.tables.scheduledActions.put(`${group.name}|${name}`, {
    group: group.name,
    action: { ...action, AutoScalingGroupName: group.name, ScheduledActionARN: arn },
  });
}

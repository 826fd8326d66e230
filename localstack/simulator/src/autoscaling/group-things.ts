import type {
  BatchPutScheduledUpdateGroupActionType,
  DeleteLifecycleHookType,
  DeletePolicyType,
  DeleteWarmPoolType,
  DescribeLifecycleHooksType,
  DescribeWarmPoolType,
  PoliciesType,
  PutLifecycleHookType,
  PutNotificationConfigurationType,
  PutScalingPolicyType,
  PutScheduledUpdateGroupActionType,
  PutWarmPoolType,
  ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { getGroup } from './group-access.js';

const DEFAULT_HEARTBEAT_SECONDS = 3600;

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
  PutLifecycleHook: ({ scope }: Call, input: PutLifecycleHookType) => {
    putHook(scope, input);
    return {};
  },
  DeleteLifecycleHook: ({ scope }: Call, input: DeleteLifecycleHookType) => {
    scope.tables.hooks.delete(`${input.AutoScalingGroupName}|${input.LifecycleHookName}`);
    return {};
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
  DescribeLifecycleHooks: ({ scope }: Call, input: DescribeLifecycleHooksType) => ({
    LifecycleHooks: scope.tables.hooks
      .where('group', getGroup(scope, input.AutoScalingGroupName).name)
      .map(({ hook }) => hook)
      .filter((hook) => input.LifecycleHookNames?.includes(hook.LifecycleHookName ?? '') ?? true),
  }),
  DescribeWarmPool: ({ scope }: Call, input: DescribeWarmPoolType) => {
    const pool = scope.tables.warmPools.find(getGroup(scope, input.AutoScalingGroupName).name);
    if (pool === undefined) return { Instances: [] };
    const { AutoScalingGroupName: _group, ...configuration } = pool.request;
    return { WarmPoolConfiguration: { PoolState: 'Stopped', ...configuration }, Instances: [] };
  },
};

/** Puts a hook with AWS's defaults; one of the same name is overwritten. */
export function putHook(scope: Scope, hook: PutLifecycleHookType): void {
  const group = getGroup(scope, hook.AutoScalingGroupName);
  const seconds = hook.HeartbeatTimeout ?? DEFAULT_HEARTBEAT_SECONDS;
  scope.tables.hooks.put(`${group.name}|${hook.LifecycleHookName}`, {
    group: group.name,
    hook: {
      DefaultResult: 'ABANDON',
      GlobalTimeout: seconds * 100,
      ...hook,
      HeartbeatTimeout: seconds,
      AutoScalingGroupName: group.name,
    },
  });
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

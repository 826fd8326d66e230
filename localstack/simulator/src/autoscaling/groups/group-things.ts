import type {
  DeleteWarmPoolType,
  DescribeWarmPoolType,
  PutNotificationConfigurationType,
  PutWarmPoolType,
  WarmPoolConfiguration,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import { getGroup } from './group-access.js';
import type { WarmPoolRecord } from '../records.js';

/** Warm pools and notifications of groups: kept and described. A put of the same name overwrites. */
export const groupThingHandlers: Handlers = {
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

import type {
  AlarmActions,
  AwsMembers,
  Notification,
  ScalingPolicy,
  ScheduledAction,
} from '@gennaker/domain';
import type { CallOptions } from '../call-options.js';
import type { OwnerContext, TagMap } from '../operation-identity.js';

/**
 * Writes of what hangs on a server group. Each overwrites what has its name and is absolute, so a repeat is harmless.
 * Errors as AwsWrites; AWS_NOT_FOUND when the group is gone, AWS_QUOTA when it has too many.
 */
export interface ScalingWrites {
  /** PutScalingPolicy: of the same name keeps its ARN. Auto Scaling makes the alarms of target tracking by itself. */
  putScalingPolicy(
    request: { readonly serverGroup: string; readonly policy: ScalingPolicy },
    options: CallOptions,
  ): Promise<{ readonly arn: string }>;
  /**
   * BatchPutScheduledUpdateGroupAction, 50 a call; of a batch that is refused in part the rest is done, and the refusal of
   * the first is thrown. A start in the past is refused by AWS (AWS_INVALID): leave it out.
   */
  putScheduledActions(
    request: { readonly serverGroup: string; readonly actions: readonly ScheduledAction[] },
    options: CallOptions,
  ): Promise<void>;
  /** PutWarmPool. */
  putWarmPool(
    request: { readonly serverGroup: string; readonly members: AwsMembers },
    options: CallOptions,
  ): Promise<void>;
  /** PutNotificationConfiguration: the kinds of message of one topic, in place of those it had. */
  putNotification(
    request: { readonly serverGroup: string; readonly notification: Notification },
    options: CallOptions,
  ): Promise<void>;
  /** EnableMetricsCollection, at 1Minute. An empty list makes no call (AWS would take it for all). */
  enableMetrics(
    request: { readonly serverGroup: string; readonly metrics: readonly string[] },
    options: CallOptions,
  ): Promise<void>;
  /**
   * PutMetricAlarm. Overwrites whoever's alarm has the name, whose tags then stay: look first. Its tags are the owner's, the
   * server group, and those that are given.
   */
  putAlarm(request: PutAlarmRequest, options: CallOptions): Promise<void>;
  /** DeleteAlarms, 100 a call: unknown names are fine. An empty list makes no call. */
  deleteAlarms(names: readonly string[], options: CallOptions): Promise<void>;
}

export interface PutAlarmRequest {
  readonly name: string;
  /** For whom it is made; it is found by this when the group is deleted. */
  readonly serverGroup: string;
  readonly members: AwsMembers;
  readonly actions: AlarmActions<string>;
  /** Without ours; at most 45. */
  readonly tags: TagMap;
  readonly owner: OwnerContext;
}

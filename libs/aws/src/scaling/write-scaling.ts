import {
  BatchPutScheduledUpdateGroupActionCommand,
  EnableMetricsCollectionCommand,
  PutNotificationConfigurationCommand,
  PutScalingPolicyCommand,
  PutWarmPoolCommand,
  type PutScalingPolicyType,
  type PutWarmPoolType,
  type ScheduledUpdateGroupActionRequest,
} from '@aws-sdk/client-auto-scaling';
import type { ScheduledAction } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import { requestMembers } from '../server-groups/aws-members.js';
import type { CallOptions } from '../call-options.js';
import { chunksOf } from '../calling/pages.js';
import { requiredField } from '../calling/required-field.js';
import type { ScalingWrites } from './scaling-writes.js';

/** Most scheduled actions in one BatchPutScheduledUpdateGroupAction. */
const actionsPerBatch = 50;

type RequestOf<Write extends keyof ScalingWrites> = Parameters<ScalingWrites[Write]>[0];

/** See ScalingWrites. */
export async function putScalingPolicy(
  caller: AwsCaller,
  { serverGroup, policy }: RequestOf<'putScalingPolicy'>,
  options: CallOptions,
): Promise<{ readonly arn: string }> {
  const command = new PutScalingPolicyCommand({
    ...requestMembers<PutScalingPolicyType>(policy.members),
    AutoScalingGroupName: serverGroup,
    PolicyName: policy.name,
    PolicyType: policy.type,
  });
  const resource = `scaling policy ${policy.name} of ${serverGroup}`;
  const reply = await caller.autoscaling(command, { ...options, resource });
  return { arn: requiredField(reply.PolicyARN, 'PolicyARN') };
}

/** See ScalingWrites. */
export async function putScheduledActions(
  caller: AwsCaller,
  { serverGroup, actions }: RequestOf<'putScheduledActions'>,
  options: CallOptions,
): Promise<void> {
  for (const chunk of chunksOf(actions, actionsPerBatch)) {
    const command = new BatchPutScheduledUpdateGroupActionCommand({
      AutoScalingGroupName: serverGroup,
      ScheduledUpdateGroupActions: chunk.map(toRequest),
    });
    const reply = await caller.autoscaling(command, { ...options, resource: serverGroup });
    const refused = reply.FailedScheduledUpdateGroupActions?.[0];
    if (refused === undefined) continue;
    throw caller.refusal({
      service: 'autoscaling',
      action: 'BatchPutScheduledUpdateGroupAction',
      resource: `scheduled action ${refused.ScheduledActionName} of ${serverGroup}`,
      awsCode: refused.ErrorCode ?? 'Unknown',
      awsMessage: refused.ErrorMessage ?? '',
    });
  }
}

function toRequest(action: ScheduledAction): ScheduledUpdateGroupActionRequest {
  const { recurrence, timeZone, startAt, endAt, min, max, desired } = action;
  return {
    ScheduledActionName: action.name,
    ...(recurrence !== null && { Recurrence: recurrence }),
    ...(timeZone !== null && { TimeZone: timeZone }),
    ...(startAt !== null && { StartTime: new Date(startAt) }),
    ...(endAt !== null && { EndTime: new Date(endAt) }),
    ...(min !== null && { MinSize: min }),
    ...(max !== null && { MaxSize: max }),
    ...(desired !== null && { DesiredCapacity: desired }),
  };
}

/** See ScalingWrites. */
export async function putWarmPool(
  caller: AwsCaller,
  { serverGroup, members }: RequestOf<'putWarmPool'>,
  options: CallOptions,
): Promise<void> {
  const command = new PutWarmPoolCommand({
    ...requestMembers<PutWarmPoolType>(members),
    AutoScalingGroupName: serverGroup,
  });
  await caller.autoscaling(command, { ...options, resource: serverGroup });
}

/** See ScalingWrites. */
export async function putNotification(
  caller: AwsCaller,
  { serverGroup, notification }: RequestOf<'putNotification'>,
  options: CallOptions,
): Promise<void> {
  const command = new PutNotificationConfigurationCommand({
    AutoScalingGroupName: serverGroup,
    TopicARN: notification.topicArn,
    NotificationTypes: [...notification.types],
  });
  const resource = `${serverGroup}, topic ${notification.topicArn}`;
  await caller.autoscaling(command, { ...options, resource });
}

/** See ScalingWrites. */
export async function enableMetrics(
  caller: AwsCaller,
  { serverGroup, metrics }: RequestOf<'enableMetrics'>,
  options: CallOptions,
): Promise<void> {
  if (metrics.length === 0) return;
  const command = new EnableMetricsCollectionCommand({
    AutoScalingGroupName: serverGroup,
    Metrics: [...metrics],
    Granularity: '1Minute',
  });
  await caller.autoscaling(command, { ...options, resource: serverGroup });
}

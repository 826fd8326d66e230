import {
  DescribeLifecycleHooksCommand,
  DescribeNotificationConfigurationsCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  type LifecycleHook as SdkLifecycleHook,
  type NotificationConfiguration,
  type ScalingPolicy as SdkScalingPolicy,
  type ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import type {
  LifecycleHook,
  Notification,
  ScheduledAction,
  SourceAlarm,
  SourceAttachments,
  SourceScalingPolicy,
} from '@gennaker/domain';
import type { AttachmentReadOptions } from '../aws-reads.js';
import type { AwsCaller } from '../calling/aws-caller.js';
import { membersOf } from '../server-groups/aws-members.js';
import type { CallOptions } from '../call-options.js';
import { listAttached } from './list-attached.js';
import { isOwnerTagKey } from '../operation-identity.js';
import { describeAlarms } from './read-alarms.js';
import { requiredField } from '../calling/required-field.js';

/** Members of a policy that PutScalingPolicy takes elsewhere, or not at all. */
const ofPolicy: readonly string[] = [
  'AutoScalingGroupName',
  'PolicyName',
  'PolicyARN',
  'PolicyType',
  'Alarms',
  // "Available for backward compatibility. Use MinAdjustmentMagnitude instead": AWS shows both.
  'MinAdjustmentStep',
];
const ofHook: readonly string[] = [
  'LifecycleHookName',
  'LifecycleTransition',
  'AutoScalingGroupName',
  'GlobalTimeout',
];

/** Policies whose alarms are made by people; those of target tracking are made, and made anew, by Auto Scaling itself. */
const typesWithAlarms: readonly string[] = ['SimpleScaling', 'StepScaling'];

/** See AwsReads. Per group, never for the whole account: that is throttled by a nested limit (spinnaker#751). */
export async function describeAttachments(
  caller: AwsCaller,
  serverGroup: string,
  options: AttachmentReadOptions,
): Promise<SourceAttachments> {
  const { priority, signal, withAlarms = false } = options;
  const call = { priority, signal, resource: serverGroup };
  const AutoScalingGroupName = serverGroup;
  const [policies, scheduled, hooks, notifications] = await Promise.all([
    listAttached(`policies of ${serverGroup}`, async (NextToken) => {
      const command = new DescribePoliciesCommand({ AutoScalingGroupName, NextToken });
      const reply = await caller.autoscaling(command, call);
      return { items: reply.ScalingPolicies ?? [], next: reply.NextToken };
    }),
    listAttached(`scheduled actions of ${serverGroup}`, async (NextToken) => {
      const command = new DescribeScheduledActionsCommand({ AutoScalingGroupName, NextToken });
      const reply = await caller.autoscaling(command, call);
      return { items: reply.ScheduledUpdateGroupActions ?? [], next: reply.NextToken };
    }),
    listAttached(`lifecycle hooks of ${serverGroup}`, async () => {
      const command = new DescribeLifecycleHooksCommand({ AutoScalingGroupName });
      const reply = await caller.autoscaling(command, call);
      return { items: reply.LifecycleHooks ?? [], next: undefined };
    }),
    listAttached(`notifications of ${serverGroup}`, async (NextToken) => {
      const AutoScalingGroupNames = [serverGroup];
      const command = new DescribeNotificationConfigurationsCommand({
        AutoScalingGroupNames,
        NextToken,
      });
      const reply = await caller.autoscaling(command, call);
      return { items: reply.NotificationConfigurations ?? [], next: reply.NextToken };
    }),
  ]);
  return {
    policies: byName(policies.map(toPolicy)),
    alarms: withAlarms ? await readAlarmsOf(caller, policies, { priority, signal }) : [],
    scheduledActions: byName(scheduled.map(toScheduledAction)),
    lifecycleHooks: byName(hooks.map(toHook)),
    notifications: toNotifications(notifications),
  };
}

async function readAlarmsOf(
  caller: AwsCaller,
  policies: readonly SdkScalingPolicy[],
  options: CallOptions,
): Promise<readonly SourceAlarm[]> {
  const names = policies
    .filter(({ PolicyType }) => typesWithAlarms.includes(PolicyType ?? 'SimpleScaling'))
    .flatMap(({ Alarms }) => (Alarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []));
  const alarms = await describeAlarms(caller, { names }, { ...options, withTags: true });
  return alarms.map(({ name, members, actions, tags }) => ({
    name,
    members,
    actions,
    tags: Object.fromEntries(
      Object.entries(tags ?? {}).filter(([key]) => !key.startsWith('aws:') && !isOwnerTagKey(key)),
    ),
  }));
}

function toPolicy(policy: SdkScalingPolicy): SourceScalingPolicy {
  return {
    name: requiredField(policy.PolicyName, 'PolicyName'),
    arn: requiredField(policy.PolicyARN, 'PolicyARN'),
    type: policy.PolicyType ?? 'SimpleScaling',
    members: membersOf(policy, ofPolicy),
  };
}

function toScheduledAction(action: ScheduledUpdateGroupAction): ScheduledAction {
  return {
    name: requiredField(action.ScheduledActionName, 'ScheduledActionName'),
    recurrence: action.Recurrence ?? null,
    timeZone: action.TimeZone ?? null,
    startAt: (action.StartTime ?? action.Time)?.toISOString() ?? null,
    endAt: action.EndTime?.toISOString() ?? null,
    min: action.MinSize ?? null,
    max: action.MaxSize ?? null,
    desired: action.DesiredCapacity ?? null,
  };
}

function toHook(hook: SdkLifecycleHook): LifecycleHook {
  return {
    name: requiredField(hook.LifecycleHookName, 'LifecycleHookName'),
    transition: requiredField(hook.LifecycleTransition, 'LifecycleTransition'),
    members: membersOf(hook, ofHook),
  };
}

/** AWS lists each kind of message of a topic for itself. */
function toNotifications(rows: readonly NotificationConfiguration[]): readonly Notification[] {
  const types = new Map<string, Set<string>>();
  for (const { TopicARN, NotificationType } of rows) {
    const topic = requiredField(TopicARN, 'TopicARN');
    const known = types.get(topic) ?? new Set();
    types.set(topic, known.add(requiredField(NotificationType, 'NotificationType')));
  }
  return [...types]
    .map(([topicArn, ofTopic]) => ({ topicArn, types: [...ofTopic].toSorted() }))
    .toSorted((one, other) => (one.topicArn < other.topicArn ? -1 : 1));
}

/** Each once, in alphabetical order: a list that changes between two pages may show a thing twice. */
function byName<T extends { readonly name: string }>(things: readonly T[]): readonly T[] {
  return [...new Map(things.map((thing) => [thing.name, thing])).values()].toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

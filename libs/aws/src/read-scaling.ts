import {
  DescribeLifecycleHooksCommand,
  DescribeNotificationConfigurationsCommand,
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  DescribeScheduledActionsCommand,
  type Activity,
} from '@aws-sdk/client-auto-scaling';
import type { ScalingActivityRecord } from '@gennaker/domain';
import type { AwsCaller } from './aws-caller.js';
import type { CallOptions } from './call-options.js';
import { isCode } from './is-code.js';
import { collectPages, type Page } from './pages.js';
import { requiredField } from './required-field.js';
import type { ServerGroupAttachments } from './server-group-settings.js';

/** Largest page of DescribeScalingActivities. */
const activitiesPerPage = 100;

/** See AwsReads. AWS gives the newest first, so no more is read than is wanted. */
export async function describeScalingActivities(
  caller: AwsCaller,
  query: { readonly serverGroup: string; readonly activitiesMax: number },
  options: CallOptions,
): Promise<readonly ScalingActivityRecord[]> {
  const { serverGroup, activitiesMax } = query;
  let count = 0;
  const activities = await listAttached(`scaling activities of ${serverGroup}`, async (token) => {
    const command = new DescribeScalingActivitiesCommand({
      AutoScalingGroupName: serverGroup,
      MaxRecords: Math.min(activitiesMax, activitiesPerPage),
      NextToken: token,
    });
    const reply = await caller.autoscaling(command, { ...options, resource: serverGroup });
    const items = reply.Activities ?? [];
    count += items.length;
    return { items, next: count < activitiesMax ? reply.NextToken : undefined };
  });
  return activities
    .map(toRecord)
    .toSorted((one, other) => (one.at > other.at ? -1 : 1))
    .slice(0, activitiesMax);
}

/** See AwsReads. Per group, never for the whole account: that is throttled by a nested limit (spinnaker#751). */
export async function describeAttachments(
  caller: AwsCaller,
  serverGroup: string,
  options: CallOptions,
): Promise<ServerGroupAttachments> {
  const call = { ...options, resource: serverGroup };
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
    scalingPolicies: named(policies.map(({ PolicyName }) => PolicyName)),
    alarms: named(
      policies.flatMap(({ Alarms }) => (Alarms ?? []).map(({ AlarmName }) => AlarmName)),
    ),
    scheduledActions: named(scheduled.map(({ ScheduledActionName }) => ScheduledActionName)),
    lifecycleHooks: named(hooks.map(({ LifecycleHookName }) => LifecycleHookName)),
    notificationTopics: named(notifications.map(({ TopicARN }) => TopicARN)),
  };
}

function toRecord(activity: Activity): ScalingActivityRecord {
  return {
    at: requiredField(activity.StartTime, 'StartTime').toISOString(),
    status: requiredField(activity.StatusCode, 'StatusCode'),
    description: activity.Description ?? '',
    message: activity.StatusMessage ?? null,
  };
}

/** All pages; nothing where Auto Scaling says that the group is not there. */
async function listAttached<T>(
  what: string,
  readPage: (token: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  try {
    return await collectPages(what, readPage);
  } catch (error) {
    if (isCode(error, 'AWS_NOT_FOUND')) return [];
    throw error;
  }
}

function named(names: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(names.flatMap((name) => name ?? []))].toSorted();
}

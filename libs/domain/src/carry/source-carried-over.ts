import type { AwsMembers } from './aws-members.js';

/** What a source server group has besides its launch template, as far as a copy of it can have it too. */
export interface SourceCarriedOver extends SourceAttachments {
  readonly group: SourceGroupSettings;
}

/** The group's own settings (DescribeAutoScalingGroups). */
export interface SourceGroupSettings {
  /** Members of CreateAutoScalingGroup that are copied as they are. */
  readonly members: AwsMembers;
  readonly mixedInstances: MixedInstances | null;
  /** EnableMetricsCollection, at 1Minute: the only granularity there is. */
  readonly enabledMetrics: readonly string[];
  /** Members of PutWarmPool; null without a warm pool, or while one is being deleted. */
  readonly warmPool: AwsMembers | null;
}

/** A mixed instances policy without its base launch template. */
export interface MixedInstances {
  /** InstancesDistribution. */
  readonly distribution: AwsMembers;
  /** Overrides, in their order: it is the order of preference. */
  readonly overrides: readonly AwsMembers[];
}

/** What hangs on the group and is not part of it: each list by name. */
export interface SourceAttachments {
  readonly policies: readonly SourceScalingPolicy[];
  /** Alarms that act on the policies, without those that Auto Scaling makes for target tracking. */
  readonly alarms: readonly SourceAlarm[];
  readonly scheduledActions: readonly ScheduledAction[];
  readonly lifecycleHooks: readonly LifecycleHook[];
  readonly notifications: readonly Notification[];
}

/** One scaling policy (DescribePolicies). */
export interface SourceScalingPolicy extends ScalingPolicy {
  readonly arn: string;
}

export interface ScalingPolicy {
  readonly name: string;
  /** SimpleScaling, StepScaling, TargetTrackingScaling or PredictiveScaling. */
  readonly type: string;
  /** Members of PutScalingPolicy besides the names; the mode of a predictive policy and `Enabled` among them. */
  readonly members: AwsMembers;
}

/** One metric alarm (DescribeAlarms and ListTagsForResource). */
export interface SourceAlarm {
  readonly name: string;
  /** Members of PutMetricAlarm besides the name, the actions and the tags. */
  readonly members: AwsMembers;
  readonly actions: AlarmActions<string>;
  /** Without `aws:` ones and without ours. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What an alarm does, by the state that it enters. */
export interface AlarmActions<Action> {
  readonly alarm: readonly Action[];
  readonly ok: readonly Action[];
  readonly insufficientData: readonly Action[];
}

/** One scheduled action (DescribeScheduledActions); at least one of the sizes is given. */
export interface ScheduledAction {
  readonly name: string;
  /** Cron expression; null: it acts once. */
  readonly recurrence: string | null;
  /** Of the recurrence; null: UTC. */
  readonly timeZone: string | null;
  /** When it acts next, ISO 8601. */
  readonly startAt: string | null;
  /** After this, ISO 8601, it acts no more. */
  readonly endAt: string | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly desired: number | null;
}

/** One lifecycle hook (DescribeLifecycleHooks). */
export interface LifecycleHook {
  readonly name: string;
  /** `autoscaling:EC2_INSTANCE_LAUNCHING` or `autoscaling:EC2_INSTANCE_TERMINATING`. */
  readonly transition: string;
  /** Members of a LifecycleHookSpecification besides these. */
  readonly members: AwsMembers;
}

/** What one SNS topic is told about the group (DescribeNotificationConfigurations). */
export interface Notification {
  readonly topicArn: string;
  readonly types: readonly string[];
}

import type { AwsMembers } from './aws-members.js';
import type {
  AlarmActions,
  LifecycleHook,
  MixedInstances,
  Notification,
  ScalingPolicy,
  ScheduledAction,
} from './source-carried-over.js';

/** What the new server group gets from the source besides its launch template: plain data, shown before it is made. */
export interface PlannedCarriedOver {
  /** Members of CreateAutoScalingGroup. */
  readonly members: AwsMembers;
  /** Its base is the new launch template. */
  readonly mixedInstances: MixedInstances | null;
  /** Part of the creation, so that they hold the very first instance. */
  readonly lifecycleHooks: readonly LifecycleHook[];
  readonly notifications: readonly Notification[];
  readonly enabledMetrics: readonly string[];
  readonly scaling: PlannedScaling;
}

/** What moves the size of the new server group: attached once it is healthy, before traffic depends on it. */
export interface PlannedScaling {
  readonly policies: readonly ScalingPolicy[];
  readonly alarms: readonly PlannedAlarm[];
  readonly scheduledActions: readonly ScheduledAction[];
  /** Members of PutWarmPool. */
  readonly warmPool: AwsMembers | null;
}

/** A new alarm, copied from one of the source's. */
export interface PlannedAlarm {
  /** Begins with the new server group's name; unique in the plan. */
  readonly name: string;
  readonly copiedFrom: string;
  /** Members of PutMetricAlarm besides the name, the actions and the tags. */
  readonly members: AwsMembers;
  readonly actions: AlarmActions<PlannedAlarmAction>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A policy of the new server group, whose ARN is not known yet; or something that the old alarm acts on, too. */
export type PlannedAlarmAction = { readonly policy: string } | { readonly arn: string };

/** Whether there is nothing to attach. */
export function isEmptyScaling(scaling: PlannedScaling): boolean {
  const { policies, alarms, scheduledActions, warmPool } = scaling;
  return warmPool === null && [policies, alarms, scheduledActions].every((one) => one.length === 0);
}

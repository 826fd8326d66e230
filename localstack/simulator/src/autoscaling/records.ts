import type {
  CreateLaunchConfigurationType,
  CreateAutoScalingGroupType,
  LifecycleHook,
  LifecycleState,
  MixedInstancesPolicy,
  NotificationConfiguration,
  PutScalingPolicyType,
  PutWarmPoolType,
  RefreshPreferences,
  RefreshStrategy,
  DesiredConfiguration,
  InstanceRefreshStatus,
  ScalingActivityStatusCode,
  ScheduledUpdateGroupAction,
  Tag,
} from '@aws-sdk/client-auto-scaling';

/** What a group launches its instances from. */
export type LaunchSource =
  | {
      readonly kind: 'template';
      readonly id: string;
      readonly name: string;
      readonly version: string;
    }
  | { readonly kind: 'configuration'; readonly name: string };

/** What groups launch from: a source, and the policy that may put other types, images and templates in its place. */
export interface LaunchPlan {
  readonly launch: LaunchSource;
  readonly policy: MixedInstancesPolicy | undefined;
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-suspend-resume-processes.html */
export const PROCESSES = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
] as const;
export type ProcessName = (typeof PROCESSES)[number];

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LoadBalancerTargetGroupState.html */
export interface AttachedTargetGroup {
  readonly arn: string;
  readonly state: 'Adding' | 'Added' | 'InService' | 'Removing';
  /** Attached by AttachTrafficSources, and to be detached by its counterpart only. */
  readonly isTrafficSource?: boolean;
}

/** What a group may carry that is kept and described and has no behaviour here. */
export type GroupExtras = Pick<
  CreateAutoScalingGroupType,
  | 'MixedInstancesPolicy'
  | 'PlacementGroup'
  | 'CapacityRebalance'
  | 'ServiceLinkedRoleARN'
  | 'MaxInstanceLifetime'
  | 'Context'
  | 'DesiredCapacityType'
  | 'DefaultInstanceWarmup'
  | 'InstanceMaintenancePolicy'
  | 'AvailabilityZoneDistribution'
  | 'AvailabilityZoneImpairmentPolicy'
  | 'CapacityReservationSpecification'
  | 'LoadBalancerNames'
  | 'InstanceLifecyclePolicy'
>;

export interface GroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly cooldownSeconds: number;
  readonly healthCheckType: string;
  readonly graceSeconds: number;
  readonly zones: readonly string[];
  readonly subnetIds: readonly string[];
  readonly launch: LaunchSource;
  readonly targetGroups: readonly AttachedTargetGroup[];
  readonly suspended: readonly ProcessName[];
  /** Since when each suspended process is; a repeated suspension keeps the first instant. */
  readonly suspendedAt: Readonly<Partial<Record<ProcessName, number>>>;
  readonly tags: readonly Tag[];
  readonly terminationPolicies: readonly string[];
  readonly protectsNewInstances: boolean;
  readonly deleting: boolean;
  readonly deletionProtection: string | undefined;
  /** Launches that failed in a row, and until when no further one is tried. */
  readonly failedLaunches: number;
  readonly launchNotBefore: number;
  /** Why the wanted size last changed, in Auto Scaling's words; the cause of the activities that follow. */
  readonly lastChange: string;
  readonly extras: GroupExtras;
  /** Since when the last scaling by a simple policy cools down; absent: none has been. */
  readonly scaledAt?: number;
  /** The group metrics that are collected (API_EnableMetricsCollection); absent: none. */
  readonly metrics?: readonly string[];
}

export interface MemberRecord {
  readonly instanceId: string;
  readonly group: string;
  readonly zone: string;
  readonly instanceType: string;
  readonly state: LifecycleState;
  readonly healthy: boolean;
  readonly unhealthyBecause: string;
  /** An attached instance was launched by somebody else. */
  readonly launch: LaunchSource | { readonly kind: 'none' };
  readonly protectedFromScaleIn: boolean;
  readonly inServiceAt: number | undefined;
  readonly activityId: string;
  /** A lifecycle hook has said ABANDON; what is left of the present transition follows from it. */
  readonly abandoned?: boolean;
  /** How much of the wanted size it makes up (a mixed instances policy may say so); absent: 1. */
  readonly weight?: number;
  /** The run of an instance refresh that it was launched by. */
  readonly refreshedBy?: string;
  /** Launched to even out the zones: nothing is ended for it before it is in service. */
  readonly evensOut?: boolean;
}

export interface ActivityRecord {
  readonly id: string;
  readonly group: string;
  readonly groupArn: string;
  readonly sequence: number;
  readonly description: string;
  readonly cause: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly status: ScalingActivityStatusCode;
  readonly message: string | undefined;
  readonly progress: number;
  readonly details: string;
  readonly groupDeleted: boolean;
}

export interface LaunchConfigurationRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly request: CreateLaunchConfigurationType;
}

/** Things that hang on a group by name, and are deleted with it. */
export interface PolicyRecord {
  readonly group: string;
  readonly arn: string;
  readonly request: PutScalingPolicyType;
}
export interface ScheduledActionRecord {
  readonly group: string;
  readonly action: ScheduledUpdateGroupAction;
}
export interface HookRecord {
  readonly group: string;
  readonly hook: LifecycleHook;
}
/** A lifecycle action under way: a member that waits for somebody to complete it, or for its time to run out. */
export interface LifecycleActionRecord {
  readonly group: string;
  readonly instanceId: string;
  readonly hook: string;
  readonly token: string;
  readonly heartbeatSeconds: number;
  readonly defaultResult: string;
  /** However many heartbeats are recorded, it ends at this instant. */
  readonly endsAt: number;
}
/** An instance refresh. Instants are epoch milliseconds; the preferences have AWS's defaults filled in. */
export interface RefreshRecord {
  readonly id: string;
  readonly group: string;
  readonly sequence: number;
  readonly status: InstanceRefreshStatus;
  readonly statusReason: string | undefined;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly strategy: RefreshStrategy;
  readonly preferences: RefreshPreferences & Required<RefreshLimits>;
  readonly wanted: DesiredConfiguration | undefined;
  readonly plan: LaunchPlan;
  readonly previous: LaunchPlan;
  readonly checkpointsPassed: number;
  /** Until when it waits at a checkpoint or bakes; `undefined`: it does neither. */
  readonly waitsUntil: number | undefined;
  /** When it last came forward: an hour without that ends it. */
  readonly movedAt: number;
  readonly percentageComplete: number;
  readonly instancesToUpdate: number;
  readonly rollback: RefreshRollback | undefined;
}
export type RefreshLimits = Pick<
  RefreshPreferences,
  'MinHealthyPercentage' | 'MaxHealthyPercentage' | 'InstanceWarmup'
>;
export interface RefreshRollback {
  readonly reason: string;
  readonly startedAt: number;
  readonly percentageComplete: number;
  readonly instancesToUpdate: number;
}
export interface WarmPoolRecord {
  readonly group: string;
  readonly request: PutWarmPoolType;
}
export interface NotificationRecord {
  readonly group: string;
  readonly notification: NotificationConfiguration;
}

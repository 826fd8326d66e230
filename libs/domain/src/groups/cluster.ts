/** Sizes of a server group (Auto Scaling group MinSize, DesiredCapacity, MaxSize), in instances. */
export interface Capacity {
  readonly min: number;
  readonly desired: number;
  readonly max: number;
}

export const comparisonOperators = ['==', '!=', '<', '<=', '>', '>='] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];

/** A cluster: all server groups `name` and `name-vNNN` of one account and region. */
export interface ClusterRef {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
}

/** One server group (Auto Scaling group) by name. */
export interface ServerGroupRef {
  readonly account: string;
  readonly region: string;
  readonly serverGroup: string;
}

/** Clouddriver's words for the health of one instance (clouddriver-aws 3.4). */
export type HealthState = 'Up' | 'Down' | 'Starting' | 'OutOfService' | 'Draining' | 'Unknown';

/** One numbered version of a launch template. */
export interface LaunchTemplateVersionRef {
  readonly launchTemplateId: string;
  /** A number, except where a server group's own setting is told: that may be `$Latest` or `$Default`. */
  readonly version: string;
}

/** One instance as the reader last saw it: Auto Scaling's, EC2's and every target group's word on it. */
export interface InstanceView {
  readonly instanceId: string;
  readonly zone: string;
  /** Auto Scaling LifecycleState. */
  readonly lifecycleState: string;
  /** Auto Scaling HealthStatus: Healthy or Unhealthy. */
  readonly healthStatus: string;
  /** ELBv2 target states, one a target group that knows the instance; absent groups have no entry. */
  readonly targetHealth: readonly TargetHealthView[];
  readonly health: HealthState;
  /** What it was launched from; null: a launch configuration. Absent in what older releases wrote. */
  readonly launchTemplate?: LaunchTemplateVersionRef | null;
  /** Whether Auto Scaling may not end it to scale in. Absent in what older releases wrote. */
  readonly protectedFromScaleIn?: boolean;
}

export interface TargetHealthView {
  readonly targetGroupArn: string;
  readonly state: string;
  readonly reason?: string;
}

/** Who made a server group, read from our tags; absent for groups made by others. */
export interface ServerGroupOwner {
  readonly executionId: string;
  readonly stage: string;
}

/** One server group as AWS has it now. A group that others made is as good as one of ours. */
export interface ServerGroupView {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: string;
  readonly capacity: Capacity;
  /** False when AddToLoadBalancer is suspended: Clouddriver's meaning of disabled (clouddriver-aws 3.1 step 7). */
  readonly enabled: boolean;
  /** True once DeleteAutoScalingGroup has been accepted. */
  readonly deleting: boolean;
  readonly suspendedProcesses: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly imageId: string | null;
  /**
   * What it launches from, as the group has it (a mixed instances policy: its base); null: a launch configuration.
   * Absent in what older releases wrote.
   */
  readonly launchTemplate?: LaunchTemplateVersionRef | null;
  readonly instances: readonly InstanceView[];
  readonly owner: ServerGroupOwner | null;
  /** Kept, disabled, after its deploy had failed, until this time (ISO 8601); absent: it was not. */
  readonly keptUntil?: string;
  /** Made for a while, until this time of AWS's (ISO 8601), as a canary's fleets are; absent: for good. */
  readonly temporaryUntil?: string;
}

/** A cluster as AWS has it now, oldest server group first; `observedAt` is AWS's own time (its Date header). */
export interface ClusterView extends ClusterRef {
  readonly observedAt: string;
  readonly serverGroups: readonly ServerGroupView[];
}

/**
 * What a server group was like before it was disabled: captured by a read-only activity, written to history, and given
 * to the disable and to its undo, which never derive it (DESIGN D8).
 */
export interface ServerGroupRestoreState {
  readonly capacity: Capacity;
  readonly suspendedProcesses: readonly string[];
  readonly targetGroupArns: readonly string[];
  /** Instances registered in each target group, by target group ARN. */
  readonly registered: Readonly<Record<string, readonly string[]>>;
  /** At most its desired size: more is a refresh's, and an enable would wait for it in vain. */
  readonly instancesInService: number;
  /** Whose the group is; null for one made by others. An undo destroys only what its own execution made. */
  readonly owner: ServerGroupOwner | null;
}

import type {
  AwsMembers,
  Capacity,
  LifecycleHook,
  MixedInstances,
  PlannedTag,
} from '@gennaker/domain';
import type { CallOptions } from './call-options.js';
import type { LaunchData, LaunchOverrides } from './launch/launch-data.js';
import type { OwnerContext, TagMap } from './operation-identity.js';
import type { RefreshWrites } from './refreshes/refresh-calls.js';
import type { RuleWrites } from './load-balancing/rule-calls.js';
import type { TargetGroupWrites } from './load-balancing/target-group-calls.js';
import type { ScalingWrites } from './scaling/scaling-writes.js';
import type { ServerGroupTagWrites } from './server-groups/server-group-tag-writes.js';

/**
 * Writes. Each is one AWS call (a chunked one: one a chunk), asks `mayWrite` first, and is safe to repeat as its comment
 * says. All throw AWS_DENIED, AWS_THROTTLED, AWS_UNAVAILABLE (the outcome is then unknown: read back), AWS_INVALID,
 * AWS_QUOTA, AWS_CONFLICT, LEASE_LOST.
 */
export interface AwsWrites
  extends RefreshWrites, RuleWrites, TargetGroupWrites, ScalingWrites, ServerGroupTagWrites {
  /**
   * CreateLaunchTemplate with our ClientToken: the same operation again gives the same template. `alreadyExists`: the
   * name is taken; read it back and compare tags.
   */
  createLaunchTemplate(
    request: CreateLaunchTemplateRequest,
    options: CallOptions,
  ): Promise<CreateLaunchTemplateOutcome>;
  /** CreateAutoScalingGroup at 0/0/0. There is no token: on `alreadyExists` read back and compare tags. */
  createAutoScalingGroup(
    request: CreateAutoScalingGroupRequest,
    options: CallOptions,
  ): Promise<CreateAutoScalingGroupOutcome>;
  /** UpdateAutoScalingGroup: absolute sizes, repeatable. AWS_NOT_FOUND. */
  updateCapacity(serverGroup: string, capacity: Capacity, options: CallOptions): Promise<void>;
  /** UpdateAutoScalingGroup of MinSize only. AWS_NOT_FOUND. */
  updateMinimum(serverGroup: string, min: number, options: CallOptions): Promise<void>;
  /** CreateOrUpdateTags, not propagated to instances: repeatable; other tags stay. AWS_NOT_FOUND, AWS_INVALID. */
  tagServerGroup(serverGroup: string, tags: TagMap, options: CallOptions): Promise<void>;
  /** SuspendProcesses: repeatable. An empty list makes no call (AWS would take it for all). AWS_NOT_FOUND. */
  suspendProcesses(
    serverGroup: string,
    processes: readonly string[],
    options: CallOptions,
  ): Promise<void>;
  /** ResumeProcesses: repeatable. An empty list makes no call. AWS_NOT_FOUND. */
  resumeProcesses(
    serverGroup: string,
    processes: readonly string[],
    options: CallOptions,
  ): Promise<void>;
  /** RegisterTargets, 100 a call: repeatable. One instance that is not running fails its call with AWS_CONFLICT. */
  registerTargets(
    targetGroupArn: string,
    instanceIds: readonly string[],
    options: CallOptions,
  ): Promise<void>;
  /** DeregisterTargets, 100 a call: repeatable, unknown targets are fine. AWS_NOT_FOUND when the target group is gone. */
  deregisterTargets(
    targetGroupArn: string,
    instanceIds: readonly string[],
    options: CallOptions,
  ): Promise<void>;
  /** SetInstanceHealth, ignoring the grace period: repeatable. AWS_NOT_FOUND. */
  setInstanceHealth(
    instanceId: string,
    health: 'Healthy' | 'Unhealthy',
    options: CallOptions,
  ): Promise<void>;
  /** DeleteAutoScalingGroup. `gone`: it is not there; `deleting`: an earlier delete is under way. */
  deleteAutoScalingGroup(
    request: { readonly serverGroup: string; readonly force: boolean },
    options: CallOptions,
  ): Promise<DeleteAutoScalingGroupOutcome>;
  /** DeleteLaunchTemplate by id. `gone`: it is not there. */
  deleteLaunchTemplate(
    launchTemplateId: string,
    options: CallOptions,
  ): Promise<DeleteLaunchTemplateOutcome>;
}

export interface CreateLaunchTemplateRequest {
  /** 3 to 128 characters: letters, digits, `( ) . / _ -`. */
  readonly launchTemplateName: string;
  /** What is cloned; null: only the overrides. */
  readonly source: LaunchData | null;
  readonly overrides: LaunchOverrides;
  readonly owner: OwnerContext;
}

export type CreateLaunchTemplateOutcome =
  | { readonly outcome: 'created'; readonly launchTemplateId: string; readonly version: string }
  | { readonly outcome: 'alreadyExists' };

export interface CreateAutoScalingGroupRequest {
  readonly serverGroup: string;
  /** Always a numbered version. */
  readonly launchTemplate: { readonly launchTemplateId: string; readonly version: string };
  readonly subnetIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  readonly cooldownSeconds: number;
  readonly terminationPolicies: readonly string[];
  /** Without ours; `aws:` ones are left out. */
  readonly tags: readonly PlannedTag[];
  /** Members of CreateAutoScalingGroup besides what is said here. */
  readonly members?: AwsMembers;
  /** The launch template is then its base; absent or null: the group launches from the template alone. */
  readonly mixedInstances?: MixedInstances | null;
  /** They hold the very first instance: the group is made with them. */
  readonly lifecycleHooks?: readonly LifecycleHook[];
  /** Of a temporary group: when nobody needs it any more, ISO 8601. Its tag is on the group alone, as ours are. */
  readonly expiresAt?: string;
  readonly owner: OwnerContext;
}

export type CreateAutoScalingGroupOutcome =
  | { readonly outcome: 'created' }
  | { readonly outcome: 'alreadyExists' };

export interface DeleteAutoScalingGroupOutcome {
  readonly outcome: 'accepted' | 'deleting' | 'gone';
}

export interface DeleteLaunchTemplateOutcome {
  readonly outcome: 'deleted' | 'gone';
}

import type { ScalingActivityRecord, SourceAttachments, TargetHealthView } from '@gennaker/domain';
import type { AlarmDetails, AlarmQuery, AlarmReadOptions } from './scaling/alarm-details.js';
import type { CallOptions } from './call-options.js';
import type {
  LaunchConfigurationDetails,
  LaunchTemplateVersionDetails,
} from './launch/launch-data.js';
import type { MetricDataQuery, MetricPoint } from './metrics/metric-data.js';
import type { TagMap } from './operation-identity.js';
import type { LimitReads } from './limits/limit-calls.js';
import type { RefreshReads } from './refreshes/refresh-calls.js';
import type { RuleReads } from './load-balancing/rule-calls.js';
import type { TargetGroupReads } from './load-balancing/target-group-calls.js';
import type { ServerGroupDetails } from './server-groups/server-group-settings.js';

/** A read of server groups; what is not asked for is not fetched. */
export interface ServerGroupReadOptions extends CallOptions {
  /**
   * Fetches EC2's state and every target group's word on each instance. Without it `targetHealth` is empty and `health`
   * says only what Auto Scaling knows.
   */
  readonly withHealth?: boolean;
  /** Fetches the image id of the launch template version or launch configuration; else `imageId` is null. */
  readonly withImage?: boolean;
}

/** A read of a cluster. */
export interface ClusterReadOptions extends ServerGroupReadOptions {
  /** Also groups named `cluster-vNNN-canary` or `-baseline` that carry our owner and an expiry. */
  readonly withTemporary?: boolean;
}

/** A read of what hangs on a group. */
export interface AttachmentReadOptions extends CallOptions {
  /** Fetches the alarms that act on its policies; else there are none in the answer. */
  readonly withAlarms?: boolean;
}

/**
 * Reads, always live and complete: every page is followed (bounded). All throw AWS_DENIED, AWS_THROTTLED,
 * AWS_UNAVAILABLE, AWS_INVALID; a thing that is not there is an absent element, or undefined, or AWS_NOT_FOUND where
 * it says so.
 */
export interface AwsReads extends LimitReads, RefreshReads, RuleReads, TargetGroupReads {
  /** DescribeAutoScalingGroups by name, 50 names a call. Groups that are not there are left out. */
  describeServerGroups(
    names: readonly string[],
    options: ServerGroupReadOptions,
  ): Promise<readonly ServerGroupDetails[]>;
  /**
   * All groups named `cluster` or `cluster-vNNN`, oldest first; when asked, also those that a canary made for a while beside
   * one of them. Reads every group of the region.
   */
  listCluster(cluster: string, options: ClusterReadOptions): Promise<readonly ServerGroupDetails[]>;
  /** DescribeInstances by filter, so that an unknown id is left out and fails nothing. */
  describeInstances(
    instanceIds: readonly string[],
    options: CallOptions,
  ): Promise<readonly InstanceDetails[]>;
  /**
   * GetConsoleOutput: the last 4 KiB of what the instance wrote to its console, the latest where its type allows that, else
   * what was posted after its launch; an empty text where there is nothing yet. It may contain secrets: never log it.
   * AWS_NOT_FOUND when the instance is gone.
   */
  getConsoleOutput(instanceId: string, options: CallOptions): Promise<ConsoleOutput>;
  /** DescribeTargetHealth. Without ids: every target. AWS_NOT_FOUND when the target group is gone. */
  describeTargetHealth(
    query: { readonly targetGroupArn: string; readonly instanceIds?: readonly string[] },
    options: CallOptions,
  ): Promise<readonly TargetHealthEntry[]>;
  /** DescribeTargetGroupAttributes: how long a target drains, in seconds. AWS_NOT_FOUND when the target group is gone. */
  describeDrainSeconds(targetGroupArn: string, options: CallOptions): Promise<number>;
  /** DescribeTargetGroups and their attributes. AWS_NOT_FOUND when one is not there. */
  describeTargetGroups(
    query: { readonly arns: readonly string[] } | { readonly names: readonly string[] },
    options: CallOptions,
  ): Promise<readonly TargetGroupDetails[]>;
  /** DescribeLaunchTemplateVersions of one version: a number, `$Latest` or `$Default`. AWS_NOT_FOUND. */
  describeLaunchTemplateVersion(
    query: { readonly launchTemplateId: string; readonly version: string },
    options: CallOptions,
  ): Promise<LaunchTemplateVersionDetails>;
  /** DescribeLaunchTemplates by name; undefined when there is none. */
  findLaunchTemplate(
    launchTemplateName: string,
    options: CallOptions,
  ): Promise<LaunchTemplateDetails | undefined>;
  /** DescribeLaunchConfigurations of one name. AWS_NOT_FOUND. */
  describeLaunchConfiguration(
    launchConfigurationName: string,
    options: CallOptions,
  ): Promise<LaunchConfigurationDetails>;
  /** DescribeImages of stated owners, available ones only, newest first, at most 1,000. */
  findImages(query: ImageQuery, options: CallOptions): Promise<readonly ImageDetails[]>;
  /** DescribeScalingActivities, newest first. Empty when the group is not there. */
  describeScalingActivities(
    query: { readonly serverGroup: string; readonly activitiesMax: number },
    options: CallOptions,
  ): Promise<readonly ScalingActivityRecord[]>;
  /**
   * What hangs on the group: four calls at once, and, where people made alarms for its policies and they are asked for,
   * those and their tags. Empty lists when the group is not there.
   */
  describeAttachments(
    serverGroup: string,
    options: AttachmentReadOptions,
  ): Promise<SourceAttachments>;
  /** DescribeAlarms, metric alarms only, by name in alphabetical order. Alarms that are not there are left out. */
  describeAlarms(query: AlarmQuery, options: AlarmReadOptions): Promise<readonly AlarmDetails[]>;
  /**
   * GetMetricData: the points of each metric, in the order of the metrics, oldest first; a period without data has no
   * point, and neither has a metric that nobody knows. 500 metrics or 100,800 points a call. Half an answer is
   * AWS_UNAVAILABLE, a metric that may not be read AWS_DENIED, a span that is none or above 15 days INVALID_REQUEST.
   */
  getMetricData(
    query: MetricDataQuery,
    options: CallOptions,
  ): Promise<readonly (readonly MetricPoint[])[]>;
  /** DescribeSubnets by filter; unknown ids are left out. */
  describeSubnets(
    subnetIds: readonly string[],
    options: CallOptions,
  ): Promise<readonly SubnetDetails[]>;
}

export interface InstanceDetails {
  readonly instanceId: string;
  /** EC2 state: pending, running, shutting-down, terminated, stopping, stopped. */
  readonly state: string;
  readonly imageId: string | null;
  readonly instanceType: string | null;
  readonly zone: string | null;
  readonly launchedAt: string | null;
}

export interface ConsoleOutput {
  readonly instanceId: string;
  /** When it was last updated, ISO 8601. */
  readonly at: string | null;
  /** Without control characters but line ends and tabs. */
  readonly text: string;
  /** False: there was more before it. */
  readonly isWhole: boolean;
}

export interface TargetHealthEntry extends TargetHealthView {
  readonly instanceId: string;
  readonly description?: string;
}

export interface TargetGroupDetails {
  readonly arn: string;
  readonly name: string;
  readonly vpcId: string | null;
  /** HTTP, HTTPS, TCP and so on; null for functions. */
  readonly protocol: string | null;
  /** instance, ip, lambda or alb. */
  readonly targetType: string | null;
  /** The load balancers with a listener or a rule that forwards to it: at most one, unless AWS changes its mind. */
  readonly loadBalancerArns: readonly string[];
  /** False: no listener uses it, so its targets never become healthy (state `unused`). */
  readonly usedByListener: boolean;
  /** Attribute deregistration_delay.timeout_seconds. */
  readonly deregistrationDelaySeconds: number;
  readonly healthCheckEnabled: boolean;
  /** How long a client stays with its target, in seconds; null: not at all. */
  readonly stickySeconds: number | null;
  /** Attribute slow_start.duration_seconds: how long a new target gets less than its share. */
  readonly slowStartSeconds: number;
}

export interface LaunchTemplateDetails {
  readonly launchTemplateId: string;
  readonly launchTemplateName: string;
  /** The number of the default version. */
  readonly defaultVersion: string;
  readonly latestVersion: string;
  readonly tags: TagMap;
}

export interface ImageQuery {
  /** `self` or 12-digit account ids; an empty list is refused (INVALID_REQUEST). */
  readonly owners: readonly string[];
  readonly name?: string | undefined;
  readonly tags?: TagMap | undefined;
}

export interface ImageDetails {
  readonly imageId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly ownerId: string | null;
  readonly architecture: string | null;
  readonly tags: TagMap;
}

export interface SubnetDetails {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly availableAddresses: number;
}

import type { GroupRoom, TypeBought, VcpuRoom } from '@gennaker/domain';
import type { CallOptions } from '../call-options.js';

/** Reads of what AWS allows, for plans: advice, and none of it decides while instances are launched. */
export interface LimitReads {
  /**
   * How full the load balancers of these target groups are: their registered targets (DescribeTargetGroups,
   * DescribeTargetHealth) and what the account may have (DescribeAccountLimits). AWS_NOT_FOUND when one is gone;
   * INVALID_REQUEST for a load balancer of more target groups than are read.
   */
  describeTargetRoom(
    targetGroupArns: readonly string[],
    options: CallOptions,
  ): Promise<TargetRoomDetails>;
  /** Auto Scaling groups of the account in the region, and how many it may have (Auto Scaling DescribeAccountLimits). */
  describeServerGroupRoom(options: CallOptions): Promise<GroupRoom>;
  /**
   * How many targets a target group may have: the value applied to the account, or AWS's default where none was ever applied
   * (Service Quotas GetServiceQuota, GetAWSDefaultServiceQuota).
   */
  getTargetsPerTargetGroupMax(options: CallOptions): Promise<number>;
  /**
   * vCPUs of these types, and of each quota that they count against how many run in the region (DescribeInstances,
   * DescribeInstanceTypes) and may (Service Quotas). Capacity Reservations that nobody uses count on AWS and are not seen
   * here. AWS_INVALID for a type that the region does not have.
   */
  describeVcpuRoom(types: readonly TypeBought[], options: CallOptions): Promise<VcpuRoom>;
}

export interface TargetRoomDetails {
  /** Registered targets of each target group that was asked for. */
  readonly targetGroups: readonly { readonly arn: string; readonly targets: number }[];
  readonly loadBalancers: readonly LoadBalancerRoom[];
}

export interface LoadBalancerRoom {
  readonly arn: string;
  readonly targets: number;
  /** Which of the target groups that were asked for are behind it. */
  readonly targetGroupArns: readonly string[];
  /** Null where AWS tells no limit of this type of load balancer. */
  readonly targetsMax: number | null;
}

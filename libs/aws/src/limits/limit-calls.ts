import type { GroupRoom } from '@gennaker/domain';
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

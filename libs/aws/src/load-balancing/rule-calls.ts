import type { ListenerRule, TargetGroupWeight } from '@gennaker/domain';
import type { CallOptions } from '../call-options.js';

/** Reads around listeners and their rules; what is said of AwsReads holds here too. */
export interface RuleReads {
  /**
   * One rule with its whole actions (DescribeRules), or a listener's default action where the ARN is a listener's
   * (DescribeListeners). AWS_NOT_FOUND; INVALID_REQUEST for the rule ARN of a default action.
   */
  describeRule(arn: string, options: CallOptions): Promise<RuleDetails>;
  /** DescribeRules: every rule of a listener, its default action last in line. `unknownFields` are not looked for. */
  describeListenerRules(
    listenerArn: string,
    options: CallOptions,
  ): Promise<readonly ListenerRule[]>;
  /** DescribeListeners of one load balancer. AWS_NOT_FOUND. */
  describeListeners(
    loadBalancerArn: string,
    options: CallOptions,
  ): Promise<readonly ListenerDetails[]>;
  /** DescribeLoadBalancers by ARN. AWS_NOT_FOUND when one is not there. */
  describeLoadBalancers(
    arns: readonly string[],
    options: CallOptions,
  ): Promise<readonly LoadBalancerDetails[]>;
}

/** Writes of rules; what is said of AwsWrites holds here too. */
export interface RuleWrites {
  /**
   * ModifyRule, or ModifyListener for a default action, with all actions as they were found and these weights: absolute,
   * so repeatable. It overwrites what changed since `found` was read: read anew right before. AWS_NOT_FOUND.
   */
  writeWeights(
    change: { readonly found: RuleDetails; readonly weights: readonly TargetGroupWeight[] },
    options: CallOptions,
  ): Promise<void>;
}

declare const ruleActionsMark: unique symbol;

/**
 * All actions of a rule as ELBv2 gave them, for a write that changes their weights alone. Opaque: passed from a read to
 * a write of this process.
 */
export interface RuleActions {
  readonly [ruleActionsMark]: true;
}

/** One rule read by itself: what it is, and what a write starts from. */
export interface RuleDetails {
  readonly rule: ListenerRule;
  readonly actions: RuleActions;
}

export interface ListenerDetails {
  readonly listenerArn: string;
  readonly loadBalancerArn: string;
  readonly port: number | null;
  readonly protocol: string | null;
}

export interface LoadBalancerDetails {
  readonly loadBalancerArn: string;
  readonly name: string;
  /** ELBv2 type: application, network or gateway. Rules with conditions are the first one's only. */
  readonly type: string;
  readonly dnsName: string | null;
}

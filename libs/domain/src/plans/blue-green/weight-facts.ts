import type { ListenerRule } from '../../weights/listener-rule.js';
import type { Checked } from '../../checked.js';
import type { HealthAliases } from '../health-aliases.js';
import type { RecordedWeights, WarmRecord } from '../../weights/recorded-weights.js';

/** What a switch by weights is planned from, read just before. */
export interface WeightFacts {
  /** By our own clock, which the records below are by, ISO 8601. */
  readonly readAt: string;
  /** Those of the stage, in its order. */
  readonly targetGroups: readonly WeightedTargetGroup[];
  readonly loadBalancers: readonly WeightedLoadBalancer[];
  /** Every rule and default action that forwards to one of the target groups, and each that the stage names. */
  readonly rules: readonly ListenerRule[];
  /** What was written last for the cluster, by whatever deploy; null: nothing is recorded. */
  readonly recorded: RecordedWeights | null;
  /** Server groups that are kept in service without requests, by name. */
  readonly warm: Readonly<Record<string, WarmRecord>>;
  /** Route 53 records that judge the load balancers by their target groups; absent: not looked at. */
  readonly aliases?: Checked<HealthAliases>;
}

export interface WeightedTargetGroup {
  readonly arn: string;
  readonly deregistrationDelaySeconds: number;
}

export interface WeightedLoadBalancer {
  readonly name: string;
  /** ELBv2 type: application, network or gateway. */
  readonly type: string;
  readonly dnsName: string | null;
}

/** A switch by weights as a plan shows it. */
export interface PlannedWeights {
  /** ARN of the target group that serves at the start. */
  readonly from: string;
  /** ARN of the target group that the new server group is in; the same where no weight is changed. */
  readonly to: string;
  /** Every rule and default action that forwards to either. */
  readonly rules: readonly PlannedRule[];
  /** How long what served is kept in service without requests, in seconds. */
  readonly warmSeconds: number;
}

export interface PlannedRule {
  /** As in RuleRef. */
  readonly ruleArn: string;
  readonly listenerArn: string;
  readonly title: string;
  /** Weights when this was planned, and after success, in words. */
  readonly before: string;
  readonly after: string;
}

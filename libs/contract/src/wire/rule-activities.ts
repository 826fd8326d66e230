import type {
  ListenerRule,
  RuleChange,
  RuleRef,
  TargetGroupWeight,
  WeightGuard,
} from '@gennaker/domain';
import type { OperationContext } from './operation-context.js';

/** Operations on listener rules, on queue `aws-write`. */
export interface RuleActivities {
  /** Read-only. The rule as it is. Throws SUBJECT_VANISHED; INVALID_REQUEST for one whose weights cannot be written. */
  captureRule(input: OnRule): Promise<ListenerRule>;
  /**
   * One absolute write of the weights, read back; a second call changes nothing. Throws CHANGED_BY_SOMEONE_ELSE (the rule
   * differs in more than our weights), TRAFFIC_GUARD (a rising target group could not serve), SUBJECT_VANISHED.
   */
  setRuleWeights(input: SetRuleWeightsInput): Promise<RuleWeights>;
  /** Read-only. Looks until the rule has the weights of the change. Throws CHANGED_BY_SOMEONE_ELSE, SUBJECT_VANISHED. */
  verifyRuleWeights(input: VerifyRuleWeightsInput): Promise<RuleWeights>;
}

/** An operation on one listener rule or default action. */
export interface OnRule {
  readonly context: OperationContext;
  readonly rule: RuleRef;
}

export interface VerifyRuleWeightsInput extends OnRule {
  readonly change: RuleChange;
}

export interface SetRuleWeightsInput extends VerifyRuleWeightsInput {
  /** One for each target group whose share rises. */
  readonly guards: readonly WeightGuard[];
}

export interface RuleWeights {
  /** As AWS shows them afterwards. */
  readonly weights: readonly TargetGroupWeight[];
}

import type { AwsCaller } from '../calling/aws-caller.js';
import {
  describeListenerRules,
  describeListeners,
  describeLoadBalancers,
  describeRule,
} from './read-rules.js';
import type { RuleReads, RuleWrites } from './rule-calls.js';
import { writeWeights } from './write-rules.js';

/** The reads around listener rules on one account and region. */
export function bindRuleReads(caller: AwsCaller): RuleReads {
  return {
    describeRule: (arn, options) => describeRule(caller, arn, options),
    describeListenerRules: (listenerArn, options) =>
      describeListenerRules(caller, listenerArn, options),
    describeListeners: (arn, options) => describeListeners(caller, arn, options),
    describeLoadBalancers: (arns, options) => describeLoadBalancers(caller, arns, options),
  };
}

/** The writes of listener rules on one account and region. */
export function bindRuleWrites(caller: AwsCaller): RuleWrites {
  return { writeWeights: (change, options) => writeWeights(caller, change, options) };
}

import type { RuleActivities } from '@gennaker/contract/wire';

/** Reads and writes of rules in the scripted world: each goes well at once. */
export function scriptedRules(
  call: (activity: string, subject: string) => Promise<void>,
): RuleActivities {
  return {
    captureRule: async ({ rule }) => {
      await call('captureRule', rule.arn);
      return {
        arn: rule.arn,
        listenerArn: rule.arn,
        priority: 'default',
        conditions: [],
        transforms: [],
        actions: [],
        unknownFields: [],
      };
    },
    setRuleWeights: async ({ rule, change }) => {
      await call('setRuleWeights', rule.arn);
      return { weights: change.weights };
    },
    verifyRuleWeights: async ({ rule, change }) => {
      await call('verifyRuleWeights', rule.arn);
      return { weights: change.weights };
    },
  };
}

import type { RuleActivities } from '@gennaker/contract/wire';
import { GennakerError, ruleName, unwritableBecause } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { lookAtRule, observedRule } from '../../observe/observed-rule.js';

/**
 * What a rule is like now, so that its weights can be restored (DESIGN D8). Changes nothing. Throws SUBJECT_VANISHED;
 * INVALID_REQUEST naming what a write would lose.
 */
export function createCaptureRule({ aws }: AwsActivityDependencies): RuleActivities['captureRule'] {
  return async ({ context, rule }) => {
    const { rule: found } = await lookAtRule(observedRule(aws, rule, context.priority));
    const reason = unwritableBecause(found);
    if (reason === null) return found;
    throw new GennakerError(
      'INVALID_REQUEST',
      `The weights of the ${ruleName(rule.arn)} cannot be changed: ${reason}.`,
      { details: { ruleArn: rule.arn, reason } },
    );
  };
}

import type { Aws } from '@gennaker/aws';
import type {
  RuleActivities,
  SetRuleWeightsInput,
  VerifyRuleWeightsInput,
} from '@gennaker/contract/wire';
import {
  GennakerError,
  judgeRule,
  risingTargetGroups,
  ruleName,
  weightsInWords,
  weightsOf,
  type JsonObject,
  type ListenerRule,
  type RuleVerdict,
} from '@gennaker/domain';
import { Context } from '@temporalio/activity';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { verifyLooksMax } from '../../observe/look.js';
import { lookAtRule, observedRule, type ObservedRule } from '../../observe/observed-rule.js';
import { assertWeightGuard } from '../guards/weight-guard.js';

/** Looks at weights that were read back once already, some seven seconds in all: as old as a look may be, and no more. */
const lateLooksMax = 6;

/**
 * Sets the weights of a rule (ModifyRule) or of a listener's default action (ModifyListener) and nothing else of it: reads
 * it right before, since all its actions go back at once and AWS compares nothing, and reads it back. Harmless twice.
 * Throws CHANGED_BY_SOMEONE_ELSE when it differs in more than the weights that we wrote, TRAFFIC_GUARD when a target
 * group whose share rises could not serve; nothing was changed then. Source: clouddriver-aws 7.8.
 */
export function createSetRuleWeights({
  aws,
}: AwsActivityDependencies): RuleActivities['setRuleWeights'] {
  return async (input) => {
    const { context, rule, change } = input;
    const observed = observedRule(aws, rule, context.priority);
    const found = await lookAtRule(observed, (seen) => isUnderstood(judgeRule(seen, change)));
    const judged = judgeRule(found.rule, change);
    if (!isUnderstood(judged)) throw changedByOthers(input, judged);
    // A first attempt writes even what is shown already, and so does an undo: the look may be older than a later write.
    const mayBelieve = Context.current().info.attempt > 1 && context.priority !== 'undo';
    if (!mayBelieve || judged.verdict !== 'asWanted') {
      await guardRising(aws, input, found.rule);
      const { weights } = change;
      await observed.region.writeWeights({ found, weights }, await writing(context.priority));
    }
    return { weights: weightsOf(await readBack(observed, input)) };
  };
}

/**
 * Looks at the rule until it has the weights of the change and is otherwise as it was captured; reads only, so a second call
 * is as good as the first. Throws CHANGED_BY_SOMEONE_ELSE with what differs, SUBJECT_VANISHED.
 */
export function createVerifyRuleWeights({
  aws,
}: AwsActivityDependencies): RuleActivities['verifyRuleWeights'] {
  return async (input) => {
    const observed = observedRule(aws, input.rule, input.context.priority);
    return { weights: weightsOf(await readBack(observed, input, lateLooksMax)) };
  };
}

/** Against every state that the rule may be in, since the look at it may be old. */
async function guardRising(aws: Aws, input: SetRuleWeightsInput, now: ListenerRule): Promise<void> {
  const { weights, expected } = input.change;
  const before = [weightsOf(now), ...expected];
  const rising = new Set(before.flatMap((one) => risingTargetGroups(one, weights)));
  for (const targetGroupArn of rising) {
    const guard = input.guards.find((one) => one.targetGroupArn === targetGroupArn);
    if (guard === undefined) throw unguarded(input, targetGroupArn);
    await assertWeightGuard(aws, input, guard);
  }
}

async function readBack(
  observed: ObservedRule,
  input: VerifyRuleWeightsInput,
  looksMax: number = verifyLooksMax,
): Promise<ListenerRule> {
  const isWritten = (seen: ListenerRule): boolean =>
    judgeRule(seen, input.change).verdict === 'asWanted';
  const { rule } = await lookAtRule(observed, isWritten, looksMax);
  const judged = judgeRule(rule, input.change);
  if (judged.verdict === 'asWanted') return rule;
  throw changedByOthers(input, judged);
}

function isUnderstood(judged: RuleVerdict): boolean {
  return judged.verdict === 'asWanted' || judged.verdict === 'mayWrite';
}

function changedByOthers({ rule, change }: VerifyRuleWeightsInput, judged: RuleVerdict) {
  const name = ruleName(rule.arn);
  return new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `The ${name} was changed by someone else: ${foundInWords(judged)}. It was to have ` +
      `${weightsInWords(change.weights)}. See who changed it, set it right, then retry the stage.`,
    { details: { ruleArn: rule.arn, ...detailsOf(judged) } },
  );
}

function foundInWords(judged: RuleVerdict): string {
  switch (judged.verdict) {
    case 'changed':
      return `it differs in ${judged.fields.join(', ')}`;
    case 'foreignWeights':
      return `it has the weights ${weightsInWords(judged.found)}`;
    case 'mayWrite':
    case 'asWanted':
      return `what was written does not show after ${verifyLooksMax} looks`;
  }
}

function detailsOf(judged: RuleVerdict): JsonObject {
  if (judged.verdict === 'changed') return { fields: [...judged.fields] };
  if (judged.verdict !== 'foreignWeights') return {};
  return { found: judged.found.map((one) => ({ ...one })) };
}

function unguarded({ rule }: SetRuleWeightsInput, targetGroupArn: string): GennakerError {
  return new GennakerError(
    'INTERNAL',
    `The ${ruleName(rule.arn)} was not changed: nothing says what ${targetGroupArn} must have healthy for it.`,
    { details: { ruleArn: rule.arn, targetGroupArn } },
  );
}

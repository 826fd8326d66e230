import type { DeployPlan, JsonObject, PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWrites } from '../proxies.js';
import { resolvedWeights } from './canary/made-target-groups.js';
import { onceCovered } from './once-covered.js';
import { forward } from './step-operation.js';

/**
 * Moves requests from one target group to another by the weights of one rule. The plan has read the rule, so what undoes
 * this is known and is recorded before the rule's first change (DESIGN D8).
 */
export async function setRuleWeights(
  context: AttemptContext,
  plan: DeployPlan,
  step: PlanStepOf<'setRuleWeights'>,
): Promise<JsonObject> {
  const { id, subject, rule } = step;
  const { change, guards, undo } = resolvedWeights(context, step);
  if (undo !== null && context.state.undo.every(({ entry }) => entry.id !== id)) {
    const entry = { id, operation: 'setRuleWeights', subject, rule } as const;
    context.run.emit({
      kind: 'undo.recorded',
      ...context.identity,
      entry: { ...entry, title: undo.title, guards: undo.guards, ...undo.change },
    });
  }
  const writes = awsWrites(context.deadlineMs());
  const matched = await onceCovered(context, { plan, guard: guards[0] }, () =>
    writes.setRuleWeights({ context: forward(context, step), rule, change, guards }),
  );
  return { ...matched, ruleArn: rule.arn, weights: change.weights.map((one) => ({ ...one })) };
}

/** Somebody who has changed the weights since the last move is named, and the deploy does not count as done. */
export async function verifyRuleWeights(
  context: AttemptContext,
  step: PlanStepOf<'verifyRuleWeights'>,
): Promise<JsonObject> {
  const { rule, change } = step;
  const { weights } = await awsWrites(context.deadlineMs()).verifyRuleWeights({
    context: forward(context, step),
    rule,
    change,
  });
  return { ruleArn: rule.arn, weights: weights.map((one) => ({ ...one })) };
}

import {
  madeTargetGroupName,
  type CanaryArm,
  type JsonObject,
  type PlannedServerGroup,
  type PlanStepOf,
  type RuleChange,
  type TargetGroupWeight,
  type WeightGuard,
} from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { awsWrites } from '../../proxies.js';
import { forward } from '../step-operation.js';

/** Makes a temporary target group; its undo, recorded before, deletes it again. Outputs its ARN. */
export async function createTargetGroup(
  context: AttemptContext,
  step: PlanStepOf<'createTargetGroup'>,
): Promise<JsonObject> {
  const { id, subject, targetGroupName, copyOf, expiresAt } = step;
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id,
      operation: 'deleteTargetGroup',
      title: `Delete the temporary target group ${targetGroupName}`,
      subject,
      targetGroupName,
    },
  });
  const { targetGroupArn } = await awsWrites(context.deadlineMs()).ensureTargetGroup({
    context: forward(context, step),
    subject,
    targetGroupName,
    copyOf,
    expiresAt,
  });
  return { targetGroupName, targetGroupArn };
}

/** The ARN that a plan's placeholder stands for, once it is known; any other ARN as it is. */
function resolvedArn(context: AttemptContext, arn: string): string {
  const name = madeTargetGroupName(arn);
  if (name === null) return arn;
  const made = context.state.steps.find(
    ({ operation, outputs }) =>
      operation === 'createTargetGroup' && outputs['targetGroupName'] === name,
  );
  const found = made?.outputs['targetGroupArn'];
  if (typeof found === 'string') return found;
  throw new Error(`target group ${name} was not made`);
}

/** A list of target groups with every placeholder resolved. */
export function resolvedArns(context: AttemptContext, arns: readonly string[]): readonly string[] {
  return arns.map((arn) => resolvedArn(context, arn));
}

/** The same of weights, guards, arms: of anything that names one target group. */
function resolvedAll<Named extends { readonly targetGroupArn: string }>(
  context: AttemptContext,
  all: readonly Named[],
): readonly Named[] {
  return all.map((one) => ({ ...one, targetGroupArn: resolvedArn(context, one.targetGroupArn) }));
}

/** The same of a change of a rule: the rule as it was captured knows none. */
function resolvedChange(
  context: AttemptContext,
  { captured, weights, expected }: RuleChange,
): RuleChange {
  const resolved = (one: readonly TargetGroupWeight[]) => resolvedAll(context, one);
  return { captured, weights: resolved(weights), expected: expected.map(resolved) };
}

/** The same of a server group that is to be made. */
export function resolvedTarget(
  context: AttemptContext,
  target: PlannedServerGroup,
): PlannedServerGroup {
  return { ...target, targetGroupArns: resolvedArns(context, target.targetGroupArns) };
}

/** The same of a planned change with its guards and what undoes it. */
export function resolvedWeights(
  context: AttemptContext,
  { change, guards, undo }: PlanStepOf<'setRuleWeights'>,
): Pick<PlanStepOf<'setRuleWeights'>, 'change' | 'guards' | 'undo'> {
  const guarding = (some: readonly WeightGuard[]) => resolvedAll(context, some);
  return {
    change: resolvedChange(context, change),
    guards: guarding(guards),
    undo: undo && {
      ...undo,
      change: resolvedChange(context, undo.change),
      guards: guarding(undo.guards),
    },
  };
}

/** The arms of a comparison with the target groups that they have now. */
export function resolvedArms(
  context: AttemptContext,
  arms: readonly CanaryArm[],
): readonly CanaryArm[] {
  return resolvedAll(context, arms);
}

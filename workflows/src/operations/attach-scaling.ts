import type { DeployPlan, JsonObject, PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWrites } from '../proxies.js';
import { createdArn } from './created-group.js';
import { forward } from './step-operation.js';

/**
 * Gives the new group its policies, alarms and scheduled actions. Undone with the group: what AWS would leave behind, the
 * alarms, is named in the create step's own undo.
 */
export async function attachScaling(
  context: AttemptContext,
  plan: DeployPlan,
  step: PlanStepOf<'attachScaling'>,
): Promise<JsonObject> {
  const scaling = plan.target.carriedOver?.scaling;
  if (scaling === undefined) return {};
  const attached = await awsWrites(context.deadlineMs()).attachScaling({
    context: forward(context, step),
    subject: step.subject,
    arn: createdArn(context, step.subject.serverGroup),
    scaling,
    holds: step.holds,
  });
  return { ...attached };
}

/** Lets the scheduled actions act; those that were due meanwhile are made up for, or named. */
export async function releaseScaling(
  context: AttemptContext,
  plan: DeployPlan,
  step: PlanStepOf<'releaseScaling'>,
): Promise<JsonObject> {
  const { missed, capacity } = await awsWrites(context.deadlineMs()).releaseScaling({
    context: forward(context, step),
    subject: step.subject,
    arn: createdArn(context, step.subject.serverGroup),
    resumes: step.resumes,
    scheduledActions: plan.target.carriedOver?.scaling.scheduledActions ?? [],
  });
  return { missed, capacity: { ...capacity } };
}

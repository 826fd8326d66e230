import type { JsonObject, PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWrites } from '../proxies.js';
import { createdArn } from './created-group.js';
import { matchedMinimum } from './match-server-group.js';
import { forward } from './step-operation.js';

/** Pins the minimum; what the plan has read is what an unpin restores, recorded before the change. */
export async function pinServerGroup(
  context: AttemptContext,
  step: PlanStepOf<'pinServerGroup'>,
): Promise<JsonObject> {
  const { id, subject, arn, instancesMin, recorded } = step;
  if (context.state.undo.every(({ entry }) => entry.id !== id)) {
    context.run.emit({
      kind: 'undo.recorded',
      ...context.identity,
      entry: {
        id,
        operation: 'unpinServerGroup',
        title: `Set the minimum of ${subject.serverGroup} to ${recorded.min} again`,
        subject,
        arn,
        recorded,
        pinnedMin: instancesMin,
      },
    });
  }
  const operation = { context: forward(context, step), subject, arn, instancesMin };
  const { capacity } = await awsWrites(context.deadlineMs()).pinServerGroup(operation);
  return { capacity: { ...capacity } };
}

/** Ends a pin after the switch. The new group's own pin is the size that it was switched to. */
export async function unpinServerGroup(
  context: AttemptContext,
  step: PlanStepOf<'unpinServerGroup'>,
): Promise<JsonObject> {
  const { subject, recorded } = step;
  const isNew = step.arn === null;
  const pinnedMin = (isNew ? matchedMinimum(context) : null) ?? step.pinnedMin;
  if (pinnedMin === recorded.min) return { outcome: 'unpinned', min: recorded.min };
  const { outcome, min } = await awsWrites(context.deadlineMs()).unpinServerGroup({
    context: forward(context, step),
    subject,
    arn: isNew ? createdArn(context, subject.serverGroup) : step.arn,
    recorded,
    pinnedMin,
  });
  return { outcome, min };
}

import type { JsonObject, PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { recordedForEnable } from './recorded-for-enable.js';
import { forward } from './step-operation.js';

/**
 * Takes a share of a server group out of service: what it was like is captured and recorded before the first share, then
 * the instances leave behind the guard, and the step waits until they have drained.
 */
export async function disableServerGroupShare(
  context: AttemptContext,
  step: PlanStepOf<'disableServerGroupShare'>,
): Promise<JsonObject> {
  const { id, subject, arn, percent, guard } = step;
  const { coveringPercent, serverGroup } = guard;
  const covers = coveringPercent === undefined || serverGroup === null ? [] : [serverGroup];
  await recordedForEnable(context, { id, subject, covers });
  const disabled = await awsWrites(context.deadlineMs()).disableServerGroupShare({
    context: forward(context, step),
    subject,
    arn,
    percent,
    guard,
  });
  await awsWaits(context.deadlineMs()).awaitServerGroupShareDrained({
    context: forward(context, step, 'wait'),
    subject,
  });
  return { ...disabled };
}

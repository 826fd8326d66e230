import { epochMs, isoTime, type JsonObject, type PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWaits } from '../proxies.js';
import { forward } from './step-operation.js';

/** Watches alarms from the step's start for the planned time, also across a continued run; one in ALARM fails the step. */
export async function watchAlarms(
  context: AttemptContext,
  step: PlanStepOf<'watchAlarms'>,
): Promise<JsonObject> {
  const started = context.state.steps.find((known) => known.stepId === step.id);
  if (started === undefined) throw new Error(`step ${step.id} has not started`);
  const { observedAt, withoutData } = await awsWaits(context.deadlineMs()).watchAlarms({
    context: forward(context, step, 'wait'),
    subject: step.subject,
    alarms: step.alarms,
    until: isoTime(epochMs(started.startedAt) + step.watchSeconds * 1000),
  });
  return { observedAt, withoutData: [...withoutData] };
}

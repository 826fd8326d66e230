import { epochMs, isoTime, type JsonObject, type PlanStepOf } from '@gennaker/domain';
import { sleep } from '@temporalio/workflow';
import type { AttemptContext } from '../attempt-context.js';

/** Waits until a fixed instant, the step's start plus the planned time, also across a continued run. */
export async function delay(
  context: AttemptContext,
  step: PlanStepOf<'delay'>,
): Promise<JsonObject> {
  const started = context.state.steps.find((known) => known.stepId === step.id);
  if (started === undefined) throw new Error(`step ${step.id} has not started`);
  const untilMs = epochMs(started.startedAt) + step.delaySeconds * 1000;
  const leftMs = untilMs - Date.now();
  if (leftMs > 0) {
    context.waiting({
      reason: 'time',
      message: `waits ${step.delaySeconds} s`,
      done: null,
      wanted: null,
      nextLookAt: null,
      deadline: isoTime(untilMs),
    });
    await sleep(leftMs);
  }
  return {};
}

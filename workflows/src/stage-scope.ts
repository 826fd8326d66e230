import { cancelGraceSeconds, findStepInProgress, type JsonObject } from '@gennaker/domain';
import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { AttemptContext } from './attempt-context.js';

/** Why the forward work of a stage ended. */
export type ForwardEnd =
  | { readonly end: 'succeeded'; readonly outputs: JsonObject }
  | { readonly end: 'failed'; readonly error: unknown }
  | { readonly end: 'deadline' | 'cancelled' | 'handover' };

/** Microtasks that work without any wait needs to be over; a condition costs a round over all conditions. */
const immediateTurns = 8;

/**
 * Runs the forward work in a scope of its own until it ends, its deadline passes, the stage is to be stopped, or the run
 * hands over. Then the scope is cancelled and its activities get {@link cancelGraceSeconds} to end.
 */
export async function runForward(
  context: AttemptContext,
  work: () => Promise<JsonObject>,
): Promise<ForwardEnd> {
  const already = stopNow(context);
  if (already !== null) return { end: already };
  const scope = new CancellationScope({ cancellable: true });
  let settled: ForwardEnd | null = null;
  const done = scope.run(work).then(
    (outputs) => void (settled = { end: 'succeeded', outputs }),
    (error: unknown) => void (settled = { end: 'failed', error }),
  );
  for (let turn = 0; turn < immediateTurns && settled === null; turn += 1) await Promise.resolve();
  const stopped = await firstStop(context, () => settled !== null);
  if (stopped === null) {
    await done;
    return settled ?? { end: 'cancelled' };
  }
  scope.cancel();
  await condition(() => settled !== null, cancelGraceSeconds * 1000);
  return afterStop(context, stopped, settled);
}

type Stop = 'deadline' | 'cancelled' | 'handover';

/** Null when the work settled by itself. The run's one timer wakes it at the deadline, see keepDeadlines. */
async function firstStop(context: AttemptContext, isSettled: () => boolean): Promise<Stop | null> {
  for (;;) {
    if (isSettled()) return null;
    const stop = stopNow(context);
    if (stop !== null) return stop;
    await condition(() => isSettled() || stopNow(context) !== null);
  }
}

function stopNow(context: AttemptContext): Stop | null {
  if (isToStop(context)) return 'cancelled';
  if (context.run.handingOver) return 'handover';
  return context.deadlineMs() <= Date.now() ? 'deadline' : null;
}

function afterStop(context: AttemptContext, stopped: Stop, settled: ForwardEnd | null): ForwardEnd {
  if (settled === null) {
    context.lastCallUnknown = stopped !== 'handover';
    return { end: stopped };
  }
  if (settled.end === 'succeeded') return settled;
  if (settled.end === 'failed' && !isCancellation(settled.error)) return settled;
  return { end: stopped };
}

/** `finishStep` tears nothing: neither by itself nor, while it is in force, by the failure of another stage. */
function isToStop(context: AttemptContext): boolean {
  const { run, refId } = context;
  if (run.state.cancel?.intent === 'finishStep') {
    return findStepInProgress(context.state) === undefined;
  }
  return run.state.cancel !== null || run.haltedRefIds.has(refId);
}

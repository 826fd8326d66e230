import {
  findStage,
  isoTime,
  lockWaitSecondsMax,
  nextAttemptNumber,
  remainingSteps,
  stagesHaltedBy,
  type JsonObject,
  type StageSpec,
} from '@gennaker/domain';
import { AttemptContext } from './attempt-context.js';
import { easeAttention } from './attention.js';
import { acquireLocks, locksOf, releaseLocks, type StageLock } from './locks.js';
import { StageFailure } from './failures.js';
import type { Run } from './run.js';
import { finishFailedStage } from './stage-failure.js';
import { runForward, type ForwardEnd } from './stage-scope.js';
import { immediateOutputs } from './stages/immediate.js';
import { runStageTask } from './stages/registry.js';
import { attemptsLeftOpen, undoAttempt } from './undo-runner.js';

/** Begins the stage's next attempt, as an event; the work follows by {@link runStage}. */
export function startStage(run: Run, refId: string): void {
  const stage = findStage(run.state, refId);
  if (stage === undefined) throw new Error(`the execution has no stage ${refId}`);
  const spec = run.spec(refId);
  const needsLock = locksOf(run.pipeline.application, spec).length > 0;
  const seconds = needsLock ? lockWaitSecondsMax : spec.timeoutSeconds;
  run.haltedRefIds.delete(refId);
  run.emit({
    kind: 'stage.started',
    refId,
    attempt: nextAttemptNumber(stage),
    deadline: isoTime(Date.now() + seconds * 1000),
  });
}

/** Ends a stage at once whose work needs neither a wait nor an activity; false for every other one. */
export function finishImmediately(run: Run, refId: string): boolean {
  const attempt = findStage(run.state, refId)?.attempts.at(-1)?.attempt;
  if (attempt === undefined) return false;
  const context = new AttemptContext(run, refId, attempt);
  const outputs = immediateOutputs(context, run.spec(refId));
  if (outputs === null || attemptsLeftOpen(context).length > 0) return false;
  easeAttention(run);
  succeed(context, outputs);
  return true;
}

/**
 * Carries the stage's running attempt to its end: locks, forward work, and on failure, deadline and cancel alike the undo.
 * Returns without an end when the run hands over; the next run calls it again and it goes on from the recorded steps.
 */
export async function runStage(run: Run, refId: string): Promise<void> {
  const attempt = findStage(run.state, refId)?.attempts.at(-1)?.attempt;
  if (attempt === undefined) throw new Error(`stage ${refId} has not started`);
  const context = new AttemptContext(run, refId, attempt);
  const spec = run.spec(refId);
  const locks = locksOf(run.pipeline.application, spec);
  if (context.state.undoing !== null) {
    await finishFailedStage(context, spec, { cause: context.state.undoing.cause, error: null });
    return await released(context, locks);
  }
  const forward = await forwardWork(context, spec, locks);
  switch (forward.end) {
    case 'handover':
      return;
    case 'succeeded':
      succeed(context, forward.outputs);
      return await released(context, locks);
    case 'failed':
      await finishFailedStage(context, spec, { cause: 'failure', error: forward.error });
      break;
    case 'deadline':
      await finishFailedStage(context, spec, { cause: 'timeout', error: null });
      break;
    case 'cancelled':
      await finishFailedStage(context, spec, { cause: 'cancel', error: null });
      break;
  }
  await released(context, locks);
}

/** The locks, then what an earlier attempt left to undo, then the task. An undo is in no scope that a stop would cut short. */
async function forwardWork(
  context: AttemptContext,
  spec: StageSpec,
  locks: readonly StageLock[],
): Promise<ForwardEnd> {
  if (locks.length > 0 && !context.state.lockGranted) {
    const locked = await runForward(context, () => takeLocks(context, spec, locks));
    if (locked.end !== 'succeeded') return locked;
  }
  const undone = await finishOlderUndo(context);
  return undone ?? (await runForward(context, () => runStageTask(context, spec)));
}

async function takeLocks(
  context: AttemptContext,
  spec: StageSpec,
  locks: readonly StageLock[],
): Promise<JsonObject> {
  await acquireLocks(context, locks);
  const deadline = isoTime(Date.now() + spec.timeoutSeconds * 1000);
  context.run.emit({ kind: 'stage.lockGranted', ...context.identity, deadline });
  return {};
}

/** A retry first finishes what an earlier attempt could not undo; null when that is done. */
async function finishOlderUndo(context: AttemptContext): Promise<ForwardEnd | null> {
  for (const attempt of attemptsLeftOpen(context)) {
    const outcome = await undoAttempt(context, attempt);
    if (outcome === 'handover') return { end: 'handover' };
    easeAttention(context.run);
    switch (outcome) {
      case 'clean':
        break;
      case 'stopped':
        return { end: 'cancelled' };
      case 'stuck':
        return { end: 'failed', error: stillStuck(attempt) };
    }
  }
  easeAttention(context.run);
  return null;
}

function stillStuck(attempt: number): StageFailure {
  return new StageFailure({
    code: 'UNDO_STUCK',
    message: `what attempt ${attempt} left behind could still not be undone`,
    details: { attempt },
  });
}

function succeed(context: AttemptContext, outputs: JsonObject): void {
  const { run, identity } = context;
  if (context.state.undo.length > 0) run.emit({ kind: 'undo.dropped', ...identity });
  run.emit({
    kind: 'stage.finished',
    ...identity,
    status: 'SUCCEEDED',
    outputs,
    error: null,
    summary: null,
  });
}

/** After the end: the locks go on, unless a person has to finish the undo; a failure takes the siblings with it. */
async function released(context: AttemptContext, locks: readonly StageLock[]): Promise<void> {
  const { run, refId } = context;
  const status = findStage(run.state, refId)?.status;
  if (status === 'RUNNING') return;
  if (status === 'TERMINAL') {
    for (const sibling of stagesHaltedBy(run.state, refId)) run.haltedRefIds.add(sibling);
  }
  const stuck = remainingSteps(run.state).some((step) => step.refId === refId);
  if (!stuck) await releaseLocks(context, locks);
}

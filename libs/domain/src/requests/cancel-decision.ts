import type { AcceptedCancel, CancelIntent } from '../execution/execution-event.js';
import {
  latestAttempt,
  type AttemptState,
  type ExecutionState,
  type StageState,
  type StepState,
} from '../execution/execution-state.js';
import { epochMs, isoTime } from '../iso-time.js';
import { openUndoOf } from '../undo/remaining-steps.js';
import { rollbackActions } from '../plans/rollback/rollback-action.js';
import { refused, type Decision } from '../refusal.js';
import { isComplete } from '../execution/status.js';
import type { UndoEntry } from '../undo/undo.js';

/** What a cancel asks for. */
export interface CancelRequest {
  readonly requestId: string;
  readonly bodyHash: string;
  readonly intent: CancelIntent;
  readonly by: string;
  readonly reason: string;
}

/** Seconds that a cancelled activity gets to end before its undo begins. */
export const cancelGraceSeconds = 15;

/** Seconds after which an undo that is not finished is handed to a person (NEEDS_ATTENTION). */
export const undoSecondsMax = 15 * 60;

/** How long the undo of these entries may take at most, in seconds: some need longer than {@link undoSecondsMax}. */
export function undoSecondsOf(entries: readonly UndoEntry[]): number {
  const longer = entries.reduce((sum, entry) => sum + ownSecondsOf(entry), 0);
  return undoSecondsMax + longer;
}

function ownSecondsOf(entry: UndoEntry): number {
  return entry.operation === 'rollbackInstanceRefresh' ? entry.secondsMax : 0;
}

/** The intents that may take the place of one in force: what is sooner over, and an undo where nothing is left as it is yet. */
const mayFollow: Readonly<Record<CancelIntent, readonly CancelIntent[]>> = {
  rollback: ['stop'],
  finishStep: ['rollback', 'stop'],
  stop: [],
};

/**
 * Whether an execution may be cancelled, and what that means. The same intent again gets the recorded answer, whatever
 * its key; `stop` is accepted during an undo and ends it after the step in progress, and both others after `finishStep`; other
 * changes are refused (EXECUTION_CANCELING). Refusals besides: EXECUTION_COMPLETE, IDEMPOTENCY_KEY_REUSED.
 */
export function decideCancel(
  state: ExecutionState,
  request: CancelRequest,
  nowMs: number,
): Decision<AcceptedCancel, AcceptedCancel> {
  const earlier = state.acceptedCancels.find((known) => known.requestId === request.requestId);
  if (earlier !== undefined) {
    return earlier.bodyHash === request.bodyHash
      ? { outcome: 'repeated', answer: earlier }
      : refused('IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key was used for another request');
  }
  if (isComplete(state.status)) {
    return refused('EXECUTION_COMPLETE', `the execution has already ended ${state.status}`, {
      status: state.status,
    });
  }
  if (state.cancel !== null && state.cancel.intent === request.intent) {
    return { outcome: 'repeated', answer: state.cancel };
  }
  const before = state.cancel?.intent;
  if (before !== undefined && !mayFollow[before].includes(request.intent)) {
    const how = before === 'rollback' ? 'undone' : 'stopped as it is';
    return refused('EXECUTION_CANCELING', `the execution is already being ${how}`);
  }
  if (state.resolving !== undefined && request.intent !== 'stop') {
    return refused('EXECUTION_CANCELING', 'what was left to undo is being settled already');
  }
  return { outcome: 'accepted', accepted: acceptedCancel(state, request, nowMs) };
}

/** Seconds around an undo: a call in flight, reads of evidence before and after, the end of the last activity. */
const aroundUndoSeconds = 120;

function acceptedCancel(
  state: ExecutionState,
  request: CancelRequest,
  nowMs: number,
): AcceptedCancel {
  const { intent } = request;
  const steps = intent === 'rollback' ? undoTitles(state) : [];
  // A step that is let finish may fail, and is undone then.
  const undoes = intent !== 'stop' || isUndoingAny(state);
  const undoSeconds = undoes ? undoSecondsOf(runningUndo(state).map((undo) => undo.entry)) : 0;
  const boundSeconds = cancelGraceSeconds + aroundUndoSeconds + undoSeconds;
  const atSteps = intent === 'finishStep' ? stagesAtStep(state) : [];
  const beginsMs = Math.max(nowMs, ...atSteps.map(({ attempt }) => epochMs(attempt.deadline)));
  const latestEnd = isoTime(beginsMs + boundSeconds * 1000);
  const finishedDeploys = rollbackActions(state);
  return {
    ...request,
    steps,
    ...(intent === 'finishStep' && { finishes: atSteps.map(({ step }) => step.title) }),
    latestEnd,
    ...(finishedDeploys.length > 0 && { finishedDeploys }),
  };
}

function stagesAtStep(state: ExecutionState) {
  return state.stages.flatMap((stage) => {
    const attempt = stage.status === 'RUNNING' ? latestAttempt(stage) : undefined;
    const step = attempt === undefined ? undefined : findStepInProgress(attempt);
    return attempt === undefined || step === undefined ? [] : [{ attempt, step }];
  });
}

/** What an attempt is at, going forward; undefined where it only waits for a lock, for time or for a person. */
export function findStepInProgress(attempt: AttemptState): StepState | undefined {
  if (attempt.undoing !== null || attempt.waitingFor?.reason === 'judgment') return undefined;
  return attempt.steps.findLast(({ status }) => status === 'RUNNING');
}

function isUndoingAny(state: ExecutionState): boolean {
  return state.resolving !== undefined || state.stages.some(isUndoing);
}

/** Whether the stage is being undone now, so that even a `stop` waits for the end of the entry under way. */
function isUndoing(stage: StageState): boolean {
  return stage.status === 'RUNNING' && latestAttempt(stage)?.undoing !== null;
}

/** The titles of what would be undone now, in the order in which it would be. */
export function undoTitles(state: ExecutionState): readonly string[] {
  return runningUndo(state)
    .map((undo) => undo.entry.title)
    .toReversed();
}

function runningUndo(state: ExecutionState): readonly { readonly entry: UndoEntry }[] {
  if (state.resolving !== undefined) return openUndoOf(state);
  return state.stages
    .filter((stage) => stage.status === 'RUNNING')
    .flatMap((stage) => latestAttempt(stage)?.undo ?? [])
    .filter((undo) => undo.status === 'pending');
}

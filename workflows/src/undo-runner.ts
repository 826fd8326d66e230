import { findStage, isLeftOpen, isOpenUndo, undoSecondsOf, type UndoState } from '@gennaker/domain';
import { CancellationScope } from '@temporalio/workflow';
import type { AttemptContext } from './attempt-context.js';
import { errorRecordOf } from './failures.js';
import { nextSideBySide, undoSideBySide } from './operations/undo/side-by-side.js';
import { undoEntry } from './operations/undo/undo-entry.js';
import type { Run } from './run.js';

/**
 * `clean`: everything is undone. `stopped`: a person wants the rest left as it is. `stuck`: a person must look; the locks
 * stay. `handover`: goes on later.
 */
export type UndoOutcome = 'clean' | 'stopped' | 'stuck' | 'handover';

/**
 * Undoes what an attempt has recorded, last first (see {@link nextSideBySide}), within {@link undoSecondsOf} its entries. The first
 * that cannot be undone stops the rest, so that nothing is destroyed before what replaces it serves. A `stop` ends it after what is
 * under way.
 */
export async function undoAttempt(
  context: AttemptContext,
  attemptNumber: number,
): Promise<UndoOutcome> {
  const entries = undoOf(context, attemptNumber)
    .filter(isOpenUndo)
    .map(({ entry }) => entry);
  const deadlineMs = Date.now() + undoSecondsOf(entries) * 1000;
  for (;;) {
    const undo = nextSideBySide(undoOf(context, attemptNumber));
    if (undo.length === 0) return 'clean';
    if (context.run.state.cancel?.intent === 'stop') return 'stopped';
    if (context.run.handingOver) return 'handover';
    const attempt = { refId: context.refId, attempt: attemptNumber };
    const undone = await undoSideBySide(context.run, attempt, {
      undo,
      undoOne: (one) => undoOne(context, { attempt: attemptNumber, undo: one, deadlineMs }),
    });
    if (undone.includes(false)) return 'stuck';
  }
}

/** Earlier attempts of the stage that left something to undo, oldest first. */
export function attemptsLeftOpen({ run, refId, attempt }: AttemptContext): readonly number[] {
  return attemptsToUndo(run, refId).filter((left) => left < attempt);
}

/** All attempts of the stage that left something to undo, oldest first. */
export function attemptsToUndo(run: Run, refId: string): readonly number[] {
  const attempts = findStage(run.state, refId)?.attempts ?? [];
  return attempts.filter(isLeftOpen).map((attempt) => attempt.attempt);
}

interface OneUndo {
  readonly attempt: number;
  readonly undo: UndoState;
  readonly deadlineMs: number;
}

async function undoOne(
  context: AttemptContext,
  { attempt, undo, deadlineMs }: OneUndo,
): Promise<boolean> {
  const { run, refId } = context;
  const entryId = undo.entry.id;
  run.emit({ kind: 'undo.entryStarted', refId, attempt, entryId });
  const finished = { kind: 'undo.entryFinished', refId, attempt, entryId } as const;
  try {
    const note = await CancellationScope.nonCancellable(() =>
      undoEntry(context, undo.entry, deadlineMs),
    );
    const noted = note === null ? {} : { note };
    run.emit({ ...finished, status: 'done', error: null, ...noted });
    return true;
  } catch (error) {
    const { code, message, details } = errorRecordOf(error);
    const said = `${undo.entry.title}: ${message}`;
    run.emit({ ...finished, status: 'failed', error: { code, message: said, details } });
    return false;
  }
}

function undoOf(context: AttemptContext, attemptNumber: number): readonly UndoState[] {
  const stage = findStage(context.run.state, context.refId);
  const attempt = stage?.attempts.find((candidate) => candidate.attempt === attemptNumber);
  return attempt?.undo ?? [];
}

import { awsCommandLines } from './aws-command-lines.js';
import type { RemainingStep } from '../execution/execution-event.js';
import type { AttemptState, ExecutionState, UndoState } from '../execution/execution-state.js';
import { isComplete } from '../execution/status.js';
import type { UndoEntry } from './undo.js';

/** An undo entry that has still to be done, and of whom. */
export interface OpenUndo {
  readonly refId: string;
  readonly attempt: number;
  readonly entry: UndoEntry;
}

/** Whether an undo entry has still to be done. */
export function isOpenUndo(undo: UndoState): boolean {
  return undo.status === 'pending' || undo.status === 'failed';
}

/** Whether an attempt is over, or its undo is stuck, with something left to undo. */
export function isLeftOpen(attempt: AttemptState): boolean {
  if (!attempt.undo.some(isOpenUndo)) return false;
  return isComplete(attempt.status) || attempt.undo.some((undo) => undo.status === 'failed');
}

/** What is left to undo of all stages, in the order in which it is to be done. */
export function openUndoOf(
  state: ExecutionState,
  isCounted: (attempt: AttemptState) => boolean = isLeftOpen,
): readonly OpenUndo[] {
  return state.stages.flatMap(({ refId, attempts }) =>
    attempts.filter(isCounted).flatMap(({ attempt, undo }) =>
      undo
        .filter(isOpenUndo)
        .toReversed()
        .map(({ entry }) => ({ refId, attempt, entry })),
    ),
  );
}

/** The same for a person, or a retry of the stage, who has to finish it: with AWS CLI lines. */
export function remainingSteps(
  state: ExecutionState,
  isCounted: (attempt: AttemptState) => boolean = isLeftOpen,
): readonly RemainingStep[] {
  return openUndoOf(state, isCounted).map(({ refId, attempt, entry }) => ({
    refId,
    attempt,
    title: entry.title,
    awsCommandLines: awsCommandLines(entry),
  }));
}

import { awsCommandLines } from './aws-command-lines.js';
import type { RemainingStep } from './execution-event.js';
import type { AttemptState, ExecutionState, UndoState } from './execution-state.js';
import { isComplete } from './status.js';

/** Whether an undo entry has still to be done. */
export function isOpenUndo(undo: UndoState): boolean {
  return undo.status === 'pending' || undo.status === 'failed';
}

/** Whether an attempt is over, or its undo is stuck, with something left to undo. */
export function isLeftOpen(attempt: AttemptState): boolean {
  if (!attempt.undo.some(isOpenUndo)) return false;
  return isComplete(attempt.status) || attempt.undo.some((undo) => undo.status === 'failed');
}

/** What a person, or a retry of the stage, has to finish: of all stages, in the order in which it is to be done. */
export function remainingSteps(
  state: ExecutionState,
  isCounted: (attempt: AttemptState) => boolean = isLeftOpen,
): readonly RemainingStep[] {
  return state.stages.flatMap(({ refId, attempts }) =>
    attempts.filter(isCounted).flatMap(({ attempt, undo }) =>
      undo
        .filter(isOpenUndo)
        .toReversed()
        .map(({ entry }) => ({
          refId,
          attempt,
          title: entry.title,
          awsCommandLines: awsCommandLines(entry),
        })),
    ),
  );
}

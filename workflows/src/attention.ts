import { openUndoOf, remainingSteps, type AcceptedResolution } from '@gennaker/domain';
import { AttemptContext } from './attempt-context.js';
import { releaseSettledLocks } from './locks.js';
import type { Run } from './run.js';
import { attemptsToUndo, undoAttempt } from './undo-runner.js';

/** Says what a person has to finish: all of the execution's, since the newest such event replaces the one before. */
export function raiseAttention(run: Run): void {
  const remaining = remainingSteps(run.state);
  const refIds = [...new Set(remaining.map((step) => step.refId))];
  const reason = `the undo of stage "${refIds.join('", "')}" could not finish`;
  run.emit({ kind: 'attention.raised', reason, remaining });
}

/** After the undo of one stage was finished: what is left is of other stages, or nothing. */
export function easeAttention(run: Run): void {
  const { needsAttention } = run.state;
  if (needsAttention === null) return;
  const left = remainingSteps(run.state).length;
  if (left === 0) run.emit({ kind: 'attention.cleared' });
  else if (left !== needsAttention.remaining.length) raiseAttention(run);
}

/**
 * Closes the undo ledger as a person says: repaired by hand, or left as it is. In the same turn in which that is accepted, so
 * that the ledger and the audit can never tell two stories.
 */
export function closeUndo(run: Run, { resolution, by }: AcceptedResolution): void {
  const open = openUndoOf(run.state);
  switch (resolution) {
    case 'retryUndo':
      return;
    case 'repaired':
      for (const { refId, attempt, entry } of open) {
        const done = { status: 'done', error: null, note: `repaired by ${by}` } as const;
        run.emit({ kind: 'undo.entryFinished', refId, attempt, entryId: entry.id, ...done });
      }
      return;
    case 'handOver': {
      const attempts = new Map(open.map((one) => [`${one.refId} ${one.attempt}`, one]));
      for (const { refId, attempt } of attempts.values()) {
        run.emit({ kind: 'undo.dropped', refId, attempt });
      }
    }
  }
}

/**
 * Carries the accepted way out of NEEDS_ATTENTION to its end: the undo once more where that was asked for, then the locks, then
 * the mark, then the execution ends as it had ended. Returns without that when the run hands over; the next run goes on.
 */
export async function resolveAttention(run: Run): Promise<void> {
  const { resolving } = run.state;
  if (resolving === undefined) return;
  if (resolving.resolution === 'retryUndo' && !(await undoneAgain(run))) return;
  await releaseSettledLocks(run);
  easeAttention(run);
  run.emit({ kind: 'execution.finished', status: resolving.endsAs });
}

/** Stage by stage, each as far as it goes; false when the run hands over. */
async function undoneAgain(run: Run): Promise<boolean> {
  for (const { refId } of run.state.stages) {
    for (const attempt of attemptsToUndo(run, refId)) {
      const outcome = await undoAttempt(new AttemptContext(run, refId, attempt), attempt);
      if (outcome === 'handover') return false;
      if (outcome !== 'clean') break;
    }
  }
  return true;
}

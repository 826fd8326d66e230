import { nextToUndo, type UndoState } from '@gennaker/domain';
import { patched } from '@temporalio/workflow';
import type { Run } from '../../run.js';

/** Which attempt's undo it is. */
interface OfAttempt {
  readonly refId: string;
  readonly attempt: number;
}

/** What is to be undone next: as {@link nextToUndo}, but one at a time in runs that began so. */
export function nextSideBySide(undo: readonly UndoState[]): readonly UndoState[] {
  const next = nextToUndo(undo);
  return next.length > 1 && patched('undoSideBySide') ? next : next.slice(0, 1);
}

/**
 * Undoes all of them at the same time; one that fails leaves the others to their end. How each ended, in their order. Whenever
 * one has ended it says what is still under way: until the wait of that tells more, nothing else would.
 */
export async function undoSideBySide<Ended>(
  run: Run,
  attempt: OfAttempt,
  work: {
    readonly undo: readonly UndoState[];
    /** Never throws. */
    undoOne(undo: UndoState): Promise<Ended>;
  },
): Promise<readonly Ended[]> {
  const underWay = new Set(work.undo);
  return await Promise.all(
    work.undo.map(async (undo) => {
      const ended = await work.undoOne(undo);
      underWay.delete(undo);
      if (underWay.size > 0) tellOf(run, attempt, underWay);
      return ended;
    }),
  );
}

function tellOf(run: Run, attempt: OfAttempt, underWay: ReadonlySet<UndoState>): void {
  const titles = [...underWay].map(({ entry }) => entry.title);
  const { refId } = attempt;
  const waitingFor = {
    reason: 'gone',
    message: `still at: ${titles.join('; ')}`,
    done: null,
    wanted: null,
    nextLookAt: null,
    deadline: null,
  } as const;
  run.emit({ kind: 'stage.waiting', refId, attempt: attempt.attempt, waitingFor });
}

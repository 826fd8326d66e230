import { isOpenUndo, type JsonObject, type PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { undoEntry } from './undo-entry.js';

/**
 * Undoes some of what was recorded while the deploy goes on, last first, by the same code as an undo, and marks each as done:
 * a later undo finds it so. One that fails fails the step, stays open, and is the undo's to finish.
 */
export async function undoEarly(
  context: AttemptContext,
  { entryIds }: PlanStepOf<'undoEarly'>,
): Promise<JsonObject> {
  const undone: string[] = [];
  for (;;) {
    const next = context.state.undo.findLast(
      (undo) => isOpenUndo(undo) && entryIds.includes(undo.entry.id),
    );
    if (next === undefined) return { undone };
    const { id: entryId, title } = next.entry;
    context.run.emit({ kind: 'undo.entryStarted', ...context.identity, entryId });
    const note = await undoEntry(context, next.entry, context.deadlineMs());
    const finished = { kind: 'undo.entryFinished', ...context.identity, entryId } as const;
    const noted = note === null ? {} : { note };
    context.run.emit({ ...finished, status: 'done', error: null, ...noted });
    undone.push(title);
  }
}

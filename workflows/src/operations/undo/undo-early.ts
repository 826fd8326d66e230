import type { JsonObject, PlanStepOf, UndoState } from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { nextSideBySide, undoSideBySide } from './side-by-side.js';
import { undoEntry } from './undo-entry.js';

/**
 * Undoes some of what was recorded while the deploy goes on, in the order and by the same code as an undo, and marks each as
 * done: a later undo finds it so. One that fails fails the step, stays open, and is the undo's to finish.
 */
export async function undoEarly(
  context: AttemptContext,
  { entryIds }: PlanStepOf<'undoEarly'>,
): Promise<JsonObject> {
  const undone: string[] = [];
  for (;;) {
    const named = context.state.undo.filter(({ entry }) => entryIds.includes(entry.id));
    const undo = nextSideBySide(named);
    if (undo.length === 0) return { undone };
    const ended = await undoSideBySide(context.run, context.identity, {
      undo,
      undoOne: (one) => undoOne(context, one),
    });
    for (const one of ended) if (one.kind === 'failed') throw one.error;
    undone.push(...undo.map(({ entry }) => entry.title));
  }
}

type Ended = { readonly kind: 'undone' } | { readonly kind: 'failed'; readonly error: unknown };

async function undoOne(context: AttemptContext, { entry }: UndoState): Promise<Ended> {
  const entryId = entry.id;
  context.run.emit({ kind: 'undo.entryStarted', ...context.identity, entryId });
  try {
    const note = await undoEntry(context, entry, context.deadlineMs());
    const finished = { kind: 'undo.entryFinished', ...context.identity, entryId } as const;
    const noted = note === null ? {} : { note };
    context.run.emit({ ...finished, status: 'done', error: null, ...noted });
    return { kind: 'undone' };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

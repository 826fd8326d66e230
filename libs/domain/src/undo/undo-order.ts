import type { UndoState } from '../execution/execution-state.js';
import { isOpenUndo } from './remaining-steps.js';

/**
 * What of an undo's entries comes next, all of it at the same time: the last open one, and where that destroys a server group
 * also those directly before it that do, since none of them replaces another. Last first; empty once nothing is open. Pure.
 */
export function nextToUndo(undo: readonly UndoState[]): readonly UndoState[] {
  const open = undo.filter(isOpenUndo);
  const alone = open.findLastIndex(({ entry }) => entry.operation !== 'destroyServerGroup');
  const next = alone === open.length - 1 ? open.slice(-1) : open.slice(alone + 1);
  return next.toReversed();
}

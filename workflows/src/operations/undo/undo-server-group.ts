import type { UndoEntry } from '@gennaker/domain';
import { found, type Undo } from './undo-operation.js';

type EntryOf<Operation extends UndoEntry['operation']> = Extract<
  UndoEntry,
  { readonly operation: Operation }
>;

const isGone = 'the server group is gone';

/** The sizes before a resize; what had shrunk and served is waited for until it serves again. */
export async function restoreCapacity(
  undo: Undo,
  entry: EntryOf<'restoreCapacity'>,
): Promise<string | null> {
  const { subject, arn, recorded, written, instancesHealthyMin } = entry;
  const input = { context: undo.operation('resize', subject), subject };
  const restored = await undo.writes.restoreServerGroupSize({
    ...input,
    arn,
    recorded,
    written,
    running: 'recorded',
  });
  switch (restored.outcome) {
    case 'gone':
      return isGone;
    case 'changed': {
      const { min, desired, max } = restored.capacity;
      return `left as it is, since somebody else has set its sizes to ${min}/${desired}/${max}`;
    }
    case 'restored':
      if (instancesHealthyMin > 0) {
        await undo.waits.awaitServerGroupHealthy({ ...input, arn, instancesHealthyMin });
      }
      return null;
  }
}

/** The processes that were suspended before, and no others of those that the stage has changed. */
export async function restoreProcesses(
  undo: Undo,
  { subject, arn, suspend, resume }: EntryOf<'restoreProcesses'>,
): Promise<string | null> {
  const context = undo.operation('processes', subject);
  const input = { context, subject, arn, suspend, resume };
  const done = await found(
    undo.writes.changeServerGroupProcesses(input).then(() => 'done' as const),
  );
  return done === null ? isGone : null;
}

/** The tags as they were; those that somebody else has set since are left. */
export async function restoreTags(
  undo: Undo,
  { subject, arn, recorded, written }: EntryOf<'restoreTags'>,
): Promise<string | null> {
  const input = { context: undo.operation('tags', subject), subject, arn, recorded, written };
  const { outcome, left } = await undo.writes.restoreServerGroupTags(input);
  if (outcome === 'gone') return isGone;
  return left.length === 0 ? null : `left as somebody else has set them: ${left.join(', ')}`;
}

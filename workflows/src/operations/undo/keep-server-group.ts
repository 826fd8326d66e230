import { findStage, keptProcesses, keptTags, keptUntil, type UndoEntry } from '@gennaker/domain';
import { found, type Undo } from './undo-operation.js';

type DestroyEntry = Extract<UndoEntry, { readonly operation: 'destroyServerGroup' }>;

/** Whether the entry's server group is to be kept: its own attempt has failed or was late. */
export function isToKeep({ context }: Undo, entry: DestroyEntry): boolean {
  if (entry.keepOnFailure !== true) return false;
  const stage = findStage(context.run.state, context.refId);
  const cause = stage?.attempts.find((attempt) => attempt.undo.some((one) => one.entry === entry))
    ?.undoing?.cause;
  return cause === 'failure' || cause === 'timeout';
}

/**
 * Keeps a server group that was just taken out of traffic: suspends what would change its size or its instances, and tags it
 * with the time until which it is kept, so that who finds it knows. Alarms and launch template stay with it. Returns what a
 * person should know; null when it is gone by then.
 */
export async function keepServerGroup(
  undo: Undo,
  { subject }: DestroyEntry,
  instances: number,
): Promise<string | null> {
  const input = { context: undo.operation('keep', subject), subject, arn: null };
  const until = keptUntil(Date.now());
  const held = await found(
    undo.writes
      .changeServerGroupProcesses({ ...input, suspend: keptProcesses, resume: [] })
      .then(() => undo.writes.changeServerGroupTags({ ...input, tags: keptTags(until) }))
      .then(() => 'held' as const),
  );
  if (held === null) return null;
  return `it has failed and is kept out of traffic with ${instances} instances until ${until}, for people to look at; the first deploy after that destroys it`;
}

import {
  isoTime,
  type ServerGroupRef,
  type ServerGroupRestoreState,
  type UndoEntry,
} from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWrites } from '../proxies.js';

/** A disable, of all or of a share, whose undo has to be recorded. */
export interface Disabling {
  readonly id: string;
  readonly subject: ServerGroupRef;
  /** Server groups that serve in its place: where they have grown by then, an enable grows it with them. */
  readonly covers: readonly string[];
  /** The stage goes on to destroy it. */
  readonly unlessGone?: boolean;
}

/**
 * What the server group was like before the first disable of this attempt: captured, so that it is in history before the
 * first change, and recorded as what an undo restores. Later disables of the same group change what is half disabled
 * already: the first state stays the one to come back to.
 */
export async function recordedForEnable(
  context: AttemptContext,
  { id, subject, covers, unlessGone = false }: Disabling,
): Promise<ServerGroupRestoreState> {
  const known = recordedRestore(context, subject);
  if (known !== undefined) return known;
  const { serverGroup } = subject;
  const deadline = isoTime(context.deadlineMs());
  const restore = await awsWrites(context.deadlineMs()).captureServerGroup({
    context: context.operation(id, serverGroup, { priority: 'write', deadline }),
    subject,
  });
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id,
      operation: 'enableServerGroup',
      title: `Enable ${serverGroup} again with ${restore.instancesInService} instances in service`,
      subject,
      restore,
      ...(covers.length > 0 && { covers }),
      ...(unlessGone && { unlessGone }),
    },
  });
  return restore;
}

function recordedRestore(
  context: AttemptContext,
  { serverGroup }: ServerGroupRef,
): ServerGroupRestoreState | undefined {
  const entries: readonly UndoEntry[] = context.state.undo.map((undo) => undo.entry);
  const entry = entries.find(
    (candidate) =>
      candidate.operation === 'enableServerGroup' && candidate.subject.serverGroup === serverGroup,
  );
  return entry?.operation === 'enableServerGroup' ? entry.restore : undefined;
}

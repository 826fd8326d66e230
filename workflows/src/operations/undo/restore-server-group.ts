import { isDisabledBy, type UndoEntry } from '@gennaker/domain';
import type { Undo } from './undo-operation.js';

/**
 * Takes a group that was enabled out of traffic again, if it was before, behind its guard, and restores its sizes and its
 * processes. What serves instead is healthy first: undo entries are done last first, so it is back already. Returns what a
 * person should know although it is done.
 */
export async function restoreServerGroup(
  undo: Undo,
  entry: Extract<UndoEntry, { operation: 'restoreServerGroup' }>,
): Promise<string | null> {
  const { subject, arn, restore, guard, weightless } = entry;
  const input = { context: undo.operation('restore', subject), subject };
  const wasOut = isDisabledBy(restore.suspendedProcesses);
  if (wasOut) {
    if (guard !== null && guard.instancesHealthyMin > 0) {
      const { serverGroup, instancesHealthyMin } = guard;
      const others = { ...subject, serverGroup };
      await undo.waits.awaitServerGroupHealthy({
        context: undo.operation('guard', others),
        subject: others,
        instancesHealthyMin,
        arn: null,
      });
    }
    await undo.writes.disableServerGroup({
      ...input,
      arn,
      restore,
      guard,
      ...(weightless !== undefined && { weightless }),
    });
    await undo.waits.awaitServerGroupDrained(input);
  }
  const restored = await undo.writes.restoreServerGroupSize({
    ...input,
    arn,
    recorded: restore.capacity,
    written: null,
    running: wasOut ? 'ended' : 'kept',
  });
  if (restored.outcome !== 'restored') return 'it is not there any more';
  if (!wasOut) return null;
  if (restored.surplus > 0) {
    const instancesMax = restore.capacity.desired;
    await undo.waits.awaitServerGroupShrunk({ ...input, instancesMax });
  }
  await undo.writes.restoreServerGroupProcesses({ ...input, arn, restore });
  return null;
}

import type { UndoEntry } from '@gennaker/domain';
import { sleep } from '@temporalio/workflow';
import type { AttemptContext } from '../../attempt-context.js';
import { errorRecordOf } from '../../failures.js';
import { isToKeep, keepServerGroup } from './keep-server-group.js';
import { firstPauseMs, longerPause } from './pauses.js';
import { restoreServerGroup } from './restore-server-group.js';
import { found, Undo } from './undo-operation.js';
import { rollbackInstanceRefresh } from './undo-refresh.js';
import { restoreCapacity, restoreProcesses, restoreTags } from './undo-server-group.js';

/**
 * Undoes one entry and verifies it on AWS, until `deadlineMs`. Run in a scope that nothing cancels but the run's own end.
 * Harmless when the forward step never happened, or when the undo was done before. Returns what a person should know
 * although it is done, or null.
 */
export async function undoEntry(
  context: AttemptContext,
  entry: UndoEntry,
  deadlineMs: number,
): Promise<string | null> {
  const undo = new Undo(context, entry.id, deadlineMs);
  switch (entry.operation) {
    case 'destroyServerGroup':
      return await destroyServerGroup(undo, entry);
    case 'enableServerGroup':
      return await enableServerGroup(undo, entry);
    case 'restoreServerGroup':
      return await restoreServerGroup(undo, entry);
    case 'restoreCapacity':
      return await restoreCapacity(undo, entry);
    case 'restoreProcesses':
      return await restoreProcesses(undo, entry);
    case 'restoreTags':
      return await restoreTags(undo, entry);
    case 'unpinServerGroup':
      return await unpinServerGroup(undo, entry);
    case 'setRuleWeights':
      return await giveRequestsBack(undo, entry);
    case 'deleteTargetGroup':
      return await deleteTargetGroup(undo, entry);
    case 'rollbackInstanceRefresh':
      return await rollbackInstanceRefresh(undo, entry);
  }
}

/**
 * Takes the group out of service, waits until its targets are drained, deletes its alarms (before their metrics end), then
 * the group, and then its launch template. A group of that name that is not ours is left alone; alarms and template are
 * deleted only if they are ours. One that is to be kept stays, out of traffic.
 */
async function destroyServerGroup(
  undo: Undo,
  entry: Extract<UndoEntry, { operation: 'destroyServerGroup' }>,
): Promise<string | null> {
  const { subject, weightless, alarmNames = [] } = entry;
  const input = { context: undo.operation('destroy', subject), subject };
  const restore = await found(undo.writes.captureServerGroup(input));
  const isHere = restore !== null && isOurs(undo, restore.owner);
  if (isHere) {
    await undo.writes.disableServerGroup({
      ...input,
      restore,
      guard: null,
      ...(weightless !== undefined && { weightless }),
    });
    await undo.waits.awaitServerGroupDrained(input);
    if (isToKeep(undo, entry))
      return await keepServerGroup(undo, entry, restore.instancesInService);
  }
  if (alarmNames.length > 0) {
    await undo.writes.deleteServerGroupAlarms({ ...input, alarmNames });
  }
  if (isHere) {
    await undo.writes.deleteServerGroup(input);
    await undo.waits.awaitServerGroupGone(input);
  }
  await undo.writes.deleteLaunchTemplate(input);
  return null;
}

/**
 * Pins and registers, waits until what was registered is healthy, resumes, and waits for the recorded size, or for that of
 * what served in its place where that is larger by now.
 */
async function enableServerGroup(
  undo: Undo,
  entry: Extract<UndoEntry, { operation: 'enableServerGroup' }>,
): Promise<string | null> {
  const { subject, restore, covers = [] } = entry;
  const input = { context: undo.operation('enable', subject), subject };
  const registering = undo.writes.registerServerGroup({ ...input, restore });
  const registered = entry.unlessGone === true ? await found(registering) : await registering;
  if (registered === null) return 'not possible: it was destroyed, which cannot be undone';
  const { instancesRegistered } = registered;
  const wait = (instancesHealthyMin: number) =>
    undo.waits.awaitServerGroupHealthy({ ...input, instancesHealthyMin, arn: null });
  await wait(Math.min(instancesRegistered, restore.instancesInService));
  await undo.writes.resumeServerGroup({ ...input, restore });
  if (covers.length > 0) {
    const { grown, capacity } = await undo.writes.matchServerGroup({ ...input, others: covers });
    if (grown || capacity.min !== restore.capacity.min) {
      await wait(capacity.desired);
      return `grown to ${capacity.min}/${capacity.desired}/${capacity.max}, since ${covers.join(' and ')} had grown`;
    }
  }
  await wait(restore.instancesInService);
  return null;
}

/** Gone already is done; one of that name that is not ours is left alone and named. */
async function deleteTargetGroup(
  undo: Undo,
  { subject, targetGroupName }: Extract<UndoEntry, { operation: 'deleteTargetGroup' }>,
): Promise<string | null> {
  const context = undo.operation('target-group', subject);
  try {
    await undo.writes.deleteTargetGroup({ context, subject, targetGroupName });
    return null;
  } catch (error) {
    const { code, message } = errorRecordOf(error);
    if (code !== 'NAME_CONFLICT') throw error;
    return `left alone: ${message}`;
  }
}

/** Somebody else's minimum is left as it is: it is not ours to restore. */
async function unpinServerGroup(
  undo: Undo,
  entry: Extract<UndoEntry, { operation: 'unpinServerGroup' }>,
): Promise<string | null> {
  const { subject, arn, recorded, pinnedMin } = entry;
  const context = undo.operation('unpin', subject);
  const { outcome, min } = await undo.writes.unpinServerGroup({
    context,
    subject,
    arn,
    recorded,
    pinnedMin,
  });
  if (outcome !== 'changed') return null;
  return `left as it is, since somebody else has set the minimum to ${min} (we had set ${pinnedMin})`;
}

/**
 * As soon as the group that is to serve again can: until the undo's deadline it is asked again. Weights that somebody else
 * has set are left as they are: what the deploy made is destroyed only where they send it nothing.
 */
async function giveRequestsBack(
  undo: Undo,
  {
    subject,
    rule,
    guards,
    captured,
    weights,
    expected,
  }: Extract<UndoEntry, { operation: 'setRuleWeights' }>,
): Promise<string | null> {
  const context = undo.operation('weights', subject);
  const change = { captured, weights, expected };
  for (let pauseMs = firstPauseMs; ; pauseMs = longerPause(pauseMs)) {
    try {
      await undo.writes.setRuleWeights({ context, rule, change, guards });
      return null;
    } catch (error) {
      const { code, details } = errorRecordOf(error);
      if (code === 'CHANGED_BY_SOMEONE_ELSE' && details['found'] !== undefined) {
        return 'left as it is, since somebody else has set other weights meanwhile';
      }
      if (code === 'SUBJECT_VANISHED') return 'not possible: the rule is not there any more';
      const isGuard = code === 'TRAFFIC_GUARD';
      if (!isGuard || Date.now() + pauseMs >= undo.deadlineMs) throw error;
    }
    await sleep(pauseMs);
  }
}

function isOurs(undo: Undo, owner: { executionId: string; stage: string } | null): boolean {
  const { run, refId } = undo.context;
  return owner !== null && owner.executionId === run.executionId && owner.stage === refId;
}

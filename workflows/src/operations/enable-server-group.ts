import {
  epochMs,
  isoTime,
  type JsonObject,
  type PlanStepOf,
  type ServerGroupRestoreState,
} from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { errorRecordOf } from '../failures.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { forward } from './step-operation.js';

/**
 * How long instances that were kept warm may take to pass their health checks before Auto Scaling may replace those that do
 * not. Sooner, it would replace a whole warm fleet that only has not been checked yet; never, one dead instance would hold a
 * rollback up for good.
 */
const warmHealthySeconds = 120;

/**
 * Brings a server group into traffic: captures what it was like and records how to restore that (in history before the
 * first change, DESIGN D8), registers what runs, resumes its processes once that is healthy, and gives it its sizes.
 */
export async function enableServerGroup(
  context: AttemptContext,
  step: PlanStepOf<'enableServerGroup'>,
): Promise<JsonObject> {
  const { subject, arn, capacity, suspendedProcesses } = step;
  const captured = recordedState(context, step) ?? (await capture(context, step));
  const restore: ServerGroupRestoreState = { ...captured, capacity, suspendedProcesses };
  const input = { context: forward(context, step), subject, restore };
  const writes = awsWrites(context.deadlineMs());
  const { instancesRegistered } = await writes.registerServerGroup(input);
  const warm = await awaitWarm(context, step, instancesRegistered);
  await awsWrites(context.deadlineMs()).resumeServerGroup(input);
  return { arn, capacity: { ...capacity }, instancesRegistered, warmInstancesHealthy: warm };
}

async function capture(
  context: AttemptContext,
  step: PlanStepOf<'enableServerGroup'>,
): Promise<ServerGroupRestoreState> {
  const { id, subject, arn, undoGuard, weightless } = step;
  const restore = await awsWrites(context.deadlineMs()).captureServerGroup({
    context: forward(context, step),
    subject,
  });
  const { min, desired, max } = restore.capacity;
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id,
      operation: 'restoreServerGroup',
      title: `Restore ${subject.serverGroup} as it was, at ${min}/${desired}/${max}`,
      subject,
      arn,
      restore,
      guard: undoGuard,
      ...(weightless !== undefined && { weightless }),
    },
  });
  return restore;
}

function recordedState(
  context: AttemptContext,
  step: PlanStepOf<'enableServerGroup'>,
): ServerGroupRestoreState | undefined {
  const recorded = context.state.undo.find(({ entry }) => entry.id === step.id)?.entry;
  return recorded?.operation === 'restoreServerGroup' ? recorded.restore : undefined;
}

/** Whether all that was registered is healthy; false once it has had its time. */
async function awaitWarm(
  context: AttemptContext,
  step: PlanStepOf<'enableServerGroup'>,
  instancesHealthyMin: number,
): Promise<boolean> {
  if (instancesHealthyMin === 0) return true;
  const { subject, arn } = step;
  const own = forward(context, step, 'wait');
  const untilMs = Math.min(epochMs(own.deadline), Date.now() + warmHealthySeconds * 1000);
  try {
    await awsWaits(context.deadlineMs()).awaitServerGroupHealthy({
      context: { ...own, deadline: isoTime(untilMs) },
      subject,
      instancesHealthyMin,
      arn,
    });
    return true;
  } catch (error) {
    const isTime = errorRecordOf(error).code === 'STAGE_TIMEOUT';
    if (!isTime || untilMs === epochMs(own.deadline)) throw error;
    return false;
  }
}

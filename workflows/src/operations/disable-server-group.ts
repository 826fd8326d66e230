import type { JsonObject, PlanStep, ServerGroupRestoreState, UndoEntry } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWaits, awsWrites } from '../proxies.js';

type DisableStep = Extract<PlanStep, { readonly operation: 'disableServerGroup' }>;

/**
 * Takes a server group out of service: captures what it was like (in history before the first change, DESIGN D8), records
 * how to enable it again, disables it behind the guard, and waits until its targets are drained.
 */
export async function disableServerGroup(
  context: AttemptContext,
  step: DisableStep,
): Promise<JsonObject> {
  const { subject, guard } = step;
  const restore = recordedRestore(context, step) ?? (await captured(context, step));
  const writes = awsWrites(context.deadlineMs());
  await writes.disableServerGroup({ context: operation(context, step), subject, restore, guard });
  await awsWaits(context.deadlineMs()).awaitServerGroupDrained({
    context: operation(context, step),
    subject,
  });
  return { instancesInServiceBefore: restore.instancesInService };
}

async function captured(
  context: AttemptContext,
  step: DisableStep,
): Promise<ServerGroupRestoreState> {
  const { subject } = step;
  const restore = await awsWrites(context.deadlineMs()).captureServerGroup({
    context: operation(context, step),
    subject,
  });
  const { serverGroup } = subject;
  context.run.emit({
    kind: 'undo.recorded',
    ...context.identity,
    entry: {
      id: step.id,
      operation: 'enableServerGroup',
      title: `Enable ${serverGroup} again with ${restore.instancesInService} instances in service`,
      subject,
      restore,
    },
  });
  return restore;
}

function recordedRestore(
  context: AttemptContext,
  step: DisableStep,
): ServerGroupRestoreState | undefined {
  const entries: readonly UndoEntry[] = context.state.undo.map((undo) => undo.entry);
  const entry = entries.find((candidate) => candidate.id === step.id);
  return entry?.operation === 'enableServerGroup' ? entry.restore : undefined;
}

function operation(context: AttemptContext, step: DisableStep) {
  const { deadline } = context.state;
  return context.operation(step.id, step.subject.serverGroup, { priority: 'write', deadline });
}

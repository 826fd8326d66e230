import type { JsonObject, PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { forward } from './step-operation.js';

/**
 * Scales a group that is out of traffic to nothing. The sizes come first, behind the guard: nothing terminates until the
 * process Terminate, which the disable has suspended, is resumed; afterwards it is suspended again. An undo or a rollback
 * grows it to what the disable has recorded.
 */
export async function scaleDownServerGroup(
  context: AttemptContext,
  step: PlanStepOf<'scaleDownServerGroup'>,
): Promise<JsonObject> {
  const { subject, arn, capacity, guard } = step;
  const writes = awsWrites(context.deadlineMs());
  const operation = { context: forward(context, step), subject, arn };
  await writes.changeServerGroupSize({ ...operation, capacity, guard, outOfTraffic: true });
  const terminate = ['Terminate'];
  await writes.changeServerGroupProcesses({ ...operation, suspend: [], resume: terminate });
  await awsWaits(context.deadlineMs()).awaitServerGroupShrunk({
    context: forward(context, step, 'wait'),
    subject,
    instancesMax: capacity.desired,
  });
  await writes.changeServerGroupProcesses({ ...operation, suspend: terminate, resume: [] });
  return { capacity: { ...capacity } };
}

/** Deletes a group that is out of traffic, then the alarms and the launch template that Gennaker has made for it. */
export async function destroyServerGroup(
  context: AttemptContext,
  step: PlanStepOf<'destroyServerGroup'>,
): Promise<JsonObject> {
  const { subject, arn, owner, guard } = step;
  const writes = awsWrites(context.deadlineMs());
  const operation = { context: forward(context, step), subject };
  await writes.destroyServerGroup({ ...operation, arn, guard });
  const waiting = { context: forward(context, step, 'wait'), subject };
  await awsWaits(context.deadlineMs()).awaitServerGroupGone(waiting);
  if (owner === null) return {};
  await writes.deleteServerGroupAlarms({ ...operation, alarmNames: null });
  // The template carries the tags of the execution that made the group, by which it is known as ours.
  const { executionId, stage } = owner;
  await writes.deleteLaunchTemplate({
    context: { ...operation.context, executionId, stage },
    subject,
  });
  return {};
}

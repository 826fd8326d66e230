import type { DeployPlan, JsonObject, PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { onceCovered } from './once-covered.js';
import { recordedForEnable } from './recorded-for-enable.js';

type DisableStep = PlanStepOf<'disableServerGroup'>;

/**
 * Takes a server group out of service: captures what it was like (in history before the first change, DESIGN D8), records
 * how to enable it again, disables it behind the guard, and waits until its targets are drained.
 */
export async function disableServerGroup(
  context: AttemptContext,
  plan: DeployPlan,
  step: DisableStep,
): Promise<JsonObject> {
  const { subject, guard } = step;
  const covers = guard.coveringPercent === undefined ? [] : [guard.serverGroup];
  const restore = await recordedForEnable(context, { id: step.id, subject, covers });
  const matched = await onceCovered(context, { plan, guard }, () =>
    awsWrites(context.deadlineMs()).disableServerGroup({
      context: operation(context, step),
      subject,
      restore,
      guard,
    }),
  );
  await awsWaits(context.deadlineMs()).awaitServerGroupDrained({
    context: operation(context, step),
    subject,
  });
  return { ...matched, instancesInServiceBefore: restore.instancesInService };
}

function operation(context: AttemptContext, step: DisableStep) {
  const { deadline } = context.state;
  return context.operation(step.id, step.subject.serverGroup, { priority: 'write', deadline });
}

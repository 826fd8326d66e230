import type { DeployPlan, JsonObject, PlanStepOf, ServerGroupRestoreState } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { errorRecordOf } from '../failures.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { matchServerGroup } from './match-server-group.js';
import { recordedForEnable } from './recorded-for-enable.js';

type DisableStep = PlanStepOf<'disableServerGroup'>;

/** How often the new group may have been outgrown at the very moment of the switch before the stage gives up. */
const switchTriesMax = 5;

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
  const matched = await disableOnceCovered(context, { plan, step, restore });
  await awsWaits(context.deadlineMs()).awaitServerGroupDrained({
    context: operation(context, step),
    subject,
  });
  return { ...matched, instancesInServiceBefore: restore.instancesInService };
}

/** Where the guard finds that the subject has outgrown the new group since the last look, that one grows once more. */
async function disableOnceCovered(
  context: AttemptContext,
  disable: {
    readonly plan: DeployPlan;
    readonly step: DisableStep;
    readonly restore: ServerGroupRestoreState;
  },
): Promise<JsonObject> {
  const { step, restore } = disable;
  const { subject, guard } = step;
  const match = disable.plan.steps.find((one) => one.operation === 'matchServerGroup');
  let matched: JsonObject = {};
  for (let attempt = 1; ; attempt += 1) {
    const writes = awsWrites(context.deadlineMs());
    const input = { context: operation(context, step), subject, restore, guard };
    try {
      await writes.disableServerGroup(input);
      return matched;
    } catch (error) {
      const mayMatch = match !== undefined && guard.coveringPercent !== undefined;
      const isGuard = errorRecordOf(error).code === 'TRAFFIC_GUARD';
      if (!mayMatch || !isGuard || attempt === switchTriesMax) throw error;
      matched = await matchServerGroup(context, match);
    }
  }
}

function operation(context: AttemptContext, step: DisableStep) {
  const { deadline } = context.state;
  return context.operation(step.id, step.subject.serverGroup, { priority: 'write', deadline });
}

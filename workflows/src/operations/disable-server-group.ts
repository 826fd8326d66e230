import type { DeployPlan, DisableGuard, JsonObject, PlanStepOf } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWaits, awsWrites } from '../proxies.js';
import { onceCovered } from './once-covered.js';
import { recordedForEnable } from './recorded-for-enable.js';

/** As in a plan; a stage of its own may have nothing to guard, and nothing that could be grown to match. */
type DisableStep = Omit<PlanStepOf<'disableServerGroup'>, 'guard'> & {
  readonly guard: DisableGuard | null;
  /** The stage goes on to destroy the group. */
  readonly unlessGone?: boolean;
};
type Steps = Pick<DeployPlan, 'steps'>;

/**
 * Takes a server group out of service: captures what it was like (in history before the first change, DESIGN D8), records
 * how to enable it again, disables it behind the guard, and waits until its targets are drained.
 */
export async function disableServerGroup(
  context: AttemptContext,
  plan: Steps,
  step: DisableStep,
): Promise<JsonObject> {
  const { subject, guard, weightless, unlessGone = false } = step;
  const covers = guard?.coveringPercent === undefined ? [] : [guard.serverGroup];
  const restore = await recordedForEnable(context, { id: step.id, subject, covers, unlessGone });
  const matched = await onceCovered(context, { plan, guard: guard ?? undefined }, () =>
    awsWrites(context.deadlineMs()).disableServerGroup({
      context: operation(context, step),
      subject,
      restore,
      guard,
      ...(weightless !== undefined && { weightless }),
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

import type { DisableServerGroupStage, JsonObject } from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { disableServerGroup } from '../../operations/disable-server-group.js';
import { disableServerGroupShare } from '../../operations/disable-server-group-share.js';
import { runStep } from '../../steps.js';
import type { StageTask } from '../stage-task.js';
import { guardOf, targeted, type Target } from './target.js';

/** Takes a server group, or a share of it, out of traffic; undone by an enable. One that is disabled already is left. */
export const disableServerGroupTask: StageTask<DisableServerGroupStage> = async (context, spec) => {
  const target = await targeted(context, spec);
  const { serverGroup, enabled } = target.before;
  if (!enabled) return { serverGroup, changed: false };
  if (spec.percent === 100) {
    await disableTarget(context, target, { remainingHealthyMin: spec.remainingHealthyMin });
  } else {
    await disableShare(context, target, spec);
  }
  return { serverGroup, changed: true };
};

/** All of it: captured, recorded, disabled behind the guard, drained. */
export async function disableTarget(
  context: AttemptContext,
  { before, subject }: Target,
  options: { readonly remainingHealthyMin: number; readonly unlessGone?: boolean },
): Promise<JsonObject> {
  const guard = guardOf(before, options.remainingHealthyMin);
  const { unlessGone = false } = options;
  const operation = 'disableServerGroup' as const;
  const step = {
    id: 'disable',
    operation,
    title: `Disable ${before.serverGroup}`,
    subject,
    guard,
    unlessGone,
  };
  return await runStep(context, step, () => disableServerGroup(context, { steps: [] }, step));
}

async function disableShare(
  context: AttemptContext,
  { before, subject }: Target,
  { percent, remainingHealthyMin }: DisableServerGroupStage,
): Promise<void> {
  const { serverGroup, arn, besides } = before;
  const operation = 'disableServerGroupShare' as const;
  const guard = { serverGroup: besides, instancesTogetherMin: remainingHealthyMin };
  const title = `Take ${percent} % of ${serverGroup} out of traffic`;
  const step = { id: 'disable', operation, title, subject, arn, percent, guard };
  await runStep(context, step, () => disableServerGroupShare(context, step));
}

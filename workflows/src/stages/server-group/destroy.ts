import type { DestroyServerGroupStage, JsonObject } from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { StageFailure } from '../../failures.js';
import { forward } from '../../operations/step-operation.js';
import { awsWaits, awsWrites } from '../../proxies.js';
import { runStep } from '../../steps.js';
import type { StageTask } from '../stage-task.js';
import { disableTarget } from './disable.js';
import { targeted, type Target } from './target.js';

/**
 * Disables a server group, deletes it whoever made it, waits until it is gone, and deletes the alarms and the launch template
 * that Gennaker made for it. The disable is undone until the deletion begins; the deletion cannot be undone.
 */
export const destroyServerGroupTask: StageTask<DestroyServerGroupStage> = async (context, spec) => {
  const target = await targeted(context, spec);
  const { before } = target;
  const serves = before.enabled && before.instancesInService > 0;
  if (serves && !spec.allowServing) throw stillServes(target);
  const { remainingHealthyMin } = spec;
  if (before.enabled)
    await disableTarget(context, target, { remainingHealthyMin, unlessGone: true });
  await destroyed(context, target);
  return { serverGroup: before.serverGroup, arn: before.arn };
};

async function destroyed(context: AttemptContext, target: Target): Promise<void> {
  const { before, subject } = target;
  const { serverGroup, arn } = before;
  const destroy = { id: 'destroy', operation: 'destroyServerGroup', subject };
  const title = `Destroy ${serverGroup} (cannot be undone)`;
  await runStep(context, { ...destroy, title }, async () => {
    const operation = { context: forward(context, destroy), subject };
    await awsWrites(context.deadlineMs()).destroyServerGroup({ ...operation, arn });
    const waiting = { context: forward(context, destroy, 'wait'), subject };
    await awsWaits(context.deadlineMs()).awaitServerGroupGone(waiting);
    return {};
  });
  if (before.owner === null) return;
  const alarms = { id: 'alarms', operation: 'deleteServerGroupAlarms', subject };
  const ofAlarms = { ...alarms, title: `Delete the alarms that were made for ${serverGroup}` };
  await runStep(context, ofAlarms, async (): Promise<JsonObject> => {
    const operation = { context: forward(context, alarms), subject };
    const { deleted, left } = await awsWrites(context.deadlineMs()).deleteServerGroupAlarms({
      ...operation,
      alarmNames: null,
    });
    return { deleted: [...deleted], left: [...left] };
  });
  const { executionId, stage } = before.owner;
  const template = { id: 'template', operation: 'deleteLaunchTemplate', subject };
  const step = { ...template, title: `Delete the launch template of ${serverGroup}` };
  await runStep(context, step, async (): Promise<JsonObject> => {
    // The template carries the tags of the execution that made the group, by which it is known as ours.
    const operation = { ...forward(context, template), executionId, stage };
    await awsWrites(context.deadlineMs()).deleteLaunchTemplate({ context: operation, subject });
    return {};
  });
}

function stillServes({ before }: Target): StageFailure {
  const { serverGroup, instancesInService } = before;
  return new StageFailure({
    code: 'TRAFFIC_GUARD',
    message:
      `${serverGroup} takes traffic with ${instancesInService} instances in service and was not destroyed. Nothing was ` +
      'changed. Disable it first, or set allowServing.',
    details: { serverGroup, instancesInService },
  });
}

import {
  checkClusterSize,
  checkStageOutput,
  type CheckedPrecondition,
  type CheckPreconditionsStage,
  type Precondition,
} from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { StageFailure } from '../failures.js';
import { awsWrites } from '../proxies.js';
import { runStep } from '../steps.js';
import type { StageTask } from './stage-task.js';

/** Looks once at every condition, all of them, and fails naming each that does not hold. */
export const checkPreconditionsTask: StageTask<CheckPreconditionsStage> = async (context, spec) => {
  const messages: string[] = [];
  const failed: string[] = [];
  for (const [index, condition] of spec.preconditions.entries()) {
    const checked = await check(context, condition, index);
    messages.push(checked.message);
    if (!checked.holds) failed.push(checked.message);
  }
  if (failed.length > 0) {
    throw new StageFailure({
      code: 'PRECONDITION_FAILED',
      message: failed.join('; '),
      details: { failed },
    });
  }
  return { checked: messages };
};

async function check(
  context: AttemptContext,
  condition: Precondition,
  index: number,
): Promise<CheckedPrecondition> {
  if (condition.type === 'stageOutput') return checkStageOutput(condition, context.run.state);
  const { account, region, cluster } = condition;
  const step = {
    id: `look:${index}`,
    operation: 'readCluster',
    title: `Look at cluster ${cluster} in ${region}`,
  };
  const outputs = await runStep(context, step, async () => {
    const view = await awsWrites(context.deadlineMs()).readCluster({
      cluster: { account, region, cluster },
      priority: 'write',
    });
    return { ...checkClusterSize(condition, view) };
  });
  const { holds, message } = outputs;
  return { holds: holds === true, message: typeof message === 'string' ? message : '' };
}

import { epochMs, isoTime, type WaitStage } from '@gennaker/domain';
import { sleep } from '@temporalio/workflow';
import type { StageTask } from './stage-task.js';

/** Waits until a fixed instant: the attempt's start plus the configured time, also across a continued run. */
export const waitTask: StageTask<WaitStage> = async (context, spec) => {
  const untilMs = epochMs(context.state.startedAt) + spec.waitSeconds * 1000;
  const leftMs = untilMs - Date.now();
  if (leftMs > 0) {
    context.waiting({
      reason: 'time',
      message: `waits ${spec.waitSeconds} s`,
      done: null,
      wanted: null,
      nextLookAt: null,
      deadline: isoTime(untilMs),
    });
    await sleep(leftMs);
  }
  return {};
};

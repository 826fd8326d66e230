import type { PipelineWorkflowInput, PipelineWorkflowResult } from '@gennaker/contract/wire';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  setHandler,
} from '@temporalio/workflow';
import { updateRefusal } from './failures.js';
import { LockInbox } from './lock-inbox.js';
import {
  cancelExecutionUpdate,
  judgeStageUpdate,
  lockGrantedSignal,
  lockQueuedSignal,
  resolveAttentionUpdate,
  retryStageUpdate,
} from './messages.js';
import { openRun, type OpenedRun } from './open-run.js';
import { acceptCancel, acceptJudgment, acceptResolution, acceptRetry } from './requests.js';
import { runExecution } from './run-execution.js';
import type { Run } from './run.js';

/**
 * One run of one execution (DESIGN D3): workflow id = execution id. Handlers, then the loop; every decision is a pure
 * function of the domain. Ends with a returned outcome; an exception is a bug. A native cancel means intent `rollback`.
 */
export async function pipelineWorkflow(
  input: PipelineWorkflowInput,
): Promise<PipelineWorkflowResult> {
  const locks = new LockInbox();
  let opened: OpenedRun | null = null;
  // Handlers run in the root scope, which a native cancel ends; what people ask for afterwards is still heard.
  const openedRun = (): Promise<Run> =>
    CancellationScope.nonCancellable(async () => {
      await condition(() => opened !== null);
      if (opened !== null && opened.run !== null) return opened.run;
      throw updateRefusal({
        code: 'SUPERSEDED',
        message: 'a newer run of this execution has taken over; ask again',
        details: {},
      });
    });
  setHandler(lockGrantedSignal, (signal) => locks.granted(signal));
  setHandler(lockQueuedSignal, (signal) => locks.queued(signal));
  setHandler(retryStageUpdate, async (request) => acceptRetry(await openedRun(), request));
  setHandler(cancelExecutionUpdate, async (request) => acceptCancel(await openedRun(), request));
  setHandler(judgeStageUpdate, async (request) => acceptJudgment(await openedRun(), request));
  setHandler(resolveAttentionUpdate, async (request) =>
    acceptResolution(await openedRun(), request),
  );

  const nativeCancel = CancellationScope.current().cancelRequested;
  return await CancellationScope.nonCancellable(async () => {
    opened = await openRun(input, locks);
    if (opened.run === null) return await superseded();
    return await runExecution(opened.run, input, nativeCancel);
  });
}

/** Lets the updates that wait for the run be refused before it ends. */
async function superseded(): Promise<PipelineWorkflowResult> {
  await condition(allHandlersFinished);
  return { resultVersion: 1, outcome: 'superseded', status: null };
}

import {
  executionOutcome,
  isComplete,
  readyStageRefIds,
  type ExecutionStatus,
} from '@gennaker/domain';
import type { PipelineWorkflowInput, PipelineWorkflowResult } from '@gennaker/contract/wire';
import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import { historyEventsMaxDefault, noteHistory } from './handover.js';
import { drainOutbox, outboxEmpty } from './outbox.js';
import { acceptCancel } from './requests.js';
import type { Run } from './run.js';
import { runStage, startStage } from './stage-runner.js';

/** How long a run that was started for a message waits for one to be accepted. */
const messageWaitMs = 60_000;

/** Runs the graph until nothing more can happen without a person, or until the run is handed to a successor. */
export async function runExecution(
  run: Run,
  input: PipelineWorkflowInput,
  nativeCancel: Promise<never>,
): Promise<PipelineWorkflowResult> {
  void drainOutbox(run);
  void nativeCancel.catch(() => cancelNatively(run));
  if (isComplete(run.state.status)) {
    const accepted = await condition(() => !isComplete(run.state.status), messageWaitMs);
    if (!accepted && isComplete(run.state.status)) return result('nothingAccepted', run);
  }
  if (input.carried === undefined) {
    run.emit({ kind: 'execution.started', runId: workflowInfo().runId });
  }
  const stages = new RunningStages(run);
  stages.resume();
  for (;;) {
    const ended = await stages.untilOutcome(input.historyEventsMax ?? historyEventsMaxDefault);
    if (run.superseded) return result('superseded', run);
    if (ended === null) return await handOver(run, input);
    if (await finished(run, ended)) return result('finished', run);
  }
}

/** The stages that this run works on, each as one coroutine. */
class RunningStages {
  readonly #run: Run;
  readonly #working = new Set<string>();

  constructor(run: Run) {
    this.#run = run;
  }

  /** Takes up the stages that a predecessor left running. */
  resume(): void {
    for (const stage of this.#run.state.stages) {
      if (stage.status === 'RUNNING') this.#work(stage.refId);
    }
  }

  /** Starts what is ready until the execution has an outcome; null when the run is to hand over instead. */
  async untilOutcome(historyEventsMax: number): Promise<ExecutionStatus | null> {
    const run = this.#run;
    for (;;) {
      noteHistory(run, historyEventsMax);
      if (run.superseded) return null;
      if (run.handingOver && this.#working.size === 0) return null;
      if (!run.handingOver) for (const refId of readyStageRefIds(run.state)) this.#start(refId);
      const outcome = executionOutcome(run.state);
      if (outcome !== null && this.#working.size === 0) return outcome;
      await this.#news();
    }
  }

  #start(refId: string): void {
    startStage(this.#run, refId);
    this.#work(refId);
  }

  #work(refId: string): void {
    this.#working.add(refId);
    void runStage(this.#run, refId).finally(() => this.#working.delete(refId));
  }

  /** Something has happened: an event was emitted, a stage's work has ended, or the store has refused us. */
  async #news(): Promise<void> {
    const run = this.#run;
    const { state, superseded } = run;
    const working = this.#working.size;
    await condition(
      () => run.state !== state || this.#working.size !== working || run.superseded !== superseded,
    );
  }
}

/** Reports the outcome and waits until the store has it; false when a retry was accepted meanwhile. */
async function finished(run: Run, outcome: ExecutionStatus): Promise<boolean> {
  if (!isComplete(run.state.status)) run.emit({ kind: 'execution.finished', status: outcome });
  await outboxEmpty(run);
  await condition(allHandlersFinished);
  return run.superseded || (isComplete(run.state.status) && run.outbox.length === 0);
}

async function handOver(run: Run, input: PipelineWorkflowInput): Promise<PipelineWorkflowResult> {
  await outboxEmpty(run);
  await condition(allHandlersFinished);
  await outboxEmpty(run);
  if (run.superseded) return result('superseded', run);
  return await continueAsNew<(next: PipelineWorkflowInput) => Promise<PipelineWorkflowResult>>({
    ...input,
    carried: run.carry(),
  });
}

function cancelNatively(run: Run): void {
  if (isComplete(run.state.status) || run.state.cancel !== null) return;
  acceptCancel(run, {
    requestId: `native:${run.generation}`,
    bodyHash: '',
    intent: 'rollback',
    by: 'Temporal',
    reason: 'the workflow was cancelled in Temporal',
  });
}

function result(outcome: PipelineWorkflowResult['outcome'], run: Run): PipelineWorkflowResult {
  return { resultVersion: 1, outcome, status: run.state.status };
}

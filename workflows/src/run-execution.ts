import { executionOutcome, isComplete, readyStageRefIds } from '@gennaker/domain';
import type { PipelineWorkflowInput, PipelineWorkflowResult } from '@gennaker/contract/wire';
import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import { resolveAttention } from './attention.js';
import { returnStrayGrants } from './locks.js';
import { keepDeadlines } from './deadline-timer.js';
import { historyEventsMaxDefault, isHandoverDue } from './handover.js';
import { drainOutbox } from './outbox.js';
import { acceptCancel } from './requests.js';
import type { Run } from './run.js';
import { finishImmediately, runStage, startStage } from './stage-runner.js';

/** How long a run that was started for a message waits for one to be accepted. */
const messageWaitMs = 60_000;

/** Runs the graph until nothing more can happen without a person, or until the run is handed to a successor. */
export async function runExecution(
  run: Run,
  input: PipelineWorkflowInput,
  nativeCancel: Promise<never>,
): Promise<PipelineWorkflowResult> {
  void drainOutbox(run);
  void keepDeadlines(run);
  void returnStrayGrants(run);
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
    await stages.untilQuiet(input.historyEventsMax ?? historyEventsMaxDefault);
    if (run.superseded) return result('superseded', run);
    if (run.handingOver && !isComplete(run.state.status)) return await handOver(run, input);
    if (await finished(run)) return result(run.superseded ? 'superseded' : 'finished', run);
  }
}

/** Stands for the work on a way out of NEEDS_ATTENTION among those of the stages: no stage has this refId. */
const resolvingWork = '';

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

  /** Starts what is ready until the execution has an outcome, or all work has stopped because the run hands over. */
  async untilQuiet(historyEventsMax: number): Promise<void> {
    const run = this.#run;
    for (;;) {
      if (isHandoverDue(run, historyEventsMax)) run.handingOver = true;
      if (run.superseded) return;
      this.#startReady();
      this.#resolve();
      const quiet = run.handingOver || executionOutcome(run.state) !== null;
      if (quiet && this.#working.size === 0) return;
      await this.#news(historyEventsMax);
    }
  }

  /**
   * False when it was not started: a retried stage waits until the work on its last attempt is over, because its lock is
   * being given back.
   */
  #start(refId: string): boolean {
    if (this.#working.has(refId)) return false;
    startStage(this.#run, refId);
    if (!finishImmediately(this.#run, refId)) this.#work(refId);
    return true;
  }

  /** What comes after a stage is started in the same turn: a chain of stages that wait for nothing is one. */
  #work(refId: string): void {
    this.#working.add(refId);
    void runStage(this.#run, refId).finally(() => {
      this.#working.delete(refId);
      this.#startReady();
    });
  }

  /** Until nothing more can start: each round starts a stage at least. */
  #startReady(): void {
    const run = this.#run;
    for (let started = true; started && !run.handingOver && !run.superseded;) {
      started = false;
      for (const refId of readyStageRefIds(run.state)) started = this.#start(refId) || started;
    }
  }

  /** Carries a way out of NEEDS_ATTENTION out: nothing else can be at work then. */
  #resolve(): void {
    const run = this.#run;
    if (run.state.resolving === undefined || run.handingOver || this.#working.size > 0) return;
    this.#working.add(resolvingWork);
    void resolveAttention(run).finally(() => this.#working.delete(resolvingWork));
  }

  /** Something has happened: an event was emitted, a stage's work has ended, the store has refused us, or it is time to go. */
  async #news(historyEventsMax: number): Promise<void> {
    const run = this.#run;
    const { state, superseded } = run;
    const working = this.#working.size;
    await condition(
      () =>
        run.state !== state ||
        this.#working.size !== working ||
        run.superseded !== superseded ||
        (!run.handingOver && isHandoverDue(run, historyEventsMax)),
    );
  }
}

/**
 * Reports the outcome and waits until the store has it; false when there is more to do after all. The outcome is looked at
 * in the same turn in which it is reported: a retry or a cancel may have been accepted since the work ended.
 */
async function finished(run: Run): Promise<boolean> {
  const outcome = executionOutcome(run.state);
  if (outcome === null) return false;
  if (!isComplete(run.state.status)) run.emit({ kind: 'execution.finished', status: outcome });
  await settled(run);
  return run.superseded || isComplete(run.state.status);
}

/** Nothing is left to tell anybody: looked at in one turn, so that no event slips in before the run ends. */
async function settled(run: Run): Promise<void> {
  const isSettled = (): boolean =>
    allHandlersFinished() && run.locks.isSettled && (run.outbox.length === 0 || run.superseded);
  while (!isSettled()) await condition(isSettled);
}

async function handOver(run: Run, input: PipelineWorkflowInput): Promise<PipelineWorkflowResult> {
  await settled(run);
  if (run.superseded) return result('superseded', run);
  return await continueAsNew<(next: PipelineWorkflowInput) => Promise<PipelineWorkflowResult>>({
    ...input,
    carried: run.carry(),
  });
}

function cancelNatively(run: Run): void {
  const { status, cancel, resolving } = run.state;
  if (isComplete(status) || cancel !== null || resolving !== undefined) return;
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

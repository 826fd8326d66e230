import type { JsonObject } from '@gennaker/domain';
import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { AttemptContext } from './attempt-context.js';
import { endedByTimeout, errorRecordOf } from './failures.js';
import { handoverGate } from './handover.js';

/** What a step is called in the events. */
export interface Step {
  readonly id: string;
  readonly operation: string;
  readonly title: string;
}

/**
 * Runs one step of a stage and reports it. A step that an earlier run of this attempt finished is not run again: its
 * recorded outputs are returned. A failed step is reported and thrown on; a cancelled one is left to the stage's end.
 */
export async function runStep(
  context: AttemptContext,
  step: Step,
  work: () => Promise<JsonObject>,
): Promise<JsonObject> {
  const { run, identity } = context;
  const known = context.state.steps.find((candidate) => candidate.stepId === step.id);
  if (known?.status === 'SUCCEEDED') return known.outputs;
  await handoverGate(run);
  // An activity that ended long after its cancellation must not lead on to a next step.
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) await scope.cancelRequested;
  const { id: stepId, operation, title } = step;
  if (known === undefined) {
    // A person wants no step after the one that was in progress: the stage's end cancels this wait.
    if (run.state.cancel?.intent === 'finishStep') await condition(() => false);
    run.emit({ kind: 'step.started', ...identity, stepId, operation, title });
  }
  const finished = { kind: 'step.finished', ...identity, stepId } as const;
  try {
    const outputs = await work();
    run.emit({ ...finished, status: 'SUCCEEDED', outputs, error: null });
    return outputs;
  } catch (error) {
    if (endedByTimeout(error)) context.lastCallUnknown = true;
    if (!isCancellation(error)) {
      run.emit({ ...finished, status: 'TERMINAL', outputs: {}, error: errorRecordOf(error) });
    }
    throw error;
  }
}

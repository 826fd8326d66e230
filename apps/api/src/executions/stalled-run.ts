import type { EventRecord, ExecutionState } from '@gennaker/domain';

/**
 * From this attempt of one workflow task on, the run is stalled: three workers in a row could not replay its history or
 * took longer than the task's 5 s. A killed worker costs one attempt, and no worker at all costs none.
 */
export const stalledTaskAttemptsMin = 4;

/** What to tell people about a run that goes on, or goes on again. */
export interface RunProgress {
  readonly state: Pick<ExecutionState, 'engineStalled'>;
  /** Position of the execution's newest event; two processes that see the same write the same key. */
  readonly position: number;
  readonly generation: number;
  /** Attempt of the workflow task that waits; 0 when none does. */
  readonly taskAttempts: number;
  readonly at: string;
}

/** DESIGN D13: the event that the change makes, null when people know already. */
export function stalledRunEvent(progress: RunProgress): EventRecord | null {
  const { state, position, generation, taskAttempts, at } = progress;
  const isStalled = taskAttempts >= stalledTaskAttemptsMin;
  if (isStalled === (state.engineStalled !== null)) return null;
  const reason = isStalled
    ? `No worker can go on with this execution: one workflow task has failed or timed out ${taskAttempts - 1} times in a row ` +
      '(the worker log and the UI of Temporal say why). Nothing is lost and nothing is changed; it goes on by itself as ' +
      'soon as a worker runs whose release fits its history.'
    : null;
  return {
    key: `a:engine:${generation}:${position}`,
    at,
    event: { kind: 'engine.stalled', reason },
  };
}

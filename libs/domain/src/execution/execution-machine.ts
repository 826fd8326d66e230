import { latestAttempt, type ExecutionState, type StageState } from './execution-state.js';
import { isHalted, isPassed, type ExecutionStatus } from './status.js';

/**
 * The stages that may start now, in the order of the definition. Nothing starts while a cancel is in force, or while the
 * execution is open for a way out of NEEDS_ATTENTION alone; once a stage
 * has failed (also while it is still being undone), only stages that a person retried start (the default failure mode:
 * halt the entire pipeline).
 */
export function readyStageRefIds(state: ExecutionState): readonly string[] {
  if (state.cancel !== null || state.resolving !== undefined) return [];
  const halted = state.stages.some((stage) => isHalted(stage.status) || isUndoing(stage));
  return state.stages
    .filter((stage) => stage.status === 'NOT_STARTED' && requisitesPassed(state, stage))
    .filter((stage) => !halted || isRetryRequested(state, stage))
    .map((stage) => stage.refId);
}

/**
 * The status that the execution ends with, or null while something runs or can start. A pipeline whose stages cannot all
 * run because of a halted one ends as that one did; a failure outweighs a cancel of its siblings.
 */
export function executionOutcome(state: ExecutionState): ExecutionStatus | null {
  if (state.resolving !== undefined) return null;
  if (state.stages.some((stage) => stage.status === 'RUNNING')) return null;
  if (readyStageRefIds(state).length > 0) return null;
  if (state.cancel !== null) return 'CANCELED';
  if (state.stages.some((stage) => stage.status === 'TERMINAL')) return 'TERMINAL';
  if (state.stages.some((stage) => stage.status === 'CANCELED')) return 'CANCELED';
  return state.stages.every((stage) => isPassed(stage.status)) ? 'SUCCEEDED' : 'TERMINAL';
}

/** The stages that the failure of `refId` takes with it: every other one that runs. */
export function stagesHaltedBy(state: ExecutionState, refId: string): readonly string[] {
  return state.stages
    .filter((stage) => stage.status === 'RUNNING' && stage.refId !== refId)
    .map((stage) => stage.refId);
}

/** The number that the stage's next attempt gets. */
export function nextAttemptNumber(stage: StageState): number {
  return (stage.attempts.at(-1)?.attempt ?? 0) + 1;
}

function isUndoing(stage: StageState): boolean {
  return stage.status === 'RUNNING' && (latestAttempt(stage)?.undoing ?? null) !== null;
}

function requisitesPassed(state: ExecutionState, stage: StageState): boolean {
  return stage.requisiteStageRefIds.every((refId) => {
    const requisite = state.stages.find((candidate) => candidate.refId === refId);
    return requisite !== undefined && isPassed(requisite.status);
  });
}

function isRetryRequested(state: ExecutionState, stage: StageState): boolean {
  const next = nextAttemptNumber(stage);
  return state.acceptedRetries.some(
    (retry) => retry.refId === stage.refId && retry.attempt === next,
  );
}

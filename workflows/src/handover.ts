import { latestAttempt } from '@gennaker/domain';
import { condition, workflowInfo } from '@temporalio/workflow';
import type { Run } from './run.js';

/** History events after which a run continues as new. */
export const historyEventsMaxDefault = 1_500;

/** A run hands over at its convenience until its history is so many times as long. */
const urgentFactor = 4;

/**
 * Whether the run is to continue as new: its history is long enough, the store takes events (a run that hands over waits
 * for it, and an undo never does, DESIGN D8), and nothing is being undone (what waits beside an undo would wait for it).
 */
export function isHandoverDue(run: Run, historyEventsMax: number): boolean {
  const { historyLength } = workflowInfo();
  if (historyLength < historyEventsMax) return false;
  if (historyLength >= urgentFactor * historyEventsMax) return true;
  return run.outbox.length === 0 && !isUndoing(run);
}

/** Lets a new step begin, unless the run is about to continue as new: then it waits to be abandoned. */
export async function handoverGate(run: Run): Promise<void> {
  if (run.handingOver) await condition(() => false);
}

function isUndoing(run: Run): boolean {
  if (run.state.resolving !== undefined) return true;
  return run.state.stages.some(
    (stage) => stage.status === 'RUNNING' && latestAttempt(stage)?.undoing !== null,
  );
}

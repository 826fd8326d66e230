import { condition, workflowInfo } from '@temporalio/workflow';
import type { Run } from './run.js';

/** History events after which a run continues as new. */
export const historyEventsMaxDefault = 1_500;

/** Marks the run as handing over once its history is long enough. */
export function noteHistory(run: Run, historyEventsMax: number): void {
  if (workflowInfo().historyLength >= historyEventsMax) run.handingOver = true;
}

/** Lets a new step begin, unless the run is about to continue as new: then it waits to be abandoned. */
export async function handoverGate(run: Run): Promise<void> {
  if (run.handingOver) await condition(() => false);
}

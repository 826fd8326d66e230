import { epochMs, latestAttempt } from '@gennaker/domain';
import { condition } from '@temporalio/workflow';
import type { Run } from './run.js';
import { othersHadTheirTurn } from './turns.js';

/**
 * Wakes the run when the earliest deadline of its running stages has passed; each stage looks at its own by the clock. One
 * timer serves all stages one after another, because a timer a stage costs two history events and two writes of the
 * server. It is only ever set earlier: when it fires too early it is set anew.
 */
export async function keepDeadlines(run: Run): Promise<void> {
  for (;;) {
    await condition(() => earliestDeadlineMs(run) !== null);
    await othersHadTheirTurn();
    const wakeMs = earliestDeadlineMs(run);
    if (wakeMs === null) continue;
    const isEarlier = (): boolean => (earliestDeadlineMs(run) ?? wakeMs) < wakeMs;
    await condition(isEarlier, Math.max(1, wakeMs - Date.now()));
  }
}

/** Null when nothing runs whose deadline is still to come. */
function earliestDeadlineMs(run: Run): number | null {
  const nowMs = Date.now();
  let earliest: number | null = null;
  for (const stage of run.state.stages) {
    const attempt = stage.status === 'RUNNING' ? latestAttempt(stage) : undefined;
    if (attempt === undefined || attempt.undoing !== null) continue;
    const deadlineMs = epochMs(attempt.deadline);
    if (deadlineMs > nowMs && deadlineMs < (earliest ?? Infinity)) earliest = deadlineMs;
  }
  return earliest;
}

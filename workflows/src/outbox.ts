import { condition, log, sleep } from '@temporalio/workflow';
import { errorRecordOf } from './failures.js';
import { records } from './proxies.js';
import type { Run } from './run.js';
import { othersHadTheirTurn } from './turns.js';

/** Events of one write at most; the store accepts 500. */
const batchMax = 100;

/** Pause after a write that the store refused for good: seldom enough for weeks of history, until a person has mended it. */
const refusedPauseMs = 600_000;

/**
 * Writes what the outbox holds, one write at a time, for as long as the run lives. Nothing else in the run waits for it
 * (a stalled store must not stall a deployment); only its end does.
 */
export async function drainOutbox(run: Run): Promise<void> {
  while (!run.superseded) {
    await condition(() => run.outbox.length > 0);
    await othersHadTheirTurn();
    const events = run.outbox.slice(0, batchMax);
    try {
      await records.recordEvents({
        executionId: run.executionId,
        generation: run.generation,
        events,
      });
      run.outbox.splice(0, events.length);
    } catch (error) {
      const { code, message } = errorRecordOf(error);
      if (code === 'SUPERSEDED') {
        run.superseded = true;
      } else {
        log.error('events cannot be recorded', { code, message, first: events[0]?.key });
        await sleep(refusedPauseMs);
      }
    }
  }
}

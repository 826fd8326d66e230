import { condition } from '@temporalio/workflow';
import { errorRecordOf } from './failures.js';
import { records } from './proxies.js';
import type { Run } from './run.js';

/** Events of one write at most; the store accepts 500. */
const batchMax = 100;

/**
 * Writes what the outbox holds, one write at a time, for as long as the run lives. Nothing else in the run waits for it
 * (a stalled store must not stall a deployment), except {@link outboxEmpty} before the run ends.
 */
export async function drainOutbox(run: Run): Promise<void> {
  while (!run.superseded) {
    await condition(() => run.outbox.length > 0);
    const events = run.outbox.slice(0, batchMax);
    try {
      await records.recordEvents({
        executionId: run.executionId,
        generation: run.generation,
        events,
      });
      run.outbox.splice(0, events.length);
    } catch (error) {
      if (errorRecordOf(error).code !== 'SUPERSEDED') throw error;
      run.superseded = true;
    }
  }
}

/** Resolves once everything emitted is in the store (or a newer run has taken over). */
export async function outboxEmpty(run: Run): Promise<void> {
  await condition(() => run.outbox.length === 0 || run.superseded);
}

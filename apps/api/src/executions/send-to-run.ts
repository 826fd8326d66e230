import { setTimeout as pause } from 'node:timers/promises';

import { GennakerError } from '@gennaker/domain';
import type { StoredExecution } from '@gennaker/store';

import type { ExecutionReader } from './execution-reader.js';

/** How often a request is sent when the run that it met was taken over by another one. */
const triesMax = 3;

/** Pauses between looks for an accepted request in the log: a second in all. */
const shownPausesMs = [10, 15, 25, 50, 100, 200, 300, 300] as const;

/** Sends to the newest run of an execution, anew where a newer one took over in between. `send` gets the generation. */
export async function sendToNewestRun<Answer>(
  reader: ExecutionReader,
  { executionId, generation: known }: Pick<StoredExecution, 'executionId' | 'generation'>,
  send: (to: { readonly generation: number; readonly attempt: number }) => Promise<Answer>,
): Promise<Answer> {
  let generation = known;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send({ generation, attempt });
    } catch (error) {
      const isSuperseded = error instanceof GennakerError && error.code === 'SUPERSEDED';
      if (!isSuperseded || attempt >= triesMax) throw error;
      ({ generation } = await reader.getStored(executionId));
    }
  }
}

/**
 * Waits, at most a second, until the log shows the accepted request: who opens the events next must not be told by an
 * ended execution that nothing more will come. What was accepted goes on either way.
 */
export async function untilShown(find: () => Promise<unknown>): Promise<void> {
  for (const pauseMs of shownPausesMs) {
    const found = await find().catch(() => null);
    if (found !== null) return;
    await pause(pauseMs);
  }
}

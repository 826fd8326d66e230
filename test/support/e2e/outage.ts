import { expect } from 'vitest';

import { Gennaker } from './gennaker.js';
import { expectServing, type HeldDeploy } from './scenes.js';
import { gapsIn } from './story.js';

/** How long a service is away, as is promised. */
export const awayMs = 60_000;

/** The whole product for one test of a file: outages are waited for side by side. */
export async function withGennaker(work: (gennaker: Gennaker) => Promise<void>): Promise<void> {
  const gennaker = await Gennaker.start();
  try {
    await work(gennaker);
  } finally {
    await gennaker.close();
  }
}

/** Cancels the deploy with its undo, as a person would during an outage. */
export function cancelHeld(gennaker: Gennaker, held: HeldDeploy) {
  return gennaker.api.post(`/v1/executions/${held.executionId}/cancel`, {
    intent: 'rollback',
    by: 'test',
    reason: 'outage',
  });
}

/** The old server group serves as before, nobody has to look, and the watcher has missed nothing. */
export async function expectRolledBack(
  gennaker: Gennaker,
  { executionId, watcher }: HeldDeploy,
): Promise<void> {
  await watcher.done;
  const view = await gennaker.api.execution(executionId);
  expect(view.status).toBe('CANCELED');
  expect(view.needsAttention).toBeNull();
  expect(gapsIn(watcher.events.map((event) => event.position))).toEqual([]);
  expect(watcher.events).toHaveLength(view.position);
  await expectServing(gennaker, 'web-prod-v000');
}

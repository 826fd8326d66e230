import { setTimeout as pass } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import {
  expectServing,
  expectSucceeded,
  holdDeploy,
  type HeldDeploy,
} from '../support/e2e/scenes.js';
import { gapsIn } from '../support/e2e/story.js';

/** How long a service is away, as issue and promise say. */
const awayMs = 60_000;

let gennaker: Gennaker;
beforeEach(async () => {
  gennaker = await Gennaker.start();
}, 120_000);
afterEach(() => gennaker.close());

test('PostgreSQL away for a minute in the middle of a deploy: it goes on, and no event is missing', async () => {
  const held = await holdDeploy(gennaker, { action: 'SuspendProcesses', point: 'before' });
  await gennaker.services.postgres.kill();
  await held.release();
  await pass(awayMs);
  await gennaker.services.postgres.start();
  await expectSucceeded(gennaker, held);
  await expectServing(gennaker, 'web-prod-v001');
}, 240_000);

test('PostgreSQL away: cancel works, and the undo does not wait for it', async () => {
  const held = await holdDeploy(gennaker, { action: 'SuspendProcesses', point: 'after' });
  await gennaker.services.postgres.kill();
  const cancelled = await cancel(held);
  expect(cancelled.status).toBe(202);
  await held.release();
  await expect
    .poll(() => gennaker.deletedServerGroups(), { timeout: 50_000, interval: 500 })
    .toContain('web-prod-v001');
  await gennaker.services.postgres.start();
  await expectRolledBack(held);
}, 240_000);

test('Temporal away for a minute in the middle of a deploy: it goes on by itself', async () => {
  const held = await holdDeploy(gennaker, { action: 'DeregisterTargets', point: 'before' });
  await gennaker.services.temporal.kill();
  const refused = await cancel(held);
  expect(refused.status).toBe(503);
  await held.release();
  await pass(awayMs);
  await gennaker.services.temporal.start();
  await expectSucceeded(gennaker, held);
  expect((await gennaker.api.execution(held.executionId)).cancel).toBeNull();
  await expectServing(gennaker, 'web-prod-v001');
}, 240_000);

test('Temporal away for a minute in the middle of an undo: the undo ends as it should', async () => {
  const held = await holdDeploy(gennaker, { action: 'DeregisterTargets', point: 'after' });
  const cancelled = await cancel(held);
  expect(cancelled.status).toBe(202);
  await held.release();
  await held.watcher.until((event) => event.kind === 'undo.entryStarted');
  await gennaker.services.temporal.kill();
  await pass(awayMs);
  await gennaker.services.temporal.start();
  await expectRolledBack(held);
}, 300_000);

function cancel(held: HeldDeploy) {
  return gennaker.api.post(`/v1/executions/${held.executionId}/cancel`, {
    intent: 'rollback',
    by: 'test',
    reason: 'outage',
  });
}

async function expectRolledBack({ executionId, watcher }: HeldDeploy): Promise<void> {
  await watcher.done;
  const view = await gennaker.api.execution(executionId);
  expect(view.status).toBe('CANCELED');
  expect(view.needsAttention).toBeNull();
  expect(gapsIn(watcher.events.map((event) => event.position))).toEqual([]);
  expect(watcher.events).toHaveLength(view.position);
  await expectServing(gennaker, 'web-prod-v000');
}

import { setTimeout as pass } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { awayMs, cancelHeld, expectRolledBack } from '../support/e2e/outage.js';
import { expectServing, expectSucceeded, holdDeploy } from '../support/e2e/scenes.js';

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
  const cancelled = await cancelHeld(gennaker, held);
  expect(cancelled.status).toBe(202);
  await held.release();
  await expect
    .poll(() => gennaker.deletedServerGroups(), { timeout: 50_000, interval: 500 })
    .toContain('web-prod-v001');
  await gennaker.services.postgres.start();
  await expectRolledBack(gennaker, held);
}, 240_000);

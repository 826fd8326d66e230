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

test('Temporal away for a minute in the middle of a deploy: it goes on by itself', async () => {
  const held = await holdDeploy(gennaker, { action: 'DeregisterTargets', point: 'before' });
  await gennaker.services.temporal.kill();
  const refused = await cancelHeld(gennaker, held);
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
  const cancelled = await cancelHeld(gennaker, held);
  expect(cancelled.status).toBe(202);
  await held.release();
  await held.watcher.until((event) => event.kind === 'undo.entryStarted');
  await gennaker.services.temporal.kill();
  await pass(awayMs);
  await gennaker.services.temporal.start();
  await expectRolledBack(gennaker, held);
}, 300_000);

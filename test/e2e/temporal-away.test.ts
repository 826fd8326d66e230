import { setTimeout as pass } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { awayMs, cancelHeld, expectRolledBack, withGennaker } from '../support/e2e/outage.js';
import { expectServing, expectSucceeded, holdDeploy } from '../support/e2e/scenes.js';

test.concurrent(
  'Temporal away for a minute in the middle of a deploy: it goes on by itself',
  () =>
    withGennaker(async (gennaker) => {
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
    }),
  300_000,
);

test.concurrent(
  'Temporal away for a minute in the middle of an undo: the undo ends as it should',
  () =>
    withGennaker(async (gennaker) => {
      const held = await holdDeploy(gennaker, { action: 'DeregisterTargets', point: 'after' });
      const cancelled = await cancelHeld(gennaker, held);
      expect(cancelled.status).toBe(202);
      await held.release();
      await held.watcher.until((event) => event.kind === 'undo.entryStarted');
      await gennaker.services.temporal.kill();
      await pass(awayMs);
      await gennaker.services.temporal.start();
      await expectRolledBack(gennaker, held);
    }),
  300_000,
);

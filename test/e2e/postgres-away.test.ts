import { setTimeout as pass } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { awayMs, cancelHeld, expectRolledBack, withGennaker } from '../support/e2e/outage.js';
import { expectServing, expectSucceeded, holdDeploy } from '../support/e2e/scenes.js';

test.concurrent(
  'PostgreSQL away for a minute in the middle of a deploy: it goes on, and no event is missing',
  () =>
    withGennaker(async (gennaker) => {
      const held = await holdDeploy(gennaker, { action: 'SuspendProcesses', point: 'before' });
      await gennaker.services.postgres.kill();
      await held.release();
      await pass(awayMs);
      await gennaker.services.postgres.start();
      await expectSucceeded(gennaker, held);
      await expectServing(gennaker, 'web-prod-v001');
    }),
  300_000,
);

test.concurrent(
  'PostgreSQL away: cancel works, and the undo does not wait for it',
  async ({ expect: expected }) =>
    withGennaker(async (gennaker) => {
      const held = await holdDeploy(gennaker, { action: 'SuspendProcesses', point: 'after' });
      await gennaker.services.postgres.kill();
      const cancelled = await cancelHeld(gennaker, held);
      expect(cancelled.status).toBe(202);
      await held.release();
      await expected
        .poll(() => gennaker.deletedServerGroups(), { timeout: 50_000, interval: 500 })
        .toContain('web-prod-v001');
      await gennaker.services.postgres.start();
      await expectRolledBack(gennaker, held);
    }),
  300_000,
);

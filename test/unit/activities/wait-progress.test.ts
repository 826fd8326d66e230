import { WaitProgress } from '@gennaker/activities';
import type { OperationContext } from '@gennaker/contract/wire';
import type { EventRecord, WaitingFor } from '@gennaker/domain';
import { createLogger } from '@gennaker/platform';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';

const context: OperationContext = {
  executionId: '01K0000000000000000000000A',
  stage: 'deploy',
  attempt: 2,
  generation: 1,
  operationKey: 'key',
  deadline: '2026-01-01T01:00:00.000Z',
  priority: 'wait',
};

function state(done: number): WaitingFor {
  const message = `${done} of 3 instances healthy`;
  return { reason: 'healthy', message, done, wanted: 3, nextLookAt: null, deadline: null };
}

function within<T>(
  record: (event: EventRecord) => Promise<void>,
  work: (progress: WaitProgress) => Promise<T>,
): Promise<T> {
  const environment = new MockActivityEnvironment({ activityId: '17', attempt: 3 });
  const destination = new Writable({ write: (_chunk, _encoding, done) => done() });
  return environment.run(() =>
    work(
      new WaitProgress(
        {
          progress: { recordProgress: ({ event }) => record(event) },
          clock: { now: () => new Date('2026-01-01T00:00:00.000Z') },
          logger: createLogger({ name: 'test', level: 'error', destination }),
        },
        context,
      ),
    ),
  );
}

describe('the progress of a wait', () => {
  it('is told at once, by a key of its own for each try of the activity', async () => {
    const events: EventRecord[] = [];
    await within(
      async (event) => void events.push(event),
      async (progress) => {
        progress.report(state(0));
        await progress.stop();
      },
    );
    expect(events).toEqual([
      {
        key: 'p:deploy:2:17-3-1',
        at: '2026-01-01T00:00:00.000Z',
        event: { kind: 'stage.waiting', refId: 'deploy', attempt: 2, waitingFor: state(0) },
      },
    ]);
  });

  it('skips what is overtaken: at most one event a second, and the newest state', async () => {
    const told: { at: number; done: number | null }[] = [];
    const started = performance.now();
    await within(
      async ({ event }) => {
        if (event.kind !== 'stage.waiting') return;
        told.push({ at: performance.now() - started, done: event.waitingFor?.done ?? null });
      },
      async (progress) => {
        for (const done of [0, 0, 1, 2, 3]) progress.report(state(done));
        await expect.poll(() => told.length, { timeout: 3_000 }).toBe(2);
        await progress.stop();
      },
    );
    expect(told.map(({ done }) => done)).toEqual([0, 3]);
    expect(told[1]?.at).toBeGreaterThanOrEqual(990);
  });

  it('neither blocks nor fails the wait while the store hangs or is away', async () => {
    const hanging = within(
      () => new Promise(() => undefined),
      async (progress) => {
        progress.report(state(0));
        progress.report(state(1));
        await progress.stop();
        return 'done';
      },
    );
    await expect(hanging).resolves.toBe('done');
    const away = within(
      () => Promise.reject(new Error('no connection')),
      async (progress) => {
        progress.report(state(0));
        await progress.stop();
        return 'done';
      },
    );
    await expect(away).resolves.toBe('done');
  });
});

import type { StoredEvent } from '@gennaker/domain';
import { openStore, type Following, type Store } from '@gennaker/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startServices, type Services } from '../../support/services/start-services.js';
import { startFrontendProxy } from './frontend-proxy.js';
import { openedExecution, someRecord } from './test-store.js';

let services: Services;
let store: Store;
let url: URL;
beforeAll(async () => {
  services = await startServices();
  url = new URL(services.postgresUrl);
  // The test server acknowledges commits early, and would lose the newest ones in a kill -9.
  url.searchParams.set('options', '-c synchronous_commit=on');
  store = openStore({ databaseUrl: url.href, poolMax: 5 });
  await store.migrate();
});
afterAll(async () => {
  await store.close();
  await services.close();
});

/** A follower whose callbacks can be awaited one by one. */
function follow(followed = store): {
  readonly following: Following;
  readonly listening: () => Promise<void>;
  readonly notified: () => Promise<string>;
} {
  const [listens, notices] = [inbox<undefined>(), inbox<string>()];
  const following = followed.events.followEvents({
    onListening: () => listens.put(undefined),
    onNotified: notices.put,
  });
  return { following, listening: listens.take, notified: notices.take };
}

function inbox<T>(): { put: (value: T) => void; take: () => Promise<T> } {
  const values: T[] = [];
  const waiting: ((value: T) => void)[] = [];
  return {
    put: (value) => {
      const first = waiting.shift();
      if (first === undefined) values.push(value);
      else first(value);
    },
    take: () => {
      if (values.length > 0) return Promise.resolve(values.shift() as T);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

async function record(executionId: string, key: string): Promise<void> {
  const events = [someRecord(key)];
  await store.events.recordEvents({ executionId, generation: 1, events });
}

async function allEvents(executionId: string): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const page = await store.events.readEvents(executionId, events.length, 1000);
    if (page.length === 0) return events;
    events.push(...page);
  }
}

/** Resolves once the store answers again; each try has its own bounds. */
async function answering(): Promise<void> {
  await store.awaitSchema(new Date(Date.now() + 30_000));
}

describe('followEvents', () => {
  it('tells of each execution with new events, and not of a write that changed nothing', async () => {
    const [one, other] = [await openedExecution(store), await openedExecution(store)];
    const { following, listening, notified } = follow();
    await listening();
    await record(one, 'w:1:0');
    expect(await notified()).toBe(one);
    await record(one, 'w:1:0');
    await record(other, 'w:1:0');
    expect(await notified()).toBe(other);
    await following.close();
  });

  it('listens again after each kill -9 of the server, and says so, so that nothing is missed', async () => {
    const executionId = await openedExecution(store);
    const { following, listening, notified } = follow();
    await listening();
    for (const round of [1, 2, 3]) {
      await services.postgres.kill();
      await services.postgres.start();
      await listening();
      await answering();
      await record(executionId, `w:1:${round}`);
      expect(await notified()).toBe(executionId);
    }
    const positions = await store.events.readPositions([executionId]);
    expect(positions.get(executionId)).toBe(4);
    await following.close();
  });

  it('begins while the server is away', async () => {
    await services.postgres.kill();
    const { following, listening } = follow();
    await services.postgres.start();
    await expect(listening()).resolves.toBeUndefined();
    await following.close();
    await answering();
  });

  it('finds out that the server has fallen silent, and listens again once it speaks', async () => {
    const proxy = await startFrontendProxy(url.href);
    const timeouts = { idleCheckMs: 50, queryMs: 100, connectMs: 100 };
    const behind = openStore({ databaseUrl: proxy.url, poolMax: 1, timeouts });
    const { following, listening, notified } = follow(behind);
    await listening();
    proxy.setSilent(true);
    await proxy.connected();
    proxy.setSilent(false);
    await listening();
    const executionId = await openedExecution(store);
    await record(executionId, 'w:1:0');
    expect(await notified()).toBe(executionId);
    await following.close();
    await behind.close();
    await proxy.close();
  });

  it('closes while the server is away', async () => {
    const { following, listening } = follow();
    await listening();
    await services.postgres.kill();
    await expect(following.close()).resolves.toBeUndefined();
    await expect(following.close()).resolves.toBeUndefined();
    await services.postgres.start();
    await answering();
  });

  it('keeps what was committed before a kill -9 of the server, and nothing half', async () => {
    const executionId = await openedExecution(store);
    const outcomes: boolean[] = [];
    let killed: Promise<void> | undefined;
    // The server's sessions outlive it by a moment, so the first refusal ends the writing and not a count.
    while (!outcomes.includes(false) && outcomes.length < 20_000) {
      const n = outcomes.length;
      if (n === 50) killed = services.postgres.kill();
      const events = [someRecord(`w:1:${n}-a`), someRecord(`w:1:${n}-b`)];
      const batch = { executionId, generation: 1, events };
      const recorded = store.events.recordEvents(batch);
      outcomes.push(await recorded.then(() => true).catch(() => false));
    }
    await killed;
    await services.postgres.start();
    await answering();
    const stored = await allEvents(executionId);
    expect(stored.map(({ position }) => position)).toEqual(stored.map((_, index) => index + 1));
    const keys = new Set(stored.map(({ key }) => key));
    const found = outcomes.map((_, n) => [keys.has(`w:1:${n}-a`), keys.has(`w:1:${n}-b`)]);
    expect(found.filter(([a, b]) => a !== b)).toEqual([]);
    // What was not acknowledged may have been committed all the same.
    expect(found.filter(([a], n) => outcomes[n] === true && a !== true)).toEqual([]);
    expect(outcomes).toContain(true);
    expect(outcomes).toContain(false);
  });
});

import { openStore, type Store } from '@gennaker/store';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startFrontendProxy, type Cut, type FrontendProxy } from './frontend-proxy.js';
import {
  openTestStore,
  someExecution,
  somePipeline,
  someRecord,
  someTime,
  type TestStore,
} from './test-store.js';

let test: TestStore;
let proxy: FrontendProxy;
beforeAll(async () => {
  test = await openTestStore();
  proxy = await startFrontendProxy(test.url);
});
afterAll(async () => {
  await proxy.close();
  await test.close();
});

/** Every instant at which a connection can break while the call runs. */
async function cutsOf(call: (store: Store) => Promise<unknown>): Promise<readonly Cut[]> {
  await throughProxy(null, call);
  return Array.from({ length: proxy.statements }, (_, index) => index + 1).flatMap((statement) => [
    { statement, when: 'beforeStatement' } as const,
    { statement, when: 'beforeAnswer' } as const,
  ]);
}

async function throughProxy<T>(cut: Cut | null, call: (store: Store) => Promise<T>): Promise<T> {
  proxy.cut = cut;
  const store = openStore({ databaseUrl: proxy.url, poolMax: 1 });
  try {
    return await call(store);
  } finally {
    await store.close();
  }
}

let keys = 0;
function someCreation() {
  const execution = someExecution();
  const idempotency = { scope: 'executions', key: `key-${(keys += 1)}`, bodyHash: 'hash' };
  return { execution, pipeline: somePipeline(), idempotency, now: someTime };
}

describe('a connection that breaks at any instant', () => {
  it('of createExecution leaves all or nothing, and the same call again makes it one execution', async () => {
    const cuts = await cutsOf((store) => store.executions.createExecution(someCreation()));
    // BEGIN, the key, the row with its event, COMMIT.
    expect(cuts).toHaveLength(8);
    for (const cut of cuts) {
      const creation = someCreation();
      const { executionId } = creation.execution;
      await expect(
        throughProxy(cut, (store) => store.executions.createExecution(creation)),
      ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      const committed = cut.statement === 4 && cut.when === 'beforeAnswer';
      const found = await test.store.executions.findExecution(executionId);
      expect([cut, found === undefined]).toEqual([cut, !committed]);
      const again = await test.store.executions.createExecution(creation);
      expect([cut, again.outcome]).toEqual([cut, committed ? 'replayed' : 'created']);
      expect(await test.store.events.readEvents(executionId, 0, 10)).toHaveLength(1);
    }
  });

  it('of recordEvents leaves all or nothing, and the same call again leaves each event once', async () => {
    const creation = someCreation();
    const { executionId } = creation.execution;
    await test.store.executions.createExecution(creation);
    await test.store.executions.openRun({ executionId, generation: 1, runId: 'run-1' });
    const batch = (name: string) => ({
      executionId,
      generation: 1,
      events: [someRecord(`w:1:${name}-0`), someRecord(`w:1:${name}-1`)],
    });
    const cuts = await cutsOf((store) => store.events.recordEvents(batch('first')));
    // One round trip.
    expect(cuts).toHaveLength(2);
    for (const cut of cuts) {
      const calls = batch(cut.when);
      await expect(
        throughProxy(cut, (store) => store.events.recordEvents(calls)),
      ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      await test.store.events.recordEvents(calls);
    }
    const stored = await test.store.events.readEvents(executionId, 0, 100);
    expect(stored.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(stored.map(({ key }) => key)).size).toBe(7);
  });

  it('of savePipeline leaves all or nothing', async () => {
    const save = (store: Store, key: string) =>
      store.pipelines.savePipeline({
        pipeline: somePipeline({ name: 'broken' }),
        savedBy: 'ada',
        idempotency: { scope: 'pipelines', key, bodyHash: 'hash' },
        now: someTime,
      });
    const cuts = await cutsOf((store) => save(store, 'whole'));
    for (const [index, cut] of cuts.entries()) {
      await expect(throughProxy(cut, (store) => save(store, `key-${index}`))).rejects.toThrow();
      const again = await save(test.store, `key-${index}`);
      expect(again).toMatchObject({ version: index + 2 });
    }
  });

  it('of reserveServerGroupName burns at most the one name, and gives it when asked again', async () => {
    const wanted = (executionId: string) => ({
      account: 'prod',
      region: 'eu-west-1',
      cluster: 'broken',
      owner: { executionId, stage: 'deploy' },
      attempt: 1,
      awsHighestSequence: null,
      awsNames: [],
    });
    const cuts = await cutsOf((store) => store.names.reserveServerGroupName(wanted('whole')));
    for (const [index, cut] of cuts.entries()) {
      const name = wanted(`execution-${index}`);
      await expect(
        throughProxy(cut, (store) => store.names.reserveServerGroupName(name)),
      ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      const expected = `broken-v${String(index + 1).padStart(3, '0')}`;
      expect(await test.store.names.reserveServerGroupName(name)).toBe(expected);
    }
  });
});

describe('a server that does not answer', () => {
  it('fails the call as SERVICE_UNAVAILABLE without the password, and the store goes on afterwards', async () => {
    const store = openStore({ databaseUrl: proxy.url, poolMax: 1 });
    proxy.cut = null;
    await store.ping();
    proxy.cut = { statement: 1, when: 'beforeStatement' };
    await closeServerSide(test.url);
    const failure = await store.ping().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retry: 'later' });
    const { password } = new URL(proxy.url);
    expect(password).not.toBe('');
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(password);
    proxy.cut = null;
    await store.ping();
    await store.close();
  });

  it('fails a call that does not get its answer in time, and goes on with a new connection', async () => {
    const timeouts = { queryMs: 200, connectMs: 200 };
    const store = openStore({ databaseUrl: proxy.url, poolMax: 1, timeouts });
    proxy.cut = null;
    await store.ping();
    proxy.setSilent(true);
    await expect(store.ping()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await expect(store.ping()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    proxy.setSilent(false);
    await store.ping();
    await store.close();
  });

  it('fails a call that waits too long for a lock, and goes on', async () => {
    const store = openStore({ databaseUrl: test.url, poolMax: 1, timeouts: { lockMs: 100 } });
    const creation = someCreation();
    const { executionId } = creation.execution;
    await store.executions.createExecution(creation);
    const holder = new Client({ connectionString: test.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM executions WHERE execution_id = $1 FOR UPDATE', [
      executionId,
    ]);
    const run = { executionId, generation: 1, runId: 'run-1' };
    await expect(store.executions.openRun(run)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('lock timeout') as string,
    });
    await holder.end();
    expect((await store.executions.openRun(run)).outcome).toBe('opened');
    await store.close();
  });

  it('fails calls that nobody listens for, and a URL that is none', async () => {
    const store = openStore({ databaseUrl: 'postgres://me:hunter2@127.0.0.1:1/none', poolMax: 1 });
    const failure = await store.ping().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(String(failure)).not.toContain('hunter2');
    await store.close();
    const open = () => openStore({ databaseUrl: 'mysql://me:hunter2@h/d', poolMax: 1 });
    expect(open).toThrow('not of the form');
    expect(open).not.toThrow('hunter2');
  });
});

/** Ends every other session of the database, as an administrator would. */
async function closeServerSide(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await client.end();
}

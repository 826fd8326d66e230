import { newestSchemaVersion, openStore } from '@gennaker/store';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestDatabase, type TestDatabase } from '../../support/services/test-database.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

async function onDatabase(statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}

describe('migrate', () => {
  it('runs each migration once when several processes begin at once', async () => {
    const stores = Array.from({ length: 5 }, () =>
      openStore({ databaseUrl: database.url, poolMax: 2 }),
    );
    expect(await stores[0]?.schemaVersion()).toBe(0);
    const versions = await Promise.all(stores.map((store) => store.migrate()));
    expect(versions).toEqual(stores.map(() => newestSchemaVersion));
    expect(await onDatabase('SELECT version FROM schema_migrations ORDER BY version')).toHaveLength(
      newestSchemaVersion,
    );
    await Promise.all(stores.map((store) => store.close()));
  });

  it('leaves the schema of a newer release alone', async () => {
    const store = openStore({ databaseUrl: database.url, poolMax: 2 });
    await store.migrate();
    const newer = newestSchemaVersion + 1;
    await onDatabase(`INSERT INTO schema_migrations (version, name) VALUES (${newer}, 'newer')`);
    expect(await store.migrate()).toBe(newer);
    await store.awaitSchema(inSeconds(0));
    await store.close();
  });
});

describe('awaitSchema', () => {
  it('waits until another process has migrated', async () => {
    const [worker, api] = [
      openStore({ databaseUrl: database.url, poolMax: 2 }),
      openStore({ databaseUrl: database.url, poolMax: 2 }),
    ];
    const waiting = worker.awaitSchema(inSeconds(30));
    await api.migrate();
    await expect(waiting).resolves.toBeUndefined();
    await Promise.all([worker.close(), api.close()]);
  });

  it('says at the deadline which version it found', async () => {
    const store = openStore({ databaseUrl: database.url, poolMax: 2 });
    await expect(store.awaitSchema(inSeconds(0.3))).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { found: 0, wanted: newestSchemaVersion },
    });
    await store.close();
  });
});

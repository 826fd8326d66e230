import { Client } from 'pg';

import {
  connectionOptions,
  databaseTimeouts,
  type DatabaseTimeouts,
} from '../database/database.js';
import { storeFailure } from '../database/store-failure.js';
import type { StoreLogger } from '../database/store-logger.js';
import type { Migration } from './migration.js';

/** Long enough for another process that migrates, and for a statement on large tables. */
const migrationTimeouts: DatabaseTimeouts = {
  ...databaseTimeouts,
  lockMs: 600_000,
  statementMs: 600_000,
  idleInTransactionMs: 600_000,
  queryMs: 600_000,
};

/** Any number that nothing else locks in this database. */
const migrationLock = 7_462_110;

export interface MigrateOptions {
  readonly databaseUrl: string;
  readonly migrations: readonly Migration[];
  readonly logger: StoreLogger;
}

/**
 * Brings the schema to the last of the migrations, each in a transaction of its own, on a connection of its own with wide
 * time limits. Several processes at once are safe: one does it, the others wait and find it done. A schema that is newer
 * than this release is left alone. Returns the version. Throws SERVICE_UNAVAILABLE, INTERNAL.
 */
export async function migrate({
  databaseUrl,
  migrations,
  logger,
}: MigrateOptions): Promise<number> {
  const client = new Client(connectionOptions(databaseUrl, migrationTimeouts));
  client.on('error', (err) => logger.warn({ err }, 'the connection that migrates broke'));
  try {
    await client.connect();
    for (const migration of migrations) await applyOnce(client, migration, logger);
    return await versionIn(client);
  } catch (error) {
    throw storeFailure(error, 'migrate the schema of the store');
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function applyOnce(client: Client, migration: Migration, logger: StoreLogger): Promise<void> {
  const { version, name, sql } = migration;
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
      version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    if ((await versionIn(client)) < version) {
      await client.query(sql);
      await client.query('INSERT INTO schema_migrations (version, name) VALUES ($1, $2)', [
        version,
        name,
      ]);
      logger.info({ version, name }, 'schema migrated');
    }
    await client.query('COMMIT');
  } catch (error) {
    // Closing the connection, which follows, rolls back as well; the first failure is the one to tell.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function versionIn(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM schema_migrations',
  );
  return rows[0]?.version ?? 0;
}

import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Client } from 'pg';

import type { Environment } from '../config/environment.js';
import { LOOPBACK } from '../net/ports.js';
import { awaitReady } from '../process/await-ready.js';
import { startChild } from '../process/child.js';
import type { Child, ChildRegistry, ChildSpec } from '../process/child.js';
import { logTail } from '../process/log-tail.js';
import { getPostgresBinaries } from './binaries.js';
import { ensureCluster, POSTGRES_ROLE, postgresEnvironment } from './cluster.js';
import { commandAs, placePostgres, thisMachine } from './run-as.js';
import type { Machine, PostgresPlace } from './run-as.js';
import { clearStalePidFile } from './stale-pid-file.js';

/** Where the embedded PostgreSQL keeps its data and listens. */
export interface PostgresOptions {
  /** `postgres/` and `postgres.password` are made in it. */
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  /** The database that is made when it is not there. */
  readonly database: string;
  /** False gives up safety against a power cut (not against kill -9); for tests only. */
  readonly durable: boolean;
  readonly env: Environment;
  readonly registry: ChildRegistry;
  readonly machine?: Machine;
}

/** A PostgreSQL server that answers. */
export interface PostgresServer {
  /** Connection string of the database, password included: a secret. */
  readonly url: string;
  /** Where the data are in truth (root without user namespaces: not below the folder). */
  readonly dataFolder: string;
  readonly made: boolean;
  readonly child: Child;
}

/** Recovery after a kill of a large database takes a while. */
const READY_WITHIN_SECONDS = 120;
/** Loopback answers at once or not at all. */
const CONNECT_TIMEOUT_MS = 2_000;
/** A server that was killed frees its shared memory when the kernel has reaped it. */
const SHARED_MEMORY_ATTEMPTS = 40;
/** Reaping takes a few hundred milliseconds. */
const SHARED_MEMORY_PAUSE_MS = 250;
/** API, worker and tests use a pool of ten each; the rest is for people. */
const MAX_CONNECTIONS = 200;

/**
 * Starts PostgreSQL on 127.0.0.1 (no socket file, password always), making the cluster and the
 * database at the first time, and waits for a real connection. After a kill -9 it recovers by its
 * own log. Throws a SetupFailure.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const wanted = path.join(options.folder, 'postgres');
  const machine = options.machine ?? thisMachine();
  const place = placePostgres(getPostgresBinaries(), wanted, machine);
  const { password, made } = await ensureCluster(place, {
    passwordFile: path.join(options.folder, 'postgres.password'),
    durable: options.durable,
    env: options.env,
  });
  await clearStalePidFile(place.dataFolder);
  const url = (database: string): string =>
    `postgres://${POSTGRES_ROLE}:${password}@${LOOPBACK}:${options.port}/${database}`;
  const child = await startServer(place, options, url('postgres'));
  await ensureDatabase(url('postgres'), options.database);
  return { url: url(options.database), dataFolder: place.dataFolder, made, child };
}

/**
 * The backends of a server that was killed live on for a moment, and the new one refuses to start
 * beside them; that alone is worth trying again.
 */
async function startServer(
  place: PostgresPlace,
  options: PostgresOptions,
  url: string,
): Promise<Child> {
  for (let attempt = 1; ; attempt += 1) {
    const child = await startOnce(place, options);
    try {
      await awaitReady(child, {
        withinSeconds: READY_WITHIN_SECONDS,
        remedies: [
          `Look into ${options.logFile}.`,
          'Or set DATABASE_URL to a PostgreSQL of your own.',
        ],
        attempt: () => withClient(url, async () => undefined),
      });
      return child;
    } catch (error) {
      const busy = logTail(options.logFile, 4).includes('pre-existing shared memory block');
      if (!busy || attempt >= SHARED_MEMORY_ATTEMPTS) {
        throw error;
      }
      await pause(SHARED_MEMORY_PAUSE_MS);
    }
  }
}

async function startOnce(place: PostgresPlace, options: PostgresOptions): Promise<Child> {
  const settings = {
    listen_addresses: LOOPBACK,
    port: String(options.port),
    unix_socket_directories: '',
    max_connections: String(MAX_CONNECTIONS),
    // Not synchronous_commit: what is acknowledged must have left the process, or kill -9 loses it.
    ...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const run = commandAs(place.user, place.binaries.postgres, ['-D', place.dataFolder, ...flags]);
  const spec: ChildSpec = {
    name: 'postgres',
    command: run.command,
    args: run.args,
    env: postgresEnvironment(options.env),
    logFile: options.logFile,
    // PostgreSQL's fast shutdown: it ends sessions and writes a checkpoint.
    stopSignal: 'SIGINT',
    cwd: path.parse(place.dataFolder).root,
    ...(run.identity === undefined ? {} : { identity: run.identity }),
  };
  return startChild(spec, options.registry);
}

/** Makes the database unless it exists. A second call does nothing. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    }
  });
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // Without a listener a connection that breaks between two queries would end the launcher.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end();
  }
}

import { Pool, type ClientConfig, type PoolClient, type QueryResultRow } from 'pg';

import { isConnectionBroken, storeFailure } from './store-failure.js';
import type { StoreLogger } from './store-logger.js';

/** Bounds of a call, in milliseconds. The client's own limit is last: it is for a server that has stopped answering. */
export interface DatabaseTimeouts {
  readonly connectMs: number;
  readonly lockMs: number;
  readonly statementMs: number;
  readonly idleInTransactionMs: number;
  readonly queryMs: number;
  /** How often a connection that only listens is tried. */
  readonly idleCheckMs: number;
}

/** The bounds where none are given. */
export const databaseTimeouts: DatabaseTimeouts = {
  connectMs: 3_000,
  lockMs: 5_000,
  statementMs: 8_000,
  idleInTransactionMs: 10_000,
  queryMs: 10_000,
  idleCheckMs: 10_000,
};

/** One SQL statement; `attempted` continues the sentence "Could not …" of its failure. */
export interface Statement {
  readonly attempted: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Runs statements; the row type is what the statement selects. Throws GennakerErrors only (see storeFailure). */
export interface Queries {
  query<Row extends QueryResultRow>(statement: Statement): Promise<readonly Row[]>;
}

/** The connections of one process. */
export interface Database extends Queries {
  /** All of the work or nothing of it, at READ COMMITTED. Throws what the work throws. */
  transaction<T>(attempted: string, work: (queries: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly databaseUrl: string;
  readonly poolMax: number;
  readonly timeouts: DatabaseTimeouts;
  readonly logger: StoreLogger;
}

/** Opens a pool; connects at the first use. */
export function openDatabase(options: DatabaseOptions): Database {
  const { databaseUrl, poolMax, timeouts, logger } = options;
  const pool = new Pool({
    ...connectionOptions(databaseUrl, timeouts),
    max: poolMax,
    idleTimeoutMillis: 30_000,
  });
  // A connection that breaks between two statements says so as an event, which ends the process when nobody listens.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', (err) => logger.warn({ err }, 'an idle connection to PostgreSQL broke'));
  return {
    query: (statement) =>
      withConnection(pool, statement.attempted, ({ queries }) => queries.query(statement)),
    transaction: (attempted, work) =>
      withConnection(pool, attempted, (connection) => inTransaction(connection, attempted, work)),
    close: () => pool.end(),
  };
}

/** What each connection is opened with. Throws a plain Error, which does not show the URL, when it is none. */
export function connectionOptions(databaseUrl: string, timeouts: DatabaseTimeouts): ClientConfig {
  if (!URL.canParse(databaseUrl) || !/^postgres(ql)?:/.test(databaseUrl)) {
    throw new Error('The database URL is not of the form postgres://user:password@host:port/name.');
  }
  return {
    connectionString: databaseUrl,
    application_name: 'gennaker',
    keepAlive: true,
    connectionTimeoutMillis: timeouts.connectMs,
    lock_timeout: timeouts.lockMs,
    statement_timeout: timeouts.statementMs,
    idle_in_transaction_session_timeout: timeouts.idleInTransactionMs,
    query_timeout: timeouts.queryMs,
  };
}

/** One connection in use. */
interface Connection {
  readonly queries: Queries;
  readonly isBroken: () => boolean;
}

async function withConnection<T>(
  pool: Pool,
  attempted: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeFailure(error, attempted);
  });
  const connection = connectionOf(client);
  try {
    return await work(connection);
  } finally {
    client.release(connection.isBroken());
  }
}

function connectionOf(client: PoolClient): Connection {
  let broken = false;
  const query = async <Row extends QueryResultRow>(statement: Statement) => {
    try {
      const result = await client.query<Row>(statement.text, [...(statement.values ?? [])]);
      return result.rows;
    } catch (error) {
      broken ||= isConnectionBroken(error);
      throw storeFailure(error, statement.attempted);
    }
  };
  return { queries: { query }, isBroken: () => broken };
}

async function inTransaction<T>(
  { queries, isBroken }: Connection,
  attempted: string,
  work: (queries: Queries) => Promise<T>,
): Promise<T> {
  await queries.query({ attempted, text: 'BEGIN' });
  try {
    const result = await work(queries);
    await queries.query({ attempted, text: 'COMMIT' });
    return result;
  } catch (error) {
    // A connection that is gone has rolled back by itself.
    if (!isBroken()) await queries.query({ attempted, text: 'ROLLBACK' });
    throw error;
  }
}

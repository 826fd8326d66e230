import {
  databaseTimeouts,
  openDatabase,
  type Database,
  type DatabaseTimeouts,
} from './database/database.js';
import { silentLogger, type StoreLogger } from './database/store-logger.js';
import { createClusterHistory, type ClusterHistory } from './deploys/cluster-history.js';
import { createEventRepository, type EventRepository } from './events/event-repository.js';
import {
  createExecutionRepository,
  type ExecutionRepository,
} from './executions/execution-repository.js';
import { takeTurn } from './exclusive-turn.js';
import { purgeIdempotencyKeys } from './idempotency-keys.js';
import { createRequestKeys, type RequestKeys } from './request-keys.js';
import { migrate } from './migrations/migrate.js';
import { migrations, newestSchemaVersion } from './migrations/migrations.js';
import { awaitSchema, readSchemaVersion } from './migrations/schema-version.js';
import { createNameRepository, type NameRepository } from './names/name-repository.js';
import {
  createPipelineRepository,
  type PipelineRepository,
} from './pipelines/pipeline-repository.js';

export interface StoreOptions {
  /** `postgres://user:password@host:port/name`; never shown in an error or a log. */
  readonly databaseUrl: string;
  /** Most connections, without the one of followEvents. */
  readonly poolMax: number;
  readonly logger?: StoreLogger;
  /** Bounds of a call; the defaults are in {@link Store}. */
  readonly timeouts?: Partial<DatabaseTimeouts>;
}

/**
 * Everything that is kept in PostgreSQL. Every call has bounds (3 s to connect, 8 s a statement, 10 s in all) and throws
 * GennakerErrors only: SERVICE_UNAVAILABLE while the server is away; then the same call may be made again, whether or not
 * the first one was carried out.
 */
export interface Store {
  readonly pipelines: PipelineRepository;
  readonly executions: ExecutionRepository;
  readonly events: EventRepository;
  readonly names: NameRepository;
  readonly history: ClusterHistory;
  readonly keys: RequestKeys;
  /** Removes idempotency keys older than 7 days, at most 5,000 a call; returns how many. */
  purgeIdempotencyKeys(now: Date): Promise<number>;
  /** Runs the work unless another process is at it; see takeTurn for its bound. */
  takeTurn(name: string, work: () => Promise<void>): Promise<boolean>;
  /** Brings the schema to this release's version and returns the version found then. Safe in several processes at once. */
  migrate(): Promise<number>;
  /** 0 before the first migration. */
  schemaVersion(): Promise<number>;
  /** Waits until the schema has this release's version or a newer one. Throws SERVICE_UNAVAILABLE at the deadline. */
  awaitSchema(deadline: Date): Promise<void>;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  /** Closes the pool once its calls have ended. A follower has its own close. */
  close(): Promise<void>;
}

/** Opens the store; connects at the first use. Throws a plain Error when the URL is none. */
export function openStore(options: StoreOptions): Store {
  const { databaseUrl, poolMax, logger = silentLogger } = options;
  const timeouts = { ...databaseTimeouts, ...options.timeouts };
  const database = openDatabase({ databaseUrl, poolMax, timeouts, logger });
  return {
    pipelines: createPipelineRepository(database),
    executions: createExecutionRepository(database),
    events: createEventRepository(database, { databaseUrl, timeouts, logger }),
    names: createNameRepository(database),
    history: createClusterHistory(database),
    keys: createRequestKeys(database),
    purgeIdempotencyKeys: (now) => purgeIdempotencyKeys(database, now),
    takeTurn: (name, work) => takeTurn(database, name, work),
    migrate: () => migrate({ databaseUrl, migrations, logger }),
    schemaVersion: () => readSchemaVersion(database),
    awaitSchema: (deadline) => awaitSchema(database, newestSchemaVersion, deadline),
    ping: () => ping(database),
    close: () => database.close(),
  };
}

async function ping(database: Database): Promise<void> {
  await database.query({ attempted: 'reach the store', text: 'SELECT 1' });
}

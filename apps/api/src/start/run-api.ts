import { systemClock, temporalPlace, type Logger } from '@gennaker/platform';
import { openStore, type Store } from '@gennaker/store';
import type { Connection } from '@temporalio/client';

import type { ApiConfig } from '../config/api-config.js';
import { createApi, type Api } from '../create-api.js';
import { TEMPORAL_CONNECTION } from '../temporal/temporal-module.js';
import { awaitService, type AwaitOptions } from './await-services.js';

/** A control plane that listens. */
export interface RunningApi {
  /** `http://host:port`. */
  readonly url: string;
  /** Resolves when requests are served; rejects when PostgreSQL or Temporal does not come in time. */
  readonly ready: Promise<void>;
  /** Ends streams and requests, then connections. A second call does nothing more. */
  close(): Promise<void>;
}

/** A listening socket could not be opened; the message says which setting to change. */
class ListenFailure extends Error {}

/** One try to reach Temporal; a server that starts does not answer at all. */
const probeBoundMs = 3_000;

/**
 * Listens at once, so that `/health/live` answers, then waits for PostgreSQL, brings its schema up to date, waits for
 * Temporal, and serves. Throws ListenFailure.
 */
export async function runApi(config: ApiConfig, logger: Logger): Promise<RunningApi> {
  const store = openStore({
    databaseUrl: config.DATABASE_URL,
    poolMax: config.GENNAKER_API_POOL,
    logger,
  });
  const api = await createApi({
    store,
    temporal: temporalPlace(config),
    logger,
    clock: systemClock,
  });
  const stop = new AbortController();
  const url = await listen(api, config);
  logger.info({ url }, 'listening');
  const options = { logger, deadlineSeconds: config.GENNAKER_API_START_SECONDS, stop: stop.signal };
  let closed: Promise<void> | undefined;
  return {
    url,
    ready: becomeReady(api, store, options),
    close: () => {
      stop.abort(new Error('the process is shutting down'));
      closed ??= api.close();
      return closed;
    },
  };
}

async function becomeReady(api: Api, store: Store, options: AwaitOptions): Promise<void> {
  await awaitService({ name: 'PostgreSQL', probe: () => store.ping() }, options);
  const schemaVersion = await store.migrate();
  const connection = api.app.get<Connection>(TEMPORAL_CONNECTION);
  await awaitService({ name: 'Temporal', probe: () => probeTemporal(connection) }, options);
  options.stop.throwIfAborted();
  api.begin();
  options.logger.info({ schemaVersion }, 'serving');
}

async function probeTemporal(connection: Connection): Promise<void> {
  await connection.withDeadline(Date.now() + probeBoundMs, () =>
    connection.workflowService.getSystemInfo({}),
  );
}

async function listen(api: Api, config: ApiConfig): Promise<string> {
  const { GENNAKER_API_HOST: host, GENNAKER_API_PORT: port } = config;
  try {
    await api.app.listen({ host, port });
    return (await api.app.getUrl()).replace('[::1]', 'localhost');
  } catch (cause) {
    await api.close();
    throw new ListenFailure(listenWords(cause, host, port), { cause });
  }
}

function listenWords(cause: unknown, host: string, port: number): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is taken by another process. Set GENNAKER_API_PORT to a free port, or end that process.`;
  }
  if (code === 'EACCES') {
    return `Port ${port} of ${host} may not be opened by this user. Set GENNAKER_API_PORT to a port above 1023.`;
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return `Could not listen on ${host}:${port} (${text}). See GENNAKER_API_HOST and GENNAKER_API_PORT.`;
}

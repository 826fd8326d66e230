import { createApi, type Api } from '@gennaker/api';
import { createLogger, systemClock } from '@gennaker/platform';
import { openStore, type EventRepository, type Store } from '@gennaker/store';

import { createTestDatabase } from '../../../support/services/test-database.js';
import {
  createTestNamespace,
  type TestNamespace,
} from '../../../support/services/test-namespace.js';

/** The control plane on a database and a Temporal namespace of its own, ready to serve. */
export interface ApiUnderTest {
  readonly api: Api;
  readonly store: Store;
  readonly databaseUrl: string;
  readonly temporal: TestNamespace;
  readonly post: (url: string, body: unknown, headers?: Record<string, string>) => Promise<Reply>;
  readonly get: (url: string) => Promise<Reply>;
  readonly close: () => Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: Record<string, unknown>;
}

/** A Temporal address where nobody listens. */
export const nowhere = '127.0.0.1:1';

export interface ApiUnderTestOptions {
  /** In place of the server that every test shares. */
  readonly temporalAddress?: string;
  /** What the API gets in place of the event log, to look at what it does with it. */
  readonly wrapEvents?: (events: EventRepository) => EventRepository;
}

/** Builds one, on a new database. */
export async function startApiUnderTest(options: ApiUnderTestOptions = {}): Promise<ApiUnderTest> {
  const [database, temporal] = await Promise.all([createTestDatabase(), createTestNamespace()]);
  const logger = createLogger({ name: 'api', level: 'error' });
  const store = openStore({ databaseUrl: database.url, poolMax: 5, logger });
  await store.migrate();
  const { wrapEvents = (events) => events } = options;
  const api = await createApi({
    store: { ...store, events: wrapEvents(store.events) },
    temporal: {
      address: options.temporalAddress ?? temporal.address,
      namespace: temporal.namespace,
      tls: false,
    },
    logger,
    clock: systemClock,
  });
  api.begin();
  return {
    api,
    store,
    databaseUrl: database.url,
    temporal,
    post: async (url, body, headers = {}) => {
      const payload = typeof body === 'string' ? body : JSON.stringify(body);
      const all = { 'content-type': 'application/json', ...headers };
      return replyOf(await api.app.inject({ method: 'POST', url, payload, headers: all }));
    },
    get: async (url) => replyOf(await api.app.inject({ method: 'GET', url })),
    close: async () => {
      await api.close();
      await database.drop();
    },
  };
}

function replyOf(response: {
  readonly statusCode: number;
  readonly headers: Reply['headers'];
  readonly body: string;
}): Reply {
  const { statusCode: status, headers, body } = response;
  return { status, headers, body: (body === '' ? {} : JSON.parse(body)) as Reply['body'] };
}

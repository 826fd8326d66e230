import { apiConfigSchema, runApi, type RunningApi } from '@gennaker/api';
import { createLogger, parseConfig } from '@gennaker/platform';
import { newestSchemaVersion, openStore, type Store } from '@gennaker/store';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startServices, type Services } from '../../support/services/start-services.js';
import { EventStream } from './support/event-stream.js';
import { waitingDefinition } from './support/pipelines.js';
import { RecordedExecution, someEvent } from './support/recorded-execution.js';

const quiet = { ...createLogger({ name: 'api', level: 'error' }), error: () => undefined };

let services: Services;
let store: Store;
let api: RunningApi;

beforeAll(async () => {
  services = await startServices();
  store = openStore({ databaseUrl: services.postgresUrl, poolMax: 2 });
  api = await runApi(config(), quiet);
  await api.ready;
});

afterAll(async () => {
  await api.close();
  await store.close();
  await services.close();
});

function config(changes: Record<string, string> = {}) {
  return parseConfig(apiConfigSchema, {
    DATABASE_URL: services.postgresUrl,
    TEMPORAL_ADDRESS: services.temporalAddress,
    GENNAKER_API_PORT: '0',
    ...changes,
  });
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, body?: object, key?: string): Promise<Answer> {
  const init =
    body === undefined
      ? {}
      : {
          method: 'POST',
          body: JSON.stringify(body),
          headers: {
            'content-type': 'application/json',
            ...(key === undefined ? {} : { 'idempotency-key': key }),
          },
        };
  const response = await fetch(`${api.url}${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: JSON.parse(text) as Record<string, unknown>,
  };
}

test('with both services it is ready, and has brought the schema up to date', async () => {
  expect(await store.schemaVersion()).toBe(newestSchemaVersion);
  expect(await ask('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
});

test('a taken port is named with the setting to change', async () => {
  const port = new URL(api.url).port;
  await expect(runApi(config({ GENNAKER_API_PORT: port }), quiet)).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is taken by another process. Set GENNAKER_API_PORT`,
  );
});

test('a host that others can reach is refused while there is no authentication', () => {
  for (const host of ['0.0.0.0', '::', '10.0.0.5', 'example.com']) {
    expect(() => config({ GENNAKER_API_HOST: host })).toThrow('no authentication');
  }
});

test('a start without PostgreSQL tells what it waits for and gives up in time', async () => {
  const elsewhere = {
    DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x',
    GENNAKER_API_START_SECONDS: '1',
  };
  const starting = await runApi(config(elsewhere), quiet);
  const live = await fetch(`${starting.url}/health/live`);
  const refused = await fetch(`${starting.url}/v1/pipelines`);
  expect([live.status, refused.status]).toEqual([200, 503]);
  expect(await refused.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await expect(starting.ready).rejects.toThrow('PostgreSQL did not answer within 1 s');
  await starting.close();
});

test('while PostgreSQL is away requests are 503, and open streams go on afterwards', async () => {
  const execution = await RecordedExecution.create(store);
  const stream = await EventStream.open(`${api.url}/v1/executions/${execution.id}/events`);
  await stream.until(1);
  await services.postgres.kill();
  const away = await ask(`/v1/executions/${execution.id}`);
  expect(away).toMatchObject({
    status: 503,
    body: { code: 'SERVICE_UNAVAILABLE', details: { service: 'postgres' } },
  });
  expect(Number(away.retryAfter)).toBeGreaterThan(0);
  expect(await ask('/v1/pipelines', waitingDefinition)).toMatchObject({ status: 503 });
  expect(await ask('/health/ready')).toMatchObject({
    status: 503,
    body: { checks: { postgres: { ok: false }, temporal: { ok: true } } },
  });
  expect((await ask('/health/live')).status).toBe(200);
  await services.postgres.start();
  await execution.record(someEvent(), someEvent());
  const last = await execution.finish();
  await stream.closed;
  expect(stream.positions).toEqual([1, 2, 3, last]);
  expect(stream.end).toEqual({ position: last, status: 'SUCCEEDED' });
});

test('while Temporal is away commands are 503 and change nothing; the same key starts later', async () => {
  const running = await ask('/v1/executions', waitingDefinition);
  const id = String(running.body['executionId']);
  await services.temporal.kill();
  expect(await ask(`/v1/executions/${id}/cancel`, { by: 'anna' })).toMatchObject({
    status: 503,
    body: { code: 'SERVICE_UNAVAILABLE', details: { service: 'temporal' } },
  });
  expect(await ask(`/v1/executions/${id}/stages/settle/retry`, {})).toMatchObject({ status: 503 });
  const start = await ask('/v1/executions', waitingDefinition, 'while away');
  expect(start.status).toBe(503);
  expect(start.body['executionId']).toBeDefined();
  expect(await ask('/health/ready')).toMatchObject({
    status: 503,
    body: { checks: { postgres: { ok: true }, temporal: { ok: false } } },
  });
  expect(await ask(`/v1/executions/${id}`)).toMatchObject({ status: 200, body: { cancel: null } });
  await services.temporal.start();
  const again = await untilAccepted();
  expect(again.body['executionId']).toBe(start.body['executionId']);
});

/** The client connects again within a second of Temporal's return. */
async function untilAccepted(): Promise<Answer> {
  for (;;) {
    const again = await ask('/v1/executions', waitingDefinition, 'while away');
    if (again.status === 202) return again;
    expect(again.status).toBe(503);
  }
}

test('a shutdown ends open streams without a last word, and within ten seconds', async () => {
  const second = await runApi(config(), quiet);
  await second.ready;
  const execution = await RecordedExecution.create(store);
  const stream = await EventStream.open(`${second.url}/v1/executions/${execution.id}/events`);
  await stream.until(1);
  const begin = performance.now();
  await Promise.all([second.close(), stream.closed]);
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect(stream.end).toBeUndefined();
  const resumed = await EventStream.open(`${api.url}/v1/executions/${execution.id}/events`, {
    'last-event-id': '1',
  });
  const last = await execution.finish();
  await resumed.closed;
  expect(resumed.positions).toEqual([last]);
});

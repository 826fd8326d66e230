import { createApi } from '@gennaker/api';
import { createLogger, systemClock } from '@gennaker/platform';
import { openStore } from '@gennaker/store';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { nowhere, startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { waitingDefinition } from './support/pipelines.js';

let under: ApiUnderTest;
let client: Client;

beforeAll(async () => {
  under = await startApiUnderTest();
  const { address, namespace } = under.temporal;
  client = new Client({ connection: await Connection.connect({ address }), namespace });
  await under.post('/v1/pipelines', waitingDefinition);
});

afterAll(async () => {
  await client.connection.close();
  await under.close();
});

const saved = '/v1/pipelines/web/just-wait/executions';

describe('starting an execution', () => {
  test('answers 202 with its place once Temporal has its workflow', async () => {
    const reply = await under.post(saved, { by: 'anna' });
    const id = String(reply.body['executionId']);
    expect(reply.status).toBe(202);
    expect(reply.headers['location']).toBe(`/v1/executions/${id}`);
    expect(reply.body).toMatchObject({ application: 'web', pipelineVersion: 1 });
    const described = await client.workflow.getHandle(id).describe();
    expect(described).toMatchObject({ type: 'pipelineWorkflow', taskQueue: 'engine' });
    const { defaultWorkflowTaskTimeout } = described.raw.executionConfig ?? {};
    expect(Number(defaultWorkflowTaskTimeout?.seconds)).toBe(5);
    expect((await under.get(`/v1/executions/${id}`)).body).toMatchObject({
      status: 'NOT_STARTED',
      createdBy: 'anna',
      position: 1,
      stages: [{ refId: 'settle', attempts: [] }],
      links: { pipeline: '/v1/pipelines/web/just-wait?version=1' },
    });
  });

  test('takes no body at all, YAML, and a definition that is not saved', async () => {
    const bare = await under.api.app.inject({ method: 'POST', url: saved });
    expect(bare.statusCode).toBe(202);
    const yaml = { 'content-type': 'text/yaml' };
    expect((await under.post(saved, 'version: 1\nby: anna\n', yaml)).status).toBe(202);
    const inline = await under.post('/v1/executions?by=anna', waitingDefinition);
    expect(inline).toMatchObject({ status: 202, body: { pipelineVersion: null } });
  });

  test('is urgent with a reason, which the execution keeps and a repeat must give too', async () => {
    const key = { 'idempotency-key': 'in a hurry' };
    const urgent = { reason: 'the shop is down' };
    const reply = await under.post(saved, { urgent }, key);
    const id = String(reply.body['executionId']);
    expect((await under.get(`/v1/executions/${id}`)).body).toMatchObject({ urgent });
    expect((await under.post(saved, { urgent }, key)).body['executionId']).toBe(id);
    expect((await under.post(saved, {}, key)).status).toBe(422);
    const url = '/v1/executions?urgentReason=the+shop+is+down';
    const inline = await under.post(url, waitingDefinition);
    const place = String(inline.headers['location']);
    expect((await under.get(place)).body).toMatchObject({ urgent });
    expect((await under.post(saved, { urgent: {} })).status).toBe(422);
  });

  test('with the same key makes one execution, also when both come at once', async () => {
    const key = { 'idempotency-key': 'start it once' };
    const replies = await Promise.all([
      under.post(saved, { by: 'anna' }, key),
      under.post(saved, { by: 'anna' }, key),
    ]);
    const again = await under.post(saved, { by: 'anna' }, key);
    const ids = [...replies, again].map((reply) => reply.body['executionId']);
    expect(new Set(ids).size).toBe(1);
    expect([...replies, again].map((reply) => reply.status)).toEqual([202, 202, 202]);
    const other = await under.post(saved, { by: 'berta' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const inline = await under.post('/v1/executions', waitingDefinition, key);
    expect(inline.status).toBe(422);
  });

  test('is listed newest first, by application, pipeline and status, page by page', async () => {
    const body = { ...waitingDefinition, application: 'listed' };
    const ids: unknown[] = [];
    for (let made = 0; made < 3; made += 1) {
      ids.unshift((await under.post('/v1/executions', body)).body['executionId']);
    }
    const first = await under.get('/v1/executions?application=listed&limit=2');
    const rows = first.body['executions'] as { executionId: string }[];
    expect(rows.map((row) => row.executionId)).toEqual(ids.slice(0, 2));
    const cursor = String(first.body['nextCursor']);
    const second = await under.get(`/v1/executions?application=listed&limit=2&cursor=${cursor}`);
    expect(second.body).toMatchObject({ executions: [{ executionId: ids[2] }], nextCursor: null });
    const none = await under.get('/v1/executions?application=listed&status=SUCCEEDED');
    expect(none.body).toEqual({ executions: [], nextCursor: null });
    const other = await under.get('/v1/executions?application=listed&pipeline=other');
    expect(other.body['executions']).toEqual([]);
  });
});

test('while Temporal is away the row stays, the answer says so, and a sweep starts it', async () => {
  const logger = createLogger({ name: 'api', level: 'error' });
  const cutOff = await createApi({
    store: openStore({ databaseUrl: under.databaseUrl, poolMax: 2, logger }),
    temporal: { address: nowhere, namespace: under.temporal.namespace, tls: false },
    logger: { ...logger, warn: () => undefined },
    clock: systemClock,
  });
  cutOff.begin();
  const request = {
    method: 'POST',
    url: saved,
    payload: { by: 'anna' },
    headers: { 'idempotency-key': 'while Temporal is away' },
  } as const;
  const refused = await cutOff.app.inject(request);
  await cutOff.close();
  expect(refused.statusCode).toBe(503);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  const problem = refused.json<{ executionId: string; code: string; detail: string }>();
  expect(problem.code).toBe('SERVICE_UNAVAILABLE');
  expect(problem.detail).toContain('stored');
  expect((await under.get(`/v1/executions/${problem.executionId}`)).status).toBe(200);
  const handle = client.workflow.getHandle(problem.executionId);
  await expect(handle.describe()).rejects.toThrow();

  await makeOlder(problem.executionId);
  await under.api.sweep();
  expect((await handle.describe()).status.name).toBe('RUNNING');
  const again = await under.api.app.inject(request);
  expect(again.statusCode).toBe(202);
  expect(again.json()).toMatchObject({ executionId: problem.executionId });
});

/** A sweep leaves young rows to the request that made them. */
async function makeOlder(executionId: string): Promise<void> {
  const database = new pg.Client({ connectionString: under.databaseUrl });
  await database.connect();
  await database.query(
    "UPDATE executions SET created_at = created_at - interval '1 minute' WHERE execution_id = $1",
    [executionId],
  );
  await database.end();
}

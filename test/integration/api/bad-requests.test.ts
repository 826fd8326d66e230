import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { pointersOf } from './support/faults.js';
import { nobody, waitingDefinition } from './support/pipelines.js';

let under: ApiUnderTest;

beforeAll(async () => {
  under = await startApiUnderTest();
});

afterAll(async () => under.close());

describe('a request', () => {
  test('for an execution that is not there is 404, whatever the id looks like', async () => {
    for (const id of [nobody, 'nonsense', '%00', '..', 'a'.repeat(300), '%F0%9F%90%98']) {
      const asked = await Promise.all([
        under.get(`/v1/executions/${id}`),
        under.get(`/v1/executions/${id}/events`),
        under.post(`/v1/executions/${id}/cancel`, {}),
        under.post(`/v1/executions/${id}/stages/deploy/retry`, {}),
      ]);
      expect(asked.map((reply) => reply.status)).toEqual([404, 404, 404, 404]);
    }
    const reply = await under.get(`/v1/executions/${nobody}`);
    expect(reply.body).toMatchObject({
      type: '/problems/execution-not-found',
      title: 'No execution of that id.',
      status: 404,
      code: 'EXECUTION_NOT_FOUND',
      instance: `/v1/executions/${nobody}`,
    });
  });

  test('for a pipeline that is not there is 404', async () => {
    const asked = await Promise.all([
      under.get('/v1/pipelines/web/none'),
      under.get('/v1/pipelines/web/none?version=3'),
      under.post('/v1/pipelines/web/none/executions', {}),
      under.post('/v1/pipelines/web/none/plan', {}),
    ]);
    expect(asked.map((reply) => [reply.status, reply.body['code']])).toEqual(
      asked.map(() => [404, 'PIPELINE_NOT_FOUND']),
    );
  });

  test('for a path that is no route is 404, and with a method that it does not take 405', async () => {
    expect(await under.get('/v1/nothing')).toMatchObject({
      status: 404,
      body: { code: 'ROUTE_NOT_FOUND' },
    });
    const put = await under.api.app.inject({ method: 'PUT', url: '/v1/pipelines' });
    expect(put.statusCode).toBe(405);
    expect(put.headers['allow']).toBe('GET, POST');
    expect(put.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED', status: 405 });
  });

  test('with a bad path, query or header says where', async () => {
    const path = await under.get('/v1/applications/web/clusters/demo/nowhere/web-prod');
    expect([path.status, pointersOf(path)]).toEqual([422, ['/region']]);
    const query = await under.get('/v1/executions?limit=0&status=DONE&status=X&nonsense=1');
    expect(query.status).toBe(422);
    expect(pointersOf(query).toSorted()).toEqual(['/limit', '/nonsense', '/status']);
    const key = await under.post('/v1/pipelines', waitingDefinition, { 'idempotency-key': 'ä' });
    expect([key.status, pointersOf(key)]).toEqual([422, ['/idempotency-key']]);
    const long = { 'idempotency-key': 'k'.repeat(129) };
    expect((await under.post('/v1/pipelines', waitingDefinition, long)).status).toBe(422);
    expect((await under.get('/v1/pipelines?cursor=nonsense')).status).toBe(422);
    expect((await under.get('/v1/executions?limit=1&cursor=%00')).status).toBeLessThan(500);
    expect((await under.get('/v1/pipelines/%E0%A4%A/x')).status).toBe(400);
  });

  test('that is no HTTP does not end the process', async () => {
    await under.api.app.listen(0, '127.0.0.1');
    const url = new URL(await under.api.app.getUrl());
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname, () => socket.write('\u0000\r\n\r\n'));
      let text = '';
      socket.on('data', (data) => (text += data.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toContain('400');
    expect((await under.get('/health/live')).status).toBe(200);
  });
});

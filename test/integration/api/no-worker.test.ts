import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
import { startEngine, type EngineUnderTest } from './support/engine-under-test.js';
import { waitingDefinition } from './support/pipelines.js';

let under: ApiUnderTest;
let engine: EngineUnderTest | undefined;

beforeAll(async () => {
  under = await startApiUnderTest();
});

afterAll(async () => {
  await engine?.stop();
  await under.close();
});

const place = { account: 'demo', region: 'eu-west-1' };
const failing = {
  ...waitingDefinition,
  stages: [
    { refId: 'find', name: 'Find', type: 'findImage', imageName: 'web-1.0.0', ...place },
    {
      refId: 'check',
      name: 'Check',
      type: 'checkPreconditions',
      requisiteStageRefIds: ['find'],
      preconditions: [
        {
          type: 'stageOutput',
          stage: 'find',
          output: 'imageName',
          comparison: '==',
          expected: 'x',
        },
      ],
    },
  ],
};

test('without a worker the outcome is unknown after ten seconds; the same key tells it later', async () => {
  engine = await startEngine(under);
  const ended = String((await under.post('/v1/executions', failing)).body['executionId']);
  await engine.client.workflow.getHandle(ended).result();
  await engine.stop();
  engine = undefined;

  const waiting = await under.post('/v1/executions', waitingDefinition);
  const open = String(waiting.body['executionId']);
  const retry = () =>
    under.post(`/v1/executions/${ended}/stages/check/retry`, {}, { 'idempotency-key': 'retry' });
  const replies = await Promise.all([
    retry(),
    under.post(`/v1/executions/${open}/cancel`, {}),
    under.get('/v1/applications/web/clusters/demo/eu-west-1/web-prod'),
  ]);
  for (const reply of replies) {
    expect(reply).toMatchObject({ status: 504, body: { code: 'OUTCOME_UNKNOWN' } });
  }
  expect(replies[0]?.body['detail']).toContain('Repeat with the same key');
  expect(replies[2]?.body['detail']).toContain('Nothing has been changed');

  engine = await startEngine(under);
  expect(await retry()).toMatchObject({ status: 202, body: { attempt: 2 } });
  await engine.client.workflow.getHandle(ended).result();
  expect(await retry()).toMatchObject({ status: 202, body: { attempt: 2 } });
  const view = await under.get(`/v1/executions/${ended}`);
  expect(view.body).toMatchObject({
    stages: [{ attempts: [{}] }, { attempts: [{ attempt: 1 }, { attempt: 2 }] }],
    acceptedRetries: [{ requestId: 'retry' }],
  });
});

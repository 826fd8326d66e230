import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest, type Reply } from './support/api-under-test.js';
import { startEngine, type EngineUnderTest } from './support/engine-under-test.js';

let under: ApiUnderTest;
let engine: EngineUnderTest;

beforeAll(async () => {
  under = await startApiUnderTest();
  engine = await startEngine(under);
});

afterAll(async () => {
  await engine.stop();
  await under.close();
});

const stage = {
  refId: 'judge',
  name: 'Go live?',
  type: 'manualJudgment',
  instructions: 'Look at the dashboards',
  judgmentInputs: ['blue', 'green'],
};

async function start(): Promise<string> {
  const definition = {
    schemaVersion: 1,
    application: 'web',
    name: 'judgment',
    stages: [stage],
  };
  const reply = await under.post('/v1/executions', definition);
  expect(reply.status).toBe(202);
  return String(reply.body['executionId']);
}

async function asks(id: string): Promise<Reply> {
  let reply = await under.get(`/v1/executions/${id}`);
  const waits = async (): Promise<string> => {
    reply = await under.get(`/v1/executions/${id}`);
    return JSON.stringify(reply.body);
  };
  await expect.poll(waits).toContain('"reason":"judgment"');
  return reply;
}

function judge(id: string, body: object, key?: string): Promise<Reply> {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return under.post(`/v1/executions/${id}/stages/judge/judge`, body, headers);
}

test('shows the question with its way to answer, and takes the answer at once', async () => {
  const id = await start();
  const shown = await asks(id);
  expect(shown.body['actions']).toContainEqual(
    expect.objectContaining({
      label: 'Judge Go live?',
      href: `/v1/executions/${id}/stages/judge/judge`,
    }),
  );
  const body = { decision: 'continue', input: 'green', by: 'anna', reason: 'fine' };
  const answer = await judge(id, body, 'once');
  expect(answer).toMatchObject({ status: 200, body: { ...body, attempt: 1, judgmentId: 'judge' } });
  await engine.client.workflow.getHandle(id).result();
  // The same key again, with no run left to ask: the log knows the answer.
  expect((await judge(id, body, 'once')).body).toEqual(answer.body);
  const reused = await judge(id, { ...body, input: 'blue' }, 'once');
  expect(reused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  const late = await judge(id, body, 'twice');
  expect(late).toMatchObject({ status: 409, body: { code: 'JUDGMENT_NOT_AWAITED' } });
});

test('says what is wrong with an answer, and changes nothing', async () => {
  const id = await start();
  await asks(id);
  const noChoice = await judge(id, { decision: 'continue' }, 'no-choice');
  expect(noChoice).toMatchObject({ status: 422, body: { code: 'INVALID_REQUEST' } });
  const noDecision = await judge(id, {}, 'no-decision');
  expect(noDecision).toMatchObject({ status: 422, body: { code: 'INVALID_REQUEST' } });
  const nowhere = await under.post(
    `/v1/executions/${id}/stages/nowhere/judge`,
    { decision: 'stop' },
    { 'idempotency-key': 'nowhere' },
  );
  expect(nowhere).toMatchObject({ status: 404, body: { code: 'STAGE_NOT_FOUND' } });
  const stopped = await judge(id, { decision: 'stop', by: 'anna' }, 'stop');
  expect(stopped.status).toBe(200);
  await engine.client.workflow.getHandle(id).result();
  const ended = await under.get(`/v1/executions/${id}`);
  expect(ended.body['status']).toBe('TERMINAL');
});

test('knows no execution of an unknown id', async () => {
  const reply = await judge('01ARZ3NDEKTSV4RRFFQ69G5FAV', { decision: 'stop' }, 'unknown');
  expect(reply).toMatchObject({ status: 404, body: { code: 'EXECUTION_NOT_FOUND' } });
});

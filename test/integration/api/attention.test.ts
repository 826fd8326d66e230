import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { deployStage } from '../../support/engine/stages.js';
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

beforeEach(() => {
  engine.aws.before.clear();
  engine.aws.differences = [];
});

const who = { by: 'ann', reason: 'the group was deleted by hand' };

/** A deploy that failed, and whose undo could not finish. */
async function stuck(stack: string): Promise<string> {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  engine.aws.fails('deleteServerGroup', 'AWS_DENIED');
  const stages = [deployStage({ stack })];
  const definition = { schemaVersion: 1, application: 'web', name: 'attention', stages };
  const reply = await under.post('/v1/executions', definition);
  expect(reply.status).toBe(202);
  const id = String(reply.body['executionId']);
  await engine.client.workflow.getHandle(id).result();
  engine.aws.before.clear();
  return id;
}

function ask(way: string, body: object, key?: string): Promise<Reply> {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return under.post(`/v1/executions/${way}`, body, headers);
}

async function view(id: string): Promise<Reply['body']> {
  return (await under.get(`/v1/executions/${id}`)).body;
}

test('what needs attention offers its three ways out, each of which exists', async () => {
  const id = await stuck('ways');
  const { actions } = (await view(id)) as { actions: { href: string; label: string }[] };
  const base = `/v1/executions/${id}/attention`;
  expect(actions.map(({ href }) => href)).toEqual([
    `${base}/retry-undo`,
    `${base}/repaired`,
    `${base}/hand-over`,
  ]);
  const handed = await under.post(`${base}/hand-over`, who);
  expect(handed.status).toBe(202);
  await engine.client.workflow.getHandle(id).result();
  expect((await view(id))['actions']).not.toContainEqual(
    expect.objectContaining({ href: `${base}/hand-over` }),
  );
});

test('"repaired" is refused with what differs, by resource, until AWS is as it should be', async () => {
  const id = await stuck('repaired');
  engine.aws.differences = [
    {
      refId: 'deploy',
      attempt: 1,
      step: 'Destroy web-prod-v001',
      resource: 'server group web-prod-v001',
      expected: 'gone',
      found: 'it is there',
    },
  ];
  const refused = await ask(`${id}/attention/repaired`, who, 'once');
  expect(refused).toMatchObject({
    status: 409,
    body: {
      code: 'UNDO_NOT_REPAIRED',
      details: { differences: engine.aws.differences, differencesLeftOut: 0 },
    },
  });
  expect(refused.body['detail']).toContain('server group web-prod-v001: expected gone');
  expect((await view(id))['needsAttention']).not.toBeNull();
  engine.aws.differences = [];
  const accepted = await ask(`${id}/attention/repaired`, who, 'once');
  expect(accepted).toMatchObject({
    status: 202,
    body: { resolution: 'repaired', ...who, links: { self: `/v1/executions/${id}` } },
  });
  await engine.client.workflow.getHandle(id).result();
  expect(await view(id)).toMatchObject({
    status: 'TERMINAL',
    needsAttention: null,
    attentionResolutions: [{ resolution: 'repaired', ...who }],
  });
  expect((await ask(`${id}/attention/repaired`, who, 'once')).body).toEqual(accepted.body);
  const reused = await ask(`${id}/attention/repaired`, { ...who, by: 'bob' }, 'once');
  expect(reused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
});

test('what cannot be read is not taken for repaired', async () => {
  const id = await stuck('unread');
  engine.aws.fails('compareUndo', 'AWS_DENIED');
  expect(await ask(`${id}/attention/repaired`, who)).toMatchObject({
    status: 502,
    body: { code: 'AWS_DENIED' },
  });
  expect((await view(id))['needsAttention']).not.toBeNull();
});

test('an undo is retried over the API, and the list of executions no longer shows it', async () => {
  const id = await stuck('retried');
  const listed = async () => {
    const { body } = await under.get('/v1/executions?application=web');
    const rows = body['executions'] as { executionId: string; needsAttention: string | null }[];
    return rows.find(({ executionId }) => executionId === id)?.needsAttention;
  };
  expect(await listed()).toContain('could not finish');
  expect(await ask(`${id}/attention/retry-undo`, {})).toMatchObject({
    status: 202,
    body: { resolution: 'retryUndo', by: 'anonymous', reason: '' },
  });
  await engine.client.workflow.getHandle(id).result();
  expect(await listed()).toBeNull();
});

test('who and why are required of who answers for it, and only what needs attention has a way out', async () => {
  const id = await stuck('asked');
  for (const way of ['repaired', 'hand-over']) {
    expect((await ask(`${id}/attention/${way}`, {})).status).toBe(422);
    expect((await ask(`${id}/attention/${way}`, { by: 'ann' })).status).toBe(422);
    expect((await ask(`${id}/attention/${way}`, { by: 'ann', reason: '' })).status).toBe(422);
  }
  await ask(`${id}/attention/hand-over`, who);
  await engine.client.workflow.getHandle(id).result();
  expect(await ask(`${id}/attention/retry-undo`, {})).toMatchObject({
    status: 409,
    body: { code: 'ATTENTION_NOT_NEEDED' },
  });
  const unknown = await ask('01ARZ3NDEKTSV4RRFFQ69G5FAV/attention/hand-over', who);
  expect(unknown).toMatchObject({ status: 404, body: { code: 'EXECUTION_NOT_FOUND' } });
});

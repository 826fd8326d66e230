import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest, type Reply } from './support/api-under-test.js';
import { startEngine, type EngineUnderTest } from './support/engine-under-test.js';
import { EventStream } from './support/event-stream.js';

let under: ApiUnderTest;
let engine: EngineUnderTest;
let url: string;

beforeAll(async () => {
  under = await startApiUnderTest();
  engine = await startEngine(under);
  await under.api.app.listen(0, '127.0.0.1');
  url = await under.api.app.getUrl();
});

afterAll(async () => {
  await engine.stop();
  await under.close();
});

const place = { account: 'demo', region: 'eu-west-1' };
const find = { refId: 'find', name: 'Find', type: 'findImage', imageName: 'web-1.0.0', ...place };
const wait = { refId: 'wait', name: 'Wait', type: 'wait', waitSeconds: 600 };
const check = {
  refId: 'check',
  name: 'Check',
  type: 'checkPreconditions',
  requisiteStageRefIds: ['find'],
  preconditions: [
    { type: 'stageOutput', stage: 'find', output: 'imageName', comparison: '==', expected: 'no' },
  ],
};
const deploy = {
  refId: 'deploy',
  name: 'Deploy',
  type: 'deploy',
  stack: 'prod',
  image: { imageId: 'ami-00000001' },
  strategy: { type: 'redBlack' },
  ...place,
};

async function run(...stages: readonly object[]): Promise<string> {
  const definition = { schemaVersion: 1, application: 'web', name: 'commands', stages };
  const reply = await under.post('/v1/executions', definition);
  expect(reply.status).toBe(202);
  return String(reply.body['executionId']);
}

async function runToItsEnd(...stages: readonly object[]): Promise<string> {
  const id = await run(...stages);
  await engine.client.workflow.getHandle(id).result();
  return id;
}

/** `stage` is the execution's id and the stage's refId. */
function retry(stage: readonly [string, string], body: object = {}, key?: string): Promise<Reply> {
  const [id, refId] = stage;
  return under.post(`/v1/executions/${id}/stages/${refId}/retry`, body, headersOf(key));
}

function cancel(id: string, body: object = {}, key?: string): Promise<Reply> {
  return under.post(`/v1/executions/${id}/cancel`, body, headersOf(key));
}

function headersOf(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { 'idempotency-key': key };
}

describe('retrying a stage of an execution that has ended', () => {
  test('makes the next attempt once for a key, at once and after the run has closed', async () => {
    const id = await runToItsEnd(find, check);
    const failed = await under.get(`/v1/executions/${id}`);
    expect(failed.body).toMatchObject({
      status: 'TERMINAL',
      actions: [{ method: 'POST', href: `/v1/executions/${id}/stages/check/retry` }],
    });
    const body = { expectedAttempt: 1, by: 'anna', reason: 'again' };
    const [first, second] = await Promise.all([
      retry([id, 'check'], body, 'key'),
      retry([id, 'check'], body, 'key'),
    ]);
    expect([first, second]).toMatchObject([
      { status: 202, body: { executionId: id, refId: 'check', attempt: 2 } },
      { status: 202, body: { executionId: id, refId: 'check', attempt: 2 } },
    ]);
    await engine.client.workflow.getHandle(id).result();
    const later = await retry([id, 'check'], body, 'key');
    expect(later).toMatchObject({ status: 202, body: { attempt: 2 } });
    const reused = await retry([id, 'check'], { ...body, reason: 'other' }, 'key');
    expect(reused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const view = (await under.get(`/v1/executions/${id}`)).body;
    expect(view).toMatchObject({
      stages: [{ attempts: [{ attempt: 1 }] }, { attempts: [{ attempt: 1 }, { attempt: 2 }] }],
      acceptedRetries: [{ by: 'anna', reason: 'again', attempt: 2 }],
    });
  });

  test('is refused by the words of the engine', async () => {
    const id = await runToItsEnd(find, check);
    expect(await retry([id, 'check'], { expectedAttempt: 7 })).toMatchObject({
      status: 409,
      body: { code: 'STALE_ATTEMPT', details: { attempt: 1 } },
    });
    expect(await retry([id, 'find'])).toMatchObject({
      status: 409,
      body: { code: 'STAGE_NOT_RETRYABLE' },
    });
    expect(await retry([id, 'none'])).toMatchObject({
      status: 404,
      body: { code: 'STAGE_NOT_FOUND' },
    });
    expect(await retry([id, 'check'], { attempt: 1 })).toMatchObject({ status: 422 });
  });

  test('of a deploy looks at the cluster first, and goes over a change only by its name', async () => {
    engine.aws.fails('createServerGroup', 'AWS_DENIED');
    const id = await runToItsEnd(deploy);
    engine.aws.before.clear();
    // The scripted cluster is empty: the server group that the first attempt started from is gone.
    const refused = await retry([id, 'deploy'], {}, 'key');
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'CLUSTER_MOVED_ON', details: { serverGroup: 'web-prod-v000' } },
    });
    const body = { acceptClusterMovedOn: 'web-prod-v000' };
    expect(await retry([id, 'deploy'], body, 'other key')).toMatchObject({
      status: 202,
      body: { attempt: 2 },
    });
    await engine.client.workflow.getHandle(id).result();
    expect((await under.get(`/v1/executions/${id}`)).body['status']).toBe('SUCCEEDED');
  });
});

describe('cancelling an execution', () => {
  test('answers with the intent, the steps and the latest end; the same again is the same', async () => {
    const waits = engine.aws.waits('awaitServerGroupHealthy');
    const id = await run(deploy);
    await waits;
    const first = await cancel(id, { by: 'anna', reason: 'wrong image' }, 'key');
    expect(first).toMatchObject({
      status: 202,
      body: {
        executionId: id,
        intent: 'rollback',
        steps: [expect.stringContaining('web-prod-v00')],
      },
    });
    expect(Date.parse(String(first.body['latestEnd']))).toBeGreaterThan(Date.now());
    const again = await cancel(id, { by: 'berta' });
    await engine.client.workflow.getHandle(id).result();
    const after = await cancel(id, { by: 'anna', reason: 'wrong image' }, 'key');
    for (const reply of [again, after]) {
      expect(reply.status).toBe(202);
      expect(reply.body).toMatchObject({
        intent: 'rollback',
        steps: first.body['steps'],
        latestEnd: first.body['latestEnd'],
      });
    }
    expect((await under.get(`/v1/executions/${id}`)).body['status']).toBe('CANCELED');
    engine.aws.before.clear();
  });

  test('that has ended is 409, and with the key of another request 422', async () => {
    const id = await run(wait);
    const stopped = await cancel(id, { intent: 'stop' }, 'key');
    expect(stopped).toMatchObject({ status: 202, body: { intent: 'stop', steps: [] } });
    await engine.client.workflow.getHandle(id).result();
    expect(await cancel(id)).toMatchObject({ status: 409, body: { code: 'EXECUTION_COMPLETE' } });
    expect(await cancel(id, { intent: 'rollback' }, 'key')).toMatchObject({ status: 422 });
    expect(await cancel(id, { intent: 'finish' })).toMatchObject({ status: 422 });
  });
});

describe('an execution whose run was ended from outside', () => {
  test('is marked by a sweep with what is left to undo, once, and can be retried', async () => {
    const waits = engine.aws.waits('awaitServerGroupHealthy');
    const id = await run(deploy);
    await waits;
    // A run that is ended with events in its outbox takes them with it.
    const stream = await EventStream.open(`${url}/v1/executions/${id}/events`);
    await stream.untilKind('undo.recorded');
    stream.leave();
    engine.aws.before.clear();
    await engine.client.workflow.getHandle(id).terminate('by a person');
    await Promise.all([under.api.sweep(), under.api.sweep()]);
    const marked = (await under.get(`/v1/executions/${id}`)).body;
    expect(marked).toMatchObject({
      status: 'TERMINAL',
      needsAttention: {
        reason: 'The run was ended from outside (terminated in Temporal); nothing was undone.',
        remaining: [{ refId: 'deploy', attempt: 1 }],
      },
      stages: [{ status: 'TERMINAL' }],
    });
    expect(JSON.stringify(marked['needsAttention'])).toContain(
      'aws autoscaling delete-auto-scaling',
    );
    await under.api.sweep();
    expect((await under.get(`/v1/executions/${id}`)).body['position']).toBe(marked['position']);
    const listed = await under.get('/v1/executions?status=TERMINAL&limit=1');
    expect(listed.body).toMatchObject({ executions: [{ executionId: id }] });
    const retried = await retry([id, 'deploy'], { acceptClusterMovedOn: 'web-prod-v000' });
    expect(retried).toMatchObject({ status: 202, body: { attempt: 2 } });
    await engine.client.workflow.getHandle(id).result();
    expect((await under.get(`/v1/executions/${id}`)).body['status']).toBe('SUCCEEDED');
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApiUnderTest, type ApiUnderTest } from './support/api-under-test.js';
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

const place = { account: 'demo', region: 'eu-west-1' };
const cluster = '/v1/applications/web/clusters/demo/eu-west-1/web-prod';
const deploy = {
  refId: 'deploy',
  name: 'Deploy',
  type: 'deploy',
  stack: 'prod',
  image: { imageId: 'ami-00000001' },
  strategy: { type: 'redBlack' },
  ...place,
};

test('a cluster is what AWS has now, with a free lock where nobody deploys', async () => {
  const reply = await under.get(cluster);
  expect(reply).toMatchObject({
    status: 200,
    body: {
      application: 'web',
      account: 'demo',
      region: 'eu-west-1',
      cluster: 'web-prod',
      serverGroups: [],
      lock: { holder: null, waiting: [] },
    },
  });
  expect(engine.aws.calls).toContain('readCluster web-prod');
});

test('a cluster says who holds its lock and who waits for it', async () => {
  const waits = engine.aws.waits('awaitServerGroupHealthy');
  const definition = { schemaVersion: 1, application: 'web', name: 'locks', stages: [deploy] };
  const first = await under.post('/v1/executions', definition);
  await waits;
  const second = await under.post('/v1/executions', definition);
  const [holder, waiting] = [first, second].map((reply) => String(reply.body['executionId']));
  await untilWaiting();
  const reply = await under.get(cluster);
  expect(reply.body['lock']).toMatchObject({
    holder: { executionId: holder, claim: 'deploy' },
    waiting: [{ executionId: waiting, claim: 'deploy' }],
  });
  engine.aws.before.clear();
  const handles = [holder, waiting].map((id) => engine.client.workflow.getHandle(id ?? ''));
  await Promise.all(handles.map((handle) => handle.result()));
});

test('a cluster says who holds the listener rules that go with its lock', async () => {
  const waits = engine.aws.waits('awaitServerGroupHealthy');
  const elb = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
  const ruleArn = `${elb}:listener-rule/app/web/1a/2b/3c`;
  const strategy = {
    type: 'blueGreen',
    targetGroupArns: [`${elb}:targetgroup/blue/1a`, `${elb}:targetgroup/green/2b`],
    ruleArns: [ruleArn],
  };
  const stages = [{ ...deploy, strategy }];
  const definition = { schemaVersion: 1, application: 'web', name: 'rule locks', stages };
  const started = await under.post('/v1/executions', definition);
  await waits;
  const reply = await under.get(cluster);
  const executionId = String(started.body['executionId']);
  expect(reply.body['ruleLocks']).toMatchObject([
    { ruleArn, title: 'rule web/2b/3c', holder: { executionId }, waiting: [] },
  ]);
  engine.aws.before.clear();
  await engine.client.workflow.getHandle(executionId).result();
  expect((await under.get(cluster)).body['ruleLocks']).toEqual([]);
});

/** The claim travels through an activity and a signal; each look asks the lock itself. */
async function untilWaiting(): Promise<void> {
  for (;;) {
    const { body } = await under.get(cluster);
    const { waiting } = body['lock'] as { readonly waiting: readonly unknown[] };
    if (waiting.length > 0) return;
  }
}

test('a cluster of another application, or of no region, is refused', async () => {
  const other = await under.get(cluster.replace('/web/', '/api/'));
  expect(other).toMatchObject({ status: 422, body: { errors: [{ pointer: '/cluster' }] } });
});

test('what AWS refuses is a problem with its code', async () => {
  engine.aws.fails('readCluster', 'AWS_DENIED');
  const reply = await under.get(cluster);
  engine.aws.before.clear();
  expect(reply).toMatchObject({ status: 502, body: { code: 'AWS_DENIED' } });
  expect(reply.body['detail']).toContain('readCluster');
});

test('a plan shows the stages in layers with their tasks, and stores nothing', async () => {
  const wait = { type: 'wait', name: 'Wait', waitSeconds: 1 };
  const definition = {
    schemaVersion: 1,
    application: 'web',
    name: 'planned',
    stages: [
      { ...wait, refId: 'join', requisiteStageRefIds: ['left', 'deploy'] },
      { ...wait, refId: 'left', requisiteStageRefIds: ['find'] },
      { ...deploy, image: { fromStage: 'find' }, requisiteStageRefIds: ['left', 'find'] },
      { refId: 'find', name: 'Find', type: 'findImage', imageName: 'web-1.0.0', ...place },
    ],
  };
  const inline = await under.post('/v1/plan', definition);
  expect(inline.status).toBe(200);
  const stages = inline.body['stages'] as { refId: string; layer: number; tasks: string[] }[];
  expect(stages.map(({ refId, layer }) => [refId, layer])).toEqual([
    ['join', 3],
    ['left', 1],
    ['deploy', 2],
    ['find', 0],
  ]);
  expect(stages[2]).toMatchObject({ imageId: null, planError: null });
  expect(stages[3]?.tasks).toEqual(['Find the image web-1.0.0 in eu-west-1']);
  expect((await under.get('/v1/pipelines/web/planned')).status).toBe(404);

  await under.post('/v1/pipelines', definition);
  const saved = await under.post('/v1/pipelines/web/planned/plan', '');
  expect(saved).toMatchObject({ status: 200, body: { stages } });
});

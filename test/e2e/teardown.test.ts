import type { DeployPlan } from '@gennaker/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { clusterPicture, redBlackPipeline, serverGroupsOf } from '../support/e2e/story.js';

/** What becomes of replaced server groups; each test goes on where the one before has ended. */
let gennaker: Gennaker;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  await gennaker.aws.startTraffic('web-prod', 50);
}, 120_000);
afterAll(() => gennaker.close());

async function deployed(strategy: Readonly<Record<string, unknown>>) {
  const pipeline = await redBlackPipeline({ endsWithDeploy: true });
  const stages = pipeline.stages.map((stage) =>
    stage['type'] === 'deploy' ? { ...stage, strategy } : stage,
  );
  const varied = { ...pipeline, stages };
  const id = await gennaker.api.run(varied);
  await gennaker.watch(id).done;
  const view = await gennaker.api.execution(id);
  const attempt = view.stages.find((stage) => stage.refId === 'deploy')?.attempts[0];
  return { status: view.status, plan: attempt?.plan, outputs: attempt?.outputs };
}

async function sizes(): Promise<readonly string[]> {
  const groups = (await serverGroupsOf(gennaker)).filter((group) => !group.deleting);
  return groups.map(({ name, enabled, capacity, instances }) => {
    const { min, desired, max } = capacity;
    return `${name} ${enabled ? 'enabled' : 'disabled'} ${min}/${desired}/${max} ${instances.length}`;
  });
}

test('the old group is scaled to nothing once the switch is verified', async () => {
  const { status, outputs } = await deployed({ type: 'redBlack', scaleDown: true });
  expect([status, outputs?.['notDone']]).toEqual(['SUCCEEDED', undefined]);
  expect(await sizes()).toEqual([
    'web-prod-v000 disabled 0/0/3 0',
    'web-prod-v001 enabled 3/3/3 3',
  ]);
}, 120_000);

test('a rollback grows it again to what it was, before anything is switched', async () => {
  const path = '/v1/applications/web/clusters/demo/eu-west-1/web-prod/rollback';
  const body = { reason: 'errors', by: 'test', expectedServing: 'web-prod-v001' };
  const shown = await gennaker.api.post<{ readonly plan: DeployPlan }>(`${path}/plan`, body);
  expect(shown.body.plan.target).toMatchObject({
    serverGroup: 'web-prod-v000',
    capacity: { min: 3, desired: 3, max: 3 },
  });
  const started = await gennaker.api.post<{ readonly executionId: string }>(path, body, {
    key: 'back',
  });
  const { executionId } = started.body;
  await gennaker.watch(executionId).done;
  expect((await gennaker.api.execution(executionId)).status).toBe('SUCCEEDED');
  expect(await sizes()).toEqual([
    'web-prod-v000 enabled 3/3/3 3',
    'web-prod-v001 disabled 3/3/3 3',
  ]);
}, 120_000);

test('a surplus group that may not be deleted is told, and the switch stays', async () => {
  const message = 'User: role/gennaker is not authorized to perform: DeleteAutoScalingGroup';
  const fault = await gennaker.aws.fault({
    match: { action: 'DeleteAutoScalingGroup' },
    effect: { kind: 'error', code: 'AccessDenied', status: 403, message },
  });
  const { status, plan, outputs } = await deployed({
    type: 'redBlack',
    maxRemainingServerGroups: 2,
  });
  await gennaker.aws.clearFault(fault);
  expect([status, plan?.destroys, outputs?.['destroyed']]).toEqual([
    'SUCCEEDED',
    ['web-prod-v001'],
    [],
  ]);
  expect(outputs?.['notDone']).toEqual([
    expect.stringContaining('Destroy web-prod-v001 (cannot be undone): '),
  ]);
  expect(await clusterPicture(gennaker)).toEqual([
    'web-prod-v000 disabled 0/3',
    'web-prod-v001 disabled 0/3',
    'web-prod-v002 enabled 3/3',
  ]);
}, 120_000);

test('all surplus groups go with the next deploy, oldest first, but never its source', async () => {
  const { status, plan } = await deployed({
    type: 'redBlack',
    maxRemainingServerGroups: 2,
    scaleDown: true,
  });
  expect([status, plan?.destroys]).toEqual(['SUCCEEDED', ['web-prod-v000', 'web-prod-v001']]);
  expect(await gennaker.deletedServerGroups()).toEqual(['web-prod-v000', 'web-prod-v001']);
  expect(await sizes()).toEqual([
    'web-prod-v002 disabled 0/0/3 0',
    'web-prod-v003 enabled 3/3/3 3',
  ]);
}, 120_000);

test('no request met a group without a healthy target', async () => {
  const traffic = await gennaker.aws.traffic();
  expect(traffic.requests).toBeGreaterThan(0);
  expect(traffic.requestsWithNoHealthyTarget).toBe(0);
});

import {
  AutoScalingClient,
  DeleteAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { DeployPlan, StageAction } from '@gennaker/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { awaitSoon } from '../support/e2e/await-soon.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { expectSucceeded, holdDeploy } from '../support/e2e/scenes.js';
import { clusterPicture, redBlackPipeline } from '../support/e2e/story.js';

interface Accepted {
  readonly outcome: 'started' | 'cancelled';
  readonly executionId: string;
  readonly serverGroup: string | null;
  readonly steps: readonly string[];
}

interface Refused {
  readonly code: string;
  readonly detail: string;
  readonly details: { readonly actions?: readonly StageAction[] };
}

const path = '/v1/applications/web/clusters/demo/eu-west-1/web-prod/rollback';

/** One story: each test goes on where the one before has ended. */
let gennaker: Gennaker;
let autoScaling: AutoScalingClient;
let deployed: string;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  const { accountId, region } = gennaker.seeded;
  const credentials = { accessKeyId: accountId, secretAccessKey: 'stand-in' };
  autoScaling = new AutoScalingClient({ endpoint: gennaker.aws.url, region, credentials });
  await gennaker.aws.startTraffic('web-prod', 50);
  deployed = await gennaker.api.run(await redBlackPipeline());
  await expectSucceeded(gennaker, { executionId: deployed, watcher: gennaker.watch(deployed) });
}, 120_000);
afterAll(async () => {
  autoScaling.destroy();
  await gennaker.close();
});

const rollBack = (body: Readonly<Record<string, unknown>>, key: string) =>
  gennaker.api.post<Accepted & Refused>(path, { reason: 'errors', by: 'test', ...body }, { key });

async function ended(executionId: string): Promise<string> {
  await gennaker.watch(executionId).done;
  return (await gennaker.api.execution(executionId)).status;
}

async function planOf(executionId: string): Promise<DeployPlan | null | undefined> {
  const view = await gennaker.api.execution(executionId);
  return view.stages.at(0)?.attempts.at(-1)?.plan;
}

const original = ['web-prod-v000 enabled 3/3', 'web-prod-v001 disabled 0/3'];

test('a deploy that has succeeded says how to take it back', async () => {
  const { body } = await gennaker.api.get<{ readonly actions: readonly StageAction[] }>(
    `/v1/executions/${deployed}`,
  );
  const action = {
    label: 'Roll web-prod back',
    href: path,
    body: { toServerGroup: 'web-prod-v000', expectedServing: 'web-prod-v001' },
  };
  expect(body.actions).toContainEqual(expect.objectContaining(action));
  const cancel = await gennaker.api.post<Refused>(`/v1/executions/${deployed}/cancel`, {});
  expect(cancel).toMatchObject({ status: 409, body: { code: 'EXECUTION_COMPLETE' } });
  expect(cancel.body.details.actions).toContainEqual(expect.objectContaining(action));
});

test('something else serves than was expected: refused, and nothing changes', async () => {
  const before = await clusterPicture(gennaker);
  const refused = await rollBack({ expectedServing: 'web-prod-v000' }, 'wrong');
  expect(refused).toMatchObject({ status: 409, body: { code: 'CLUSTER_MOVED_ON' } });
  expect(refused.body.detail).toContain('web-prod-v001 serves now');
  expect(await clusterPicture(gennaker)).toEqual(before);
});

test('a server group that is not there: refused, naming what is', async () => {
  const body = { expectedServing: 'web-prod-v001', toServerGroup: 'web-prod-v099' };
  const refused = await rollBack(body, 'gone');
  expect(refused).toMatchObject({ status: 404, body: { code: 'SERVER_GROUP_NOT_FOUND' } });
  expect(refused.body.detail).toContain('web-prod-v000');
});

test('the source of the last deploy serves again, by the plan that was shown', async () => {
  const body = { expectedServing: 'web-prod-v001' };
  const shown = await gennaker.api.post<{ readonly plan: DeployPlan }>(`${path}/plan`, body);
  expect(shown.status).toBe(200);
  const answers = await Promise.all([rollBack(body, 'back'), rollBack(body, 'back')]);
  const [first] = answers;
  expect(answers.map((answer) => answer.status)).toEqual([202, 202]);
  expect(new Set(answers.map((answer) => answer.body.executionId)).size).toBe(1);
  expect(first?.body).toMatchObject({ outcome: 'started', serverGroup: 'web-prod-v000' });
  const executionId = first?.body.executionId ?? '';
  expect(await ended(executionId)).toBe('SUCCEEDED');
  expect(await planOf(executionId)).toEqual(shown.body.plan);
  expect(await clusterPicture(gennaker)).toEqual(original);
  const later = await rollBack(body, 'back');
  expect(later).toMatchObject({ status: 202, body: { executionId, serverGroup: 'web-prod-v000' } });
  expect(await clusterPicture(gennaker)).toEqual(original);
}, 120_000);

test('a group that was scaled to nothing is grown before anything is switched', async () => {
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: 'web-prod-v001',
      MinSize: 0,
      DesiredCapacity: 0,
      MaxSize: 0,
    }),
  );
  const body = { toServerGroup: 'web-prod-v001', expectedServing: 'web-prod-v000' };
  const { body: accepted } = await rollBack(body, 'forward');
  expect(await ended(accepted.executionId)).toBe('SUCCEEDED');
  expect(await clusterPicture(gennaker)).toEqual([
    'web-prod-v000 disabled 0/3',
    'web-prod-v001 enabled 3/3',
  ]);
}, 120_000);

/** The calls of a rollback that change something, in their order. */
const calls = [
  { action: 'RegisterTargets', point: 'after' },
  { action: 'ResumeProcesses', point: 'before' },
  { action: 'ResumeProcesses', point: 'after' },
  { action: 'SuspendProcesses', point: 'after' },
  { action: 'DeregisterTargets', point: 'after' },
] as const;

test.each(calls)(
  'kill -9 of the worker $point $action: nothing is lost',
  async (interruption) => {
    const { action, point } = interruption;
    const [serving = '', warm = ''] = await sides();
    await gennaker.aws.fault({ match: { action }, point, effect: { kind: 'hold' }, times: 1 });
    const body = { toServerGroup: warm, expectedServing: serving };
    const { body: accepted } = await rollBack(body, `kill-${action}-${point}`);
    const hold = await gennaker.aws.nextHold();
    await gennaker.worker.kill();
    await gennaker.aws.release(hold);
    await gennaker.worker.start();
    const { executionId } = accepted;
    await expectSucceeded(gennaker, { executionId, watcher: gennaker.watch(executionId) });
    expect(await sides()).toEqual([warm, serving]);
    expect((await gennaker.aws.traffic()).requestsWithNoHealthyTarget).toBe(0);
  },
  120_000,
);

/** Names of what serves, whole, and of what is kept warm. */
async function sides(): Promise<readonly string[]> {
  const picture = await clusterPicture(gennaker);
  const serving = picture.filter((line) => line.endsWith(' enabled 3/3'));
  const warm = picture.filter((line) => line.endsWith(' disabled 0/3'));
  return [...serving, ...warm].map((line) => line.split(' ')[0] ?? '');
}

test('a cancelled rollback leaves both as they were', async () => {
  const [serving = '', warm = ''] = await sides();
  const match = { action: 'DeregisterTargets' };
  await gennaker.aws.fault({ match, point: 'before', effect: { kind: 'hold' }, times: 1 });
  const body = { toServerGroup: warm, expectedServing: serving };
  const { body: accepted } = await rollBack(body, 'regretted');
  const hold = await gennaker.aws.nextHold();
  const again = await rollBack(body, 'second-click');
  expect(again).toMatchObject({ status: 409, body: { code: 'ROLLBACK_IN_PROGRESS' } });
  expect(again.body.detail).toContain(accepted.executionId);
  const cancel = { intent: 'rollback', by: 'test', reason: 'regretted' };
  const path_ = `/v1/executions/${accepted.executionId}/cancel`;
  const cancelled = gennaker.api.post(path_, cancel);
  await gennaker.aws.release(hold);
  expect((await cancelled).status).toBe(202);
  expect(await ended(accepted.executionId)).toBe('CANCELED');
  expect(await sides()).toEqual([serving, warm]);
}, 120_000);

test('while a deploy is at work its cancel is the rollback, and a repeat is the same answer', async () => {
  const [serving = '', warm = ''] = await sides();
  const held = await holdDeploy(gennaker, { action: 'SuspendProcesses', point: 'before' });
  const body = { expectedServing: serving };
  const shown = await gennaker.api.post<Accepted>(`${path}/plan`, body);
  expect(shown.body).toMatchObject({ outcome: 'cancelled', executionId: held.executionId });
  const answer = await rollBack(body, 'in the middle');
  await held.release();
  expect(answer).toMatchObject({
    status: 202,
    body: { outcome: 'cancelled', executionId: held.executionId, serverGroup: serving },
  });
  expect(answer.body.steps.length).toBeGreaterThan(0);
  expect(await ended(held.executionId)).toBe('CANCELED');
  const repeated = await rollBack(body, 'in the middle');
  expect(repeated).toMatchObject({ status: 202, body: answer.body });
  const after = (await sides()).toSorted();
  expect(after).toEqual([serving, warm].toSorted());
}, 120_000);

test('a server group that was destroyed cannot come back', async () => {
  const [serving = '', warm = ''] = await sides();
  await autoScaling.send(
    new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: warm, ForceDelete: true }),
  );
  await awaitSoon(`${warm} gone`, async () => !(await sides()).includes(warm));
  const body = { toServerGroup: warm, expectedServing: serving };
  expect((await rollBack(body, 'too late')).status).toBe(404);
}, 120_000);

test('no request of the whole story met a group without a healthy target', async () => {
  const traffic = await gennaker.aws.traffic();
  expect(traffic.requests).toBeGreaterThan(0);
  expect(traffic.requestsWithNoHealthyTarget).toBe(0);
});

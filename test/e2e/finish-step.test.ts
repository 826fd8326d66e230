import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { expectServing, expectSucceeded, holdDeploy } from '../support/e2e/scenes.js';
import { redBlackPipeline, serverGroupsOf } from '../support/e2e/story.js';

let gennaker: Gennaker;
beforeAll(async () => {
  gennaker = await Gennaker.start();
}, 120_000);
afterAll(() => gennaker.close());

test('finishStep in the middle of the creation: the group is made whole, left, named, and the cluster is free', async () => {
  const held = await holdDeploy(gennaker, { action: 'CreateAutoScalingGroup', point: 'after' });
  const { executionId } = held;
  const cancelled = await gennaker.api.post(`/v1/executions/${executionId}/cancel`, {
    intent: 'finishStep',
    by: 'ann',
    reason: 'not now',
  });
  expect(cancelled).toMatchObject({
    status: 202,
    body: { intent: 'finishStep', steps: [], finishes: [expect.stringContaining('Create')] },
  });
  await held.release();
  await held.watcher.done;
  const view = await gennaker.api.execution(executionId);
  expect(view).toMatchObject({ status: 'CANCELED', needsAttention: null });
  const deploy = view.stages.find(({ refId }) => refId === 'deploy')?.attempts[0];
  expect(deploy?.error?.message).toContain('stopped by ann after: Create');
  const made = deploy?.plan?.target.serverGroup ?? '';
  expect(deploy?.summary?.notUndone.join()).toContain(made);
  expect((await serverGroupsOf(gennaker)).map(({ name }) => name)).toContain(made);
  const next = await gennaker.api.run(await redBlackPipeline());
  await expectSucceeded(gennaker, { executionId: next, watcher: gennaker.watch(next) });
  const served = (await gennaker.api.execution(next)).stages.find(
    ({ refId }) => refId === 'deploy',
  );
  await expectServing(gennaker, served?.attempts[0]?.plan?.target.serverGroup ?? '');
}, 180_000);

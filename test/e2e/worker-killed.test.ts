import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { expectServing, expectSucceeded, holdDeploy } from '../support/e2e/scenes.js';

let gennaker: Gennaker;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  await gennaker.aws.startTraffic('web-prod', 50);
}, 120_000);
afterAll(() => gennaker.close());

/** The calls of a red/black deploy that change something, in their order. */
const calls = [
  { action: 'CreateLaunchTemplate', point: 'after' },
  { action: 'CreateAutoScalingGroup', point: 'before' },
  { action: 'CreateAutoScalingGroup', point: 'after' },
  { action: 'UpdateAutoScalingGroup', point: 'after' },
  { action: 'SuspendProcesses', point: 'after' },
  { action: 'DeregisterTargets', point: 'after' },
] as const;

test.each(calls)(
  'kill -9 of the worker $point $action: nothing twice, nothing lost',
  async (interruption) => {
    const held = await holdDeploy(gennaker, interruption);
    await gennaker.worker.kill();
    await held.release();
    await gennaker.worker.start();
    await expectSucceeded(gennaker, held);
    const view = await gennaker.api.execution(held.executionId);
    const plan = view.stages.find((stage) => stage.refId === 'deploy')?.attempts[0]?.plan;
    await expectServing(gennaker, plan?.target.serverGroup ?? 'no server group was planned');
    expect((await gennaker.aws.traffic()).requestsWithNoHealthyTarget).toBe(0);
  },
  120_000,
);

test('a second worker goes on where a killed one stood, without being asked', async () => {
  const held = await holdDeploy(gennaker, { action: 'SuspendProcesses', point: 'before' });
  const spare = await gennaker.spareWorker();
  const before = held.watcher.events.length;
  await gennaker.worker.kill();
  await held.release();
  await held.watcher.until(
    (event) => event.kind === 'step.finished' && event.stepId.startsWith('disable'),
  );
  expect(held.watcher.events.length).toBeGreaterThan(before);
  await expectSucceeded(gennaker, held);
  await gennaker.worker.start();
  await spare.stop();
}, 120_000);

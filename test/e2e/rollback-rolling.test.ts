import type { DeployPlan, StageAction } from '@gennaker/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import {
  handsOn,
  rollingPipeline,
  serverGroup,
  theGroup,
  versionsOf,
} from '../support/e2e/rolling-scenes.js';
import { expectSucceeded } from '../support/e2e/scenes.js';

const path = '/v1/applications/web/clusters/demo/eu-west-1/web-prod/rollback';

/** A rolling deploy that is taken back; each test goes on where the one before has ended. */
let gennaker: Gennaker;
let deployed: string;
let before: Awaited<ReturnType<typeof versionsOf>>;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  const hands = handsOn(gennaker);
  await hands.setGrace(30);
  hands.close();
  await gennaker.aws.startTraffic('web-prod', 50);
  before = await versionsOf(gennaker);
  const strategy = { checkpoints: [] };
  deployed = await gennaker.api.run(await rollingPipeline({ imageName: 'web-1.1.0', strategy }));
  await expectSucceeded(gennaker, { executionId: deployed, watcher: gennaker.watch(deployed) });
}, 120_000);
afterAll(() => gennaker.close());

const rollBack = (key: string) =>
  gennaker.api.post<{
    readonly executionId: string;
    readonly code: string;
    readonly detail: string;
  }>(
    path,
    { reason: 'errors', by: 'test', toServerGroup: serverGroup, expectedServing: serverGroup },
    { key },
  );

test('the deploy says how to take it back', async () => {
  const { body } = await gennaker.api.get<{ readonly actions: readonly StageAction[] }>(
    `/v1/executions/${deployed}`,
  );
  expect(body.actions).toContainEqual(
    expect.objectContaining({
      href: path,
      effect: expect.stringContaining('Replaces the instances of web-prod-v000') as string,
      body: { toServerGroup: serverGroup, expectedServing: serverGroup },
    }),
  );
});

test('a cancel in the middle brings back what the deploy had made', async () => {
  const there = await versionsOf(gennaker);
  const { body } = await rollBack('cancelled');
  const watcher = gennaker.watch(body.executionId);
  await watcher.until((event) => event.kind === 'step.started' && event.stepId === 'replaced');
  await gennaker.api.post(`/v1/executions/${body.executionId}/cancel`, {
    by: 'test',
    reason: 'no',
  });
  await watcher.done;
  const view = await gennaker.api.execution(body.executionId);
  expect([view.status, view.stages[0]?.attempts[0]?.summary?.notUndone]).toEqual(['CANCELED', []]);
  expect(await versionsOf(gennaker)).toEqual(there);
}, 120_000);

test('its instances are replaced once more, by the plan that was shown', async () => {
  const body = { reason: 'errors', by: 'test' };
  const shown = await gennaker.api.post<{ readonly plan: DeployPlan }>(`${path}/plan`, body);
  expect(shown.status).toBe(200);
  expect(shown.body.plan.steps.map((step) => step.id)).toContain('version');
  const { body: started } = await rollBack('back');
  const { executionId } = started;
  await expectSucceeded(gennaker, { executionId, watcher: gennaker.watch(executionId) });
  const group = await theGroup(gennaker);
  expect(group.imageId).toBe(gennaker.seeded.imageIds['1.0.0']);
  const now = await versionsOf(gennaker);
  expect(new Set(now.instances)).toEqual(new Set([now.group]));
  expect(now.instances).toHaveLength(before.instances.length);
  expect(group.instances.filter((one) => one.health === 'Up')).toHaveLength(3);
}, 120_000);

test('once it is taken back there is nothing more to take back', async () => {
  const refused = await rollBack('again');
  expect(refused).toMatchObject({ status: 409, body: { code: 'CLUSTER_MOVED_ON' } });
  expect(refused.body.detail).toContain('has not made');
});

test('no request met a group without a healthy target', async () => {
  const traffic = await gennaker.aws.traffic();
  expect(traffic.requests).toBeGreaterThan(0);
  expect(traffic.requestsWithNoHealthyTarget).toBe(0);
});

import { clusterLockWorkflowId, messageNames, type LockQueue } from '@gennaker/contract/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';
import { deployStage } from '../../support/engine/stages.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());

const cluster = { account: 'demo', region: 'eu-west-1', cluster: 'web-prod' };

test('the second deploy to a cluster waits its turn, and says for whom', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const first = await engine.execute([deployStage()]);
  await waiting;
  const second = await engine.execute([deployStage()]);
  await expect
    .poll(() => engine.records.state(second).stages[0]?.attempts[0]?.waitingFor?.message)
    .toContain(first);
  const handle = engine.client.workflow.getHandle(clusterLockWorkflowId(cluster));
  const queue = await handle.query<LockQueue>(messageNames.lockQueueQuery);
  expect(queue.holder?.executionId).toBe(first);
  expect(queue.waiting.map((claim) => claim.executionId)).toEqual([second]);
  engine.aws.before.clear();
  await engine.cancel(first, 'rollback');
  expect(await engine.result(first)).toMatchObject({ status: 'CANCELED' });
  expect(await engine.result(second)).toMatchObject({ status: 'SUCCEEDED' });
});

test("an urgent one goes before who waits, never past the holder, and offers the holder's cancel", async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const first = await engine.execute([deployStage()]);
  await waiting;
  const patient = await engine.execute([deployStage()]);
  const waitingFor = (id: string) => engine.records.state(id).stages[0]?.attempts[0]?.waitingFor;
  await expect.poll(() => waitingFor(patient)?.message).toContain('number 1');
  const urgent = await engine.execute([deployStage()], { reason: 'the shop is down' });
  await expect.poll(() => waitingFor(patient)?.message).toContain('number 2');
  await expect.poll(() => waitingFor(urgent)?.message).toContain(first);
  expect(waitingFor(urgent)?.actions).toMatchObject([{ href: `/v1/executions/${first}/cancel` }]);
  expect(waitingFor(patient)?.actions).toBeUndefined();
  await engine.cancel(patient, 'rollback');
  await engine.result(patient);
  engine.aws.before.clear();
  await engine.cancel(first, 'rollback');
  await engine.result(first);
  expect(await engine.result(urgent)).toMatchObject({ status: 'SUCCEEDED' });
});

test('cancelling one that waits takes it out of the line and undoes nothing', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const first = await engine.execute([deployStage()]);
  await waiting;
  const second = await engine.execute([deployStage()]);
  await expect
    .poll(() => engine.records.state(second).stages[0]?.attempts[0]?.waitingFor?.reason)
    .toBe('lock');
  const third = await engine.execute([deployStage()]);
  await expect
    .poll(() => engine.records.state(third).stages[0]?.attempts[0]?.waitingFor?.message)
    .toContain('number 2');
  await engine.cancel(second, 'rollback');
  expect(await engine.result(second)).toMatchObject({ status: 'CANCELED' });
  await expect
    .poll(() => engine.records.state(third).stages[0]?.attempts[0]?.waitingFor?.message)
    .toContain('number 1');
  engine.aws.before.clear();
  await engine.cancel(first, 'rollback');
  await engine.result(first);
  expect(await engine.result(third)).toMatchObject({ status: 'SUCCEEDED' });
});

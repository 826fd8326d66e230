import {
  messageNames,
  clusterLockWorkflowId,
  ruleLockWorkflowId,
  type LockQueue,
} from '@gennaker/contract/wire';
import type { BlueGreenStrategy } from '@gennaker/domain';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';
import { deployStage, rollbackStage } from '../../support/engine/stages.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());
afterEach(() => engine.aws.before.clear());

const place = { account: 'demo', region: 'eu-west-1' };
const elb = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
const listener = `${elb}:listener/app/web/1/2`;
const ruleOf = (id: string) => `${elb}:listener-rule/app/web/1/2/${id}`;

function blueGreen(stack: string, ruleArns: readonly string[]) {
  const strategy: BlueGreenStrategy = { type: 'blueGreen', targetGroupArns: ['b', 'g'], ruleArns };
  return deployStage({ stack, strategy });
}

async function queueOf(workflowId: string): Promise<LockQueue> {
  return engine.client.workflow.getHandle(workflowId).query<LockQueue>(messageNames.lockQueueQuery);
}

const ruleQueue = (arn: string) => queueOf(ruleLockWorkflowId({ ...place, arn }));
const waitingFor = (id: string) =>
  engine.records.state(id).stages[0]?.attempts[0]?.waitingFor?.message;
const statusOf = (id: string) => engine.records.state(id).stages[0]?.status;

test('two services behind different rules of one listener deploy at once', async () => {
  const reached = engine.aws.waits('awaitServerGroupHealthy');
  const first = await engine.execute([blueGreen('one', [ruleOf('aa')])]);
  const second = await engine.execute([blueGreen('two', [ruleOf('bb')])]);
  await reached;
  await expect.poll(() => engine.records.state(second).stages[0]?.attempts[0]?.plan).not.toBeNull();
  expect(statusOf(first)).toBe('RUNNING');
  expect((await ruleQueue(ruleOf('aa'))).holder?.executionId).toBe(first);
  expect((await ruleQueue(ruleOf('bb'))).holder?.executionId).toBe(second);
  for (const id of [first, second]) await engine.cancel(id, 'rollback');
  for (const id of [first, second]) await engine.result(id);
});

test('two clusters behind one rule take turns, and the second says what it waits for', async () => {
  const reached = engine.aws.waits('awaitServerGroupHealthy');
  const first = await engine.execute([blueGreen('one', [ruleOf('aa'), listener])]);
  await reached;
  const second = await engine.execute([blueGreen('two', [ruleOf('aa')])]);
  await expect.poll(() => waitingFor(second)).toContain(`waiting for execution ${first}`);
  expect(waitingFor(second)).toContain('number 1 in line for the rule web/2/aa');
  // It has its own cluster already: nobody else writes to that meanwhile.
  const cluster = { ...place, cluster: 'web-two' };
  expect((await queueOf(clusterLockWorkflowId(cluster))).holder?.executionId).toBe(second);
  engine.aws.before.clear();
  await engine.cancel(first, 'rollback');
  await engine.result(first);
  expect(await engine.result(second)).toMatchObject({ status: 'SUCCEEDED' });
});

test('stages that name the same rules in another order never wait for each other for good', async () => {
  const rules = [ruleOf('aa'), ruleOf('bb'), listener];
  const ids = await Promise.all([
    engine.execute([blueGreen('one', rules)]),
    engine.execute([blueGreen('two', rules.toReversed())]),
    engine.execute([blueGreen('three', [listener, ruleOf('bb')])]),
  ]);
  for (const id of ids) expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
});

test('a rollback by weights waits for the rules, too', async () => {
  const reached = engine.aws.waits('awaitServerGroupHealthy');
  const first = await engine.execute([blueGreen('one', [ruleOf('aa')])]);
  await reached;
  const second = await engine.execute([
    rollbackStage({ cluster: 'web-two', ruleArns: [ruleOf('aa')] }),
  ]);
  await expect.poll(() => waitingFor(second)).toContain('for the rule web/2/aa');
  engine.aws.before.clear();
  await engine.cancel(first, 'rollback');
  await engine.result(first);
  expect(await engine.result(second)).toMatchObject({ status: 'SUCCEEDED' });
});

test('the locks are given back by a deploy that is cancelled while it waits for the last of them', async () => {
  const reached = engine.aws.waits('awaitServerGroupHealthy');
  const first = await engine.execute([blueGreen('one', [ruleOf('bb')])]);
  await reached;
  const second = await engine.execute([blueGreen('two', [ruleOf('aa'), ruleOf('bb')])]);
  await expect.poll(() => waitingFor(second)).toContain('for the rule web/2/bb');
  await engine.cancel(second, 'rollback');
  expect(await engine.result(second)).toMatchObject({ status: 'CANCELED' });
  engine.aws.before.clear();
  const third = await engine.execute([blueGreen('two', [ruleOf('aa')])]);
  expect(await engine.result(third)).toMatchObject({ status: 'SUCCEEDED' });
  await engine.result(first);
});

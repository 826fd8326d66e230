import { clusterLockWorkflowId, messageNames, type LockQueue } from '@gennaker/contract/wire';
import { GennakerError } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { deployStage, waitStage } from '../../support/engine/stages.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
  engine.historyEventsMax = undefined;
});

function lockOf(stack: string) {
  const cluster = { account: 'demo', region: 'eu-west-1', cluster: `web-${stack}` };
  return engine.client.workflow.getHandle(clusterLockWorkflowId(cluster));
}

function callsOf(activity: string): number {
  return engine.aws.calls.filter((call) => call.startsWith(`${activity} `)).length;
}

test('a native cancel rolls back, and what people ask for afterwards is still heard', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const id = await engine.execute([deployStage({ stack: 'native' })]);
  await waiting;
  const undoing = engine.aws.waits('deleteServerGroup');
  await engine.client.workflow.getHandle(id).cancel();
  await undoing;
  expect(await engine.cancel(id, 'stop')).toMatchObject({ intent: 'stop' });
  engine.aws.before.clear();
  expect(await engine.result(id)).toMatchObject({ outcome: 'finished', status: 'CANCELED' });
});

test('a lock that was asked for before a cancel and granted after it goes on to the next', async () => {
  const held = Promise.withResolvers<void>();
  engine.records.holdLocks = held.promise;
  const first = await engine.execute([deployStage({ stack: 'late' })]);
  await expect.poll(() => engine.records.state(first).stages[0]?.status).toBe('RUNNING');
  await engine.cancel(first, 'rollback');
  engine.records.holdLocks = null;
  held.resolve();
  expect(await engine.result(first)).toMatchObject({ status: 'CANCELED' });
  const second = await engine.execute([deployStage({ stack: 'late' })]);
  expect(await engine.result(second)).toMatchObject({ status: 'SUCCEEDED' });
}, 30_000);

test('a lock that is granted after its stage has ended is given back', async () => {
  const id = await engine.execute([deployStage({ stack: 'stray' }), waitStage('long', 3600)]);
  await expect.poll(() => engine.records.state(id).stages[0]?.status).toBe('SUCCEEDED');
  const resource = lockOf('stray').workflowId;
  await engine.records.requestLock({
    lockWorkflowId: resource,
    resource,
    executionId: id,
    claim: 'deploy',
    ticket: '1:1',
  });
  await expect.poll(async () => (await lockOf('stray').describe()).status.name).toBe('COMPLETED');
  await engine.cancel(id, 'stop');
  await engine.result(id);
});

test('stop ends the undo that a retry has taken up, keeps the lock, and names what is left', async () => {
  engine.aws.fails('readCluster', 'AWS_DENIED');
  engine.aws.fails('registerServerGroup', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ stack: 'older' })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(engine.records.state(id).needsAttention?.remaining).toHaveLength(2);
  engine.aws.before.clear();
  engine.aws.calls.length = 0;
  const undoing = engine.aws.waits('registerServerGroup');
  await engine.retry(id, 'deploy');
  await undoing;
  await engine.cancel(id, 'stop');
  engine.aws.before.clear();
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(callsOf('resumeServerGroup')).toBe(1);
  expect(callsOf('deleteServerGroup')).toBe(0);
  const { needsAttention } = engine.records.state(id);
  expect(needsAttention?.remaining.map((step) => step.title)).toEqual([
    expect.stringContaining('Destroy'),
  ]);
  const queue = await lockOf('older').query<LockQueue>(messageNames.lockQueueQuery);
  expect(queue.holder?.executionId).toBe(id);
});

test('two stages with a stuck undo are both named, and the retry of one leaves the other', async () => {
  engine.aws.fails('deleteServerGroup', 'AWS_DENIED');
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const id = await engine.execute([
    deployStage({ refId: 'one', stack: 'one' }),
    deployStage({ refId: 'two', stack: 'two' }),
  ]);
  await waiting;
  await expect.poll(() => callsOf('resizeServerGroup')).toBe(2);
  await engine.cancel(id, 'rollback');
  await engine.result(id);
  const remaining = () =>
    engine.records.state(id).needsAttention?.remaining.map((step) => step.refId);
  expect(remaining()).toEqual(['one', 'two']);
  engine.aws.before.clear();
  await engine.retry(id, 'one');
  await engine.result(id);
  expect(remaining()).toEqual(['two']);
});

test('a deploy that has a long history goes on while the store is away', async () => {
  engine.historyEventsMax = 60;
  const held = Promise.withResolvers<void>();
  engine.records.hold = held.promise;
  const id = await engine.execute([deployStage({ stack: 'away' })]);
  await expect.poll(() => engine.aws.calls.at(-1), { timeout: 20_000 }).toContain('readCluster');
  engine.records.hold = null;
  held.resolve();
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
});

test('an event that the store refuses for good stops neither the deploy nor a cancel', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  engine.records.refusal = new GennakerError('INVALID_REQUEST', 'too large an event');
  const id = await engine.execute([deployStage({ stack: 'poison' })]);
  await waiting;
  expect(await engine.cancel(id, 'rollback')).toMatchObject({ intent: 'rollback' });
  await expect.poll(() => callsOf('deleteServerGroup'), { timeout: 20_000 }).toBe(1);
  engine.records.refusal = null;
  const handle = engine.client.workflow.getHandle(id);
  const { events } = await handle.fetchHistory();
  expect(events?.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  await handle.terminate('the test is over');
});

import { clusterLockWorkflowId, messageNames, type LockQueue } from '@gennaker/contract/wire';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { deployStage } from '../../support/engine/stages.js';
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

/** A deploy of this cluster that failed, and whose undo cannot finish. */
async function stuck(stack: string): Promise<string> {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  engine.aws.fails('deleteServerGroup', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ stack })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(engine.records.state(id).needsAttention?.remaining).toHaveLength(1);
  engine.aws.before.clear();
  engine.aws.calls.length = 0;
  return id;
}

function lockOf(stack: string) {
  const cluster = { account: 'demo', region: 'eu-west-1', cluster: `web-${stack}` };
  return engine.client.workflow.getHandle(clusterLockWorkflowId(cluster));
}

async function holderOf(stack: string): Promise<string | undefined> {
  const { holder } = await lockOf(stack).query<LockQueue>(messageNames.lockQueueQuery);
  return holder?.executionId;
}

async function isFree(stack: string): Promise<boolean> {
  return (await lockOf(stack).describe()).status.name === 'COMPLETED';
}

async function newestRun(id: string) {
  const { events } = await engine.client.workflow.getHandle(id).fetchHistory();
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  return {
    runId: started?.originalExecutionRunId,
    firstExecutionRunId: started?.firstExecutionRunId,
  };
}

test('an undo that is retried by itself deploys nothing, clears the mark and gives the lock back', async () => {
  const id = await stuck('again');
  expect(await holderOf('again')).toBe(id);
  const answer = await engine.resolve(id, 'retryUndo');
  expect(answer).toMatchObject({ resolution: 'retryUndo', by: 'ann' });
  expect(answer.steps).toEqual([expect.stringContaining('Destroy')]);
  expect(await engine.result(id)).toMatchObject({ outcome: 'finished', status: 'TERMINAL' });
  const state = engine.records.state(id);
  expect(state).toMatchObject({ status: 'TERMINAL', needsAttention: null });
  expect(state.stages[0]?.attempts).toHaveLength(1);
  expect(engine.aws.calls.map((call) => call.split(' ')[0])).not.toContain('createServerGroup');
  expect(engine.aws.calls.map((call) => call.split(' ')[0])).toContain('deleteServerGroup');
  await expect.poll(() => isFree('again')).toBe(true);
});

test('an undo that is stuck again keeps the mark and the lock', async () => {
  const id = await stuck('stuck');
  engine.aws.fails('deleteServerGroup', 'AWS_DENIED');
  await engine.resolve(id, 'retryUndo');
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(engine.records.state(id).needsAttention?.remaining).toHaveLength(1);
  expect(await holderOf('stuck')).toBe(id);
});

test.each(['repaired', 'handOver'] as const)(
  '%s does nothing on AWS, closes the ledger, and hands the lock to who waits',
  async (resolution) => {
    const stack = resolution.toLowerCase();
    const id = await stuck(stack);
    const next = await engine.execute([deployStage({ stack })]);
    await expect
      .poll(() => engine.records.state(next).stages[0]?.attempts[0]?.waitingFor?.reason)
      .toBe('lock');
    engine.aws.calls.length = 0;
    await engine.resolve(id, resolution);
    expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
    expect(await engine.result(next)).toMatchObject({ status: 'SUCCEEDED' });
    const state = engine.records.state(id);
    expect(state.needsAttention).toBeNull();
    expect(state.attentionResolutions).toMatchObject([{ resolution, by: 'ann', reason: 'known' }]);
    const [undo] = state.stages[0]?.attempts[0]?.undo ?? [];
    expect(undo).toMatchObject(
      resolution === 'repaired'
        ? { status: 'done', note: 'repaired by ann' }
        : { status: 'dropped' },
    );
    expect(engine.aws.calls.filter((call) => call.startsWith('deleteServerGroup'))).toEqual([]);
  },
);

test('what was not compared with AWS is not taken for repaired', async () => {
  const id = await stuck('unseen');
  await expect(engine.resolve(id, 'repaired', { seen: [] })).rejects.toMatchObject({
    cause: { type: 'UNDO_NOT_REPAIRED' },
  });
  expect(engine.records.state(id).needsAttention).not.toBeNull();
});

test('two who ask at once: one settles it, the other is refused or gets the same answer', async () => {
  const id = await stuck('both');
  const same = { requestId: 'same' };
  const [one, other] = await Promise.all([
    engine.resolve(id, 'handOver', same),
    engine.resolve(id, 'handOver', same),
  ]);
  expect(other).toEqual(one);
  await engine.result(id);
  expect(engine.records.state(id).attentionResolutions).toHaveLength(1);
  await expect(engine.resolve(id, 'retryUndo')).rejects.toMatchObject({
    cause: { type: 'ATTENTION_NOT_NEEDED' },
  });
});

test('a stop ends the undo that is retried after the step in progress, and what is left stays with a person', async () => {
  engine.aws.fails('readCluster', 'AWS_DENIED');
  engine.aws.fails('registerServerGroup', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ stack: 'halt' })]);
  await engine.result(id);
  expect(engine.records.state(id).needsAttention?.remaining).toHaveLength(2);
  engine.aws.before.clear();
  const undoing = engine.aws.waits('registerServerGroup');
  await engine.resolve(id, 'retryUndo');
  await undoing;
  await engine.cancel(id, 'stop');
  engine.aws.before.clear();
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(engine.records.state(id).needsAttention?.remaining.map(({ title }) => title)).toEqual([
    expect.stringContaining('Destroy'),
  ]);
  expect(await holderOf('halt')).toBe(id);
});

test('a run that continues as new in the middle of it goes on with the undo', async () => {
  engine.aws.fails('readCluster', 'AWS_DENIED');
  engine.aws.fails('registerServerGroup', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ stack: 'long' })]);
  await engine.result(id);
  engine.aws.before.clear();
  // Four times as many are urgent: an undo is not broken off before.
  engine.historyEventsMax = 6;
  await engine.resolve(id, 'retryUndo');
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const { firstExecutionRunId, runId } = await newestRun(id);
  expect(runId).not.toBe(firstExecutionRunId);
  expect(engine.records.state(id)).toMatchObject({ needsAttention: null });
  await expect.poll(() => isFree('long')).toBe(true);
});

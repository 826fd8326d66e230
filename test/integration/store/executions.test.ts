import type { CreatedExecution } from '@gennaker/domain';
import { idempotencyKeyLifeSeconds, type ExecutionCreation } from '@gennaker/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  openedExecution,
  openTestStore,
  someExecution,
  somePipeline,
  someRecord,
  someTime,
  type TestStore,
} from './test-store.js';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

let keys = 0;
const someKey = () => `key-${(keys += 1)}`;

function create(
  key: string | null,
  bodyHash = 'hash',
  change: { execution?: CreatedExecution; now?: Date } = {},
): Promise<ExecutionCreation> {
  const { execution = someExecution(), now = someTime } = change;
  const idempotency = key === null ? null : { scope: 'executions', key, bodyHash };
  const creation = { execution, pipeline: somePipeline(), idempotency, now };
  return test.store.executions.createExecution(creation);
}

describe('createExecution', () => {
  it('stores row, definition and first event', async () => {
    const execution = someExecution({ pipelineVersion: null });
    const { executionId } = execution;
    expect(await create(null, '', { execution })).toEqual({ outcome: 'created', executionId });
    expect(await test.store.executions.findExecution(executionId)).toEqual({
      executionId,
      application: 'web',
      pipelineName: 'red-black',
      pipelineVersion: null,
      createdBy: 'ada',
      status: 'NOT_STARTED',
      needsAttention: null,
      engineStalled: null,
      createdAt: someTime.toISOString(),
      startedAt: null,
      endedAt: null,
      updatedAt: someTime.toISOString(),
      generation: 0,
      runId: null,
      position: 1,
      pipeline: somePipeline(),
    });
    expect(await test.store.events.readEvents(executionId, 0, 10)).toEqual([
      {
        key: 'a:created',
        at: someTime.toISOString(),
        event: { kind: 'execution.created', execution },
        position: 1,
        generation: 0,
      },
    ]);
  });

  it('answers the same key and body with the first execution, and stores no second', async () => {
    const key = someKey();
    const first = await create(key);
    const execution = someExecution();
    expect(await create(key, 'hash', { execution })).toEqual({ ...first, outcome: 'replayed' });
    expect(await test.store.executions.findExecution(execution.executionId)).toBeUndefined();
  });

  it('refuses the same key with another body, and stores nothing', async () => {
    const key = someKey();
    await create(key);
    const execution = someExecution();
    expect(await create(key, 'other', { execution })).toEqual({ outcome: 'keyReused' });
    expect(await test.store.executions.findExecution(execution.executionId)).toBeUndefined();
  });

  it('makes one execution of many calls at once with one key, and refuses those with another body', async () => {
    const key = someKey();
    const calls = Array.from({ length: 30 }, (_, n) => create(key, n % 3 === 2 ? 'other' : 'hash'));
    const outcomes = await Promise.all(calls);
    const created = outcomes.filter(({ outcome }) => outcome === 'created');
    expect(created).toHaveLength(1);
    const winnersBody = outcomes.findIndex(({ outcome }) => outcome === 'created') % 3 === 2;
    const [executionId] = ids(created);
    const expected = outcomes.map((_, n) => ((n % 3 === 2) === winnersBody ? executionId : null));
    expect(ids(outcomes)).toEqual(expected);
    const refused = outcomes.filter(({ outcome }) => outcome === 'keyReused');
    expect(refused).toHaveLength(expected.filter((id) => id === null).length);
  });

  it('keeps equal keys of different kinds of request apart', async () => {
    const key = someKey();
    await create(key);
    const pipeline = somePipeline({ name: 'apart' });
    const idempotency = { scope: 'pipelines', key, bodyHash: 'another' };
    const saved = await test.store.pipelines.savePipeline({
      pipeline,
      savedBy: 'ada',
      idempotency,
      now: someTime,
    });
    expect(saved).toEqual({ outcome: 'saved', version: 1 });
  });

  it('remembers a key for exactly seven days, purged or not', async () => {
    const key = someKey();
    await create(key);
    const life = idempotencyKeyLifeSeconds * 1000;
    const within = new Date(someTime.getTime() + life);
    expect((await create(key, 'other', { now: within })).outcome).toBe('keyReused');
    const after = new Date(someTime.getTime() + life + 1);
    expect((await create(key, 'other', { now: after })).outcome).toBe('created');
    expect((await create(key, 'other', { now: after })).outcome).toBe('replayed');
  });

  it('takes the same execution id twice for the same call twice', async () => {
    const execution = someExecution();
    await create(null, '', { execution });
    expect((await create(null, '', { execution })).outcome).toBe('replayed');
  });

  it('refuses what PostgreSQL cannot hold as a fault of the request', async () => {
    const execution = someExecution({ createdBy: 'a\0da' });
    await expect(create(null, '', { execution })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
    await expect(create('k'.repeat(2_000_000))).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

describe('purgeIdempotencyKeys', () => {
  it('removes expired keys and no others', async () => {
    const purged = await openTestStore();
    const save = (key: string, now: Date) =>
      purged.store.pipelines.savePipeline({
        pipeline: somePipeline(),
        savedBy: 'ada',
        idempotency: { scope: 'pipelines', key, bodyHash: 'hash' },
        now,
      });
    const later = new Date(someTime.getTime() + idempotencyKeyLifeSeconds * 1000 + 1);
    await save('old', someTime);
    await save('young', later);
    expect(await purged.store.purgeIdempotencyKeys(later)).toBe(1);
    expect(await purged.store.purgeIdempotencyKeys(later)).toBe(0);
    expect((await save('young', later)).outcome).toBe('replayed');
    await purged.close();
  });
});

describe('openRun', () => {
  it('gives the winner the definition and all events, again when it asks again', async () => {
    const executionId = await openedExecution(test.store);
    const events = Array.from({ length: 500 }, (_, n) => someRecord(`w:1:${n}`));
    await test.store.events.recordEvents({ executionId, generation: 1, events });
    const more = Array.from({ length: 500 }, (_, n) => someRecord(`w:1:more-${n}`));
    await test.store.events.recordEvents({ executionId, generation: 1, events: more });
    for (const _again of [1, 2]) {
      const opened = await test.store.executions.openRun({
        executionId,
        generation: 2,
        runId: 'run-2',
      });
      if (opened.outcome !== 'opened') throw new Error(opened.outcome);
      expect(opened.pipeline).toEqual(somePipeline());
      expect(opened.events).toHaveLength(1001);
      expect(opened.events.at(-1)?.position).toBe(1001);
    }
  });

  it('lets exactly one of many runs open a generation, and tells the others which it is', async () => {
    const executionId = await openedExecution(test.store);
    const runs = Array.from({ length: 20 }, (_, n) => `run-2-${n}`);
    const results = await Promise.all(
      runs.map((runId) => test.store.executions.openRun({ executionId, generation: 2, runId })),
    );
    const losers = results.filter(({ outcome }) => outcome === 'superseded');
    expect(losers).toHaveLength(19);
    expect(new Set(losers.map((loser) => JSON.stringify(loser)))).toEqual(
      new Set(['{"outcome":"superseded","generation":2}']),
    );
    const execution = await test.store.executions.findExecution(executionId);
    expect(execution?.runId).toBe(runs[results.findIndex(({ outcome }) => outcome === 'opened')]);
  });

  it('refuses a generation that is older or leaves one out', async () => {
    const executionId = await openedExecution(test.store);
    for (const generation of [0, 3]) {
      const opened = await test.store.executions.openRun({ executionId, generation, runId: 'x' });
      expect(opened).toEqual({ outcome: 'superseded', generation: 1 });
    }
  });

  it('throws EXECUTION_NOT_FOUND for an execution that is not there', async () => {
    const run = { executionId: 'nobody', generation: 1, runId: 'run-1' };
    await expect(test.store.executions.openRun(run)).rejects.toMatchObject({
      code: 'EXECUTION_NOT_FOUND',
    });
  });
});

describe('lists', () => {
  it('show newest first, by application, pipeline and status, page by page', async () => {
    const lists = await openTestStore();
    const make = async (application: string, pipelineName: string): Promise<string> => {
      const execution = someExecution({ application, pipelineName });
      const pipeline = somePipeline();
      await lists.store.executions.createExecution({
        execution,
        pipeline,
        idempotency: null,
        now: someTime,
      });
      return execution.executionId;
    };
    const [a, b, c, d] = [
      await make('web', 'one'),
      await make('web', 'two'),
      await make('api', 'one'),
      await make('web', 'one'),
    ];
    await lists.store.executions.openRun({ executionId: d, generation: 1, runId: 'r' });
    const started = someRecord('w:1:0', { event: { kind: 'execution.started', runId: 'r' } });
    await lists.store.events.recordEvents({ executionId: d, generation: 1, events: [started] });

    const list = async (
      filter: Omit<Parameters<typeof lists.store.executions.listExecutions>[0], 'limit'>,
      limit = 100,
    ) => ids(await lists.store.executions.listExecutions({ ...filter, limit }));
    expect(await list({})).toEqual([d, c, b, a]);
    expect(await list({}, 2)).toEqual([d, c]);
    expect(await list({ before: c })).toEqual([b, a]);
    expect(await list({ application: 'web' })).toEqual([d, b, a]);
    expect(await list({ application: 'web', pipelineName: 'one', before: d })).toEqual([a]);
    expect(await list({ status: 'RUNNING' })).toEqual([d]);
    expect(ids(await lists.store.executions.findOpen(10))).toEqual([d]);
    expect(ids(await lists.store.executions.findUnstarted(5, 10))).toEqual([a, b, c]);
    expect(ids(await lists.store.executions.findUnstarted(5, 10, b))).toEqual([c]);
    await lists.close();
  });

  it('leave executions alone that are younger than asked for', async () => {
    const young = await openTestStore();
    const creation = { execution: someExecution(), pipeline: somePipeline(), idempotency: null };
    await young.store.executions.createExecution({ ...creation, now: new Date() });
    expect(await young.store.executions.findUnstarted(60, 10)).toEqual([]);
    await young.close();
  });
});

function ids(executions: readonly object[]): readonly unknown[] {
  return executions.map((execution) => ('executionId' in execution ? execution.executionId : null));
}

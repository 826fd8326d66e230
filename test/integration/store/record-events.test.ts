import type { StoredEvent } from '@gennaker/domain';
import { recordBounds } from '@gennaker/store';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import {
  openedExecution,
  openTestStore,
  someRecord,
  someTime,
  type TestStore,
} from './test-store.js';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore(20);
});
afterAll(() => test.close());

const at = someTime.toISOString();

async function allEvents(executionId: string): Promise<readonly StoredEvent[]> {
  return test.store.events.readEvents(executionId, 0, 1000);
}

describe('recordEvents', () => {
  it('gives positions from 2 on, in the order of the batch, behind the creation', async () => {
    const executionId = await openedExecution(test.store);
    const events = ['w:1:0', 'w:1:1', 'w:1:2'].map((key) => someRecord(key));
    const recorded = await test.store.events.recordEvents({ executionId, generation: 1, events });
    expect(recorded).toEqual({ position: 4, recorded: 3 });
    const stored = await allEvents(executionId);
    expect(stored.map(({ key, position }) => [key, position])).toEqual([
      ['a:created', 1],
      ['w:1:0', 2],
      ['w:1:1', 3],
      ['w:1:2', 4],
    ]);
    expect(stored[1]).toEqual({ ...someRecord('w:1:0'), position: 2, generation: 1 });
  });

  it('writes an event once, however often it is recorded, alone or in a larger batch', async () => {
    const executionId = await openedExecution(test.store);
    const record = (...keys: string[]) =>
      test.store.events.recordEvents({
        executionId,
        generation: 1,
        events: keys.map((key) => someRecord(key)),
      });
    await record('w:1:0', 'w:1:0');
    expect(await record('w:1:0')).toEqual({ position: 2, recorded: 0 });
    expect(await record('w:1:0', 'w:1:1')).toEqual({ position: 3, recorded: 1 });
    expect((await allEvents(executionId)).map(({ key }) => key)).toEqual([
      'a:created',
      'w:1:0',
      'w:1:1',
    ]);
  });

  it('writes each event once and without gaps when the same calls come all at once', async () => {
    const executionId = await openedExecution(test.store);
    const calls = Array.from({ length: 120 }, (_, index) => {
      const batch = Math.floor(index / 3);
      const events = [0, 1, 2].map((n) => someRecord(`w:1:${batch}-${n}`));
      return test.store.events.recordEvents({ executionId, generation: 1, events });
    });
    const outcomes = await Promise.all(calls);
    expect(outcomes.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(120);
    const stored = await allEvents(executionId);
    expect(stored.map(({ position }) => position)).toEqual(
      Array.from({ length: 121 }, (_, index) => index + 1),
    );
    expect(new Set(stored.map(({ key }) => key)).size).toBe(121);
  });

  it('never shows a position before every smaller one: commit order is position order', async () => {
    const executionId = await openedExecution(test.store);
    const state = { writing: true };
    const gaps: number[][] = [];
    const reader = async (): Promise<void> => {
      while (state.writing) {
        const positions = (await allEvents(executionId)).map(({ position }) => position);
        if (positions.some((position, index) => position !== index + 1)) gaps.push(positions);
      }
    };
    const readers = [reader(), reader()];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; n < 40; n += 1) {
        const events = [someRecord(`w:1:${writer}-${n}`)];
        await test.store.events.recordEvents({ executionId, generation: 1, events });
      }
    });
    await Promise.all(writers);
    state.writing = false;
    await Promise.all(readers);
    expect(gaps).toEqual([]);
    expect(await allEvents(executionId)).toHaveLength(321);
  });

  it('refuses the events of a run that a newer one has superseded, and writes nothing', async () => {
    const executionId = await openedExecution(test.store);
    await test.store.executions.openRun({ executionId, generation: 2, runId: 'run-2' });
    const late = { executionId, generation: 1, events: [someRecord('w:1:0')] };
    await expect(test.store.events.recordEvents(late)).rejects.toMatchObject({
      code: 'SUPERSEDED',
      details: { generation: 1, current: 2 },
    });
    expect(await allEvents(executionId)).toHaveLength(1);
  });

  it('refuses the events of a run that was never opened', async () => {
    const executionId = await openedExecution(test.store);
    const early = { executionId, generation: 2, events: [someRecord('w:2:0')] };
    await expect(test.store.events.recordEvents(early)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('refuses events of an execution that is not there', async () => {
    const events = { executionId: 'nobody', generation: 1, events: [someRecord('w:1:0')] };
    await expect(test.store.events.recordEvents(events)).rejects.toMatchObject({
      code: 'EXECUTION_NOT_FOUND',
    });
  });

  it('takes 500 events and 1 MiB in a call, and not one more', async () => {
    const executionId = await openedExecution(test.store);
    const many = Array.from({ length: recordBounds.eventsMax + 1 }, (_, n) =>
      someRecord(`w:1:${n}`),
    );
    const record = (events: typeof many) =>
      test.store.events.recordEvents({ executionId, generation: 1, events });
    await expect(record(many)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    const reason = 'x'.repeat(recordBounds.bytesMax);
    const large = someRecord('w:1:large', { event: { kind: 'engine.stalled', reason } });
    await expect(record([large])).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    expect((await record(many.slice(0, -1))).recorded).toBe(500);
  });

  it('keeps every character of an event, NUL and lone surrogates included', async () => {
    const executionId = await openedExecution(test.store);
    const reason = 'NUL \0, "quotes" {1,2} \\u0000 \\, umlaut ü, half of a pair \ud83d';
    const odd = someRecord('w:1:0', { event: { kind: 'engine.stalled', reason } });
    await test.store.events.recordEvents({ executionId, generation: 1, events: [odd] });
    expect((await allEvents(executionId))[1]?.event).toEqual(odd.event);
    const execution = await test.store.executions.findExecution(executionId);
    expect(execution?.engineStalled).toContain('NUL , "quotes"');
  });

  it('keeps the columns of the row equal to the events, and a late repeat does not turn them back', async () => {
    const executionId = await openedExecution(test.store);
    const { events: log } = test.store;
    const started = [
      someRecord('w:1:0', { event: { kind: 'execution.started', runId: 'run-1' } }),
      someRecord('w:1:1'),
    ];
    await log.recordEvents({ executionId, generation: 1, events: started });
    const running = await test.store.executions.findExecution(executionId);
    expect(running).toMatchObject({ status: 'RUNNING', startedAt: at, endedAt: null, position: 3 });

    const finished = someRecord('w:1:2', {
      at: '2026-02-03T05:00:00.000Z',
      event: { kind: 'execution.finished', status: 'TERMINAL' },
    });
    const raised = someRecord('w:1:3', {
      event: { kind: 'attention.raised', reason: 'the undo is stuck', remaining: [] },
    });
    await log.recordEvents({ executionId, generation: 1, events: [finished, raised] });
    await log.recordEvents({ executionId, generation: 1, events: started });
    expect(await test.store.executions.findExecution(executionId)).toMatchObject({
      status: 'TERMINAL',
      startedAt: at,
      endedAt: '2026-02-03T05:00:00.000Z',
      needsAttention: 'the undo is stuck',
      position: 5,
    });
  });

  it('is one round trip and one transaction', async () => {
    const executionId = await openedExecution(test.store);
    const events = [someRecord('w:1:0'), someRecord('w:1:1')];
    const sent = vi.spyOn(Client.prototype, 'query');
    await test.store.events.recordEvents({ executionId, generation: 1, events });
    expect(sent).toHaveBeenCalledTimes(1);
    sent.mockRestore();
    const watcher = new Client({ connectionString: test.url });
    await watcher.connect();
    const { rows } = await watcher.query<{ writer: string }>(
      `SELECT DISTINCT writer FROM (
         SELECT xmin::text AS writer FROM executions WHERE execution_id = $1
         UNION ALL SELECT xmin::text FROM execution_events WHERE execution_id = $1 AND key LIKE 'w:%'
       ) AS written`,
      [executionId],
    );
    expect(rows).toHaveLength(1);
    await watcher.end();
  });
});

describe('recordProgress', () => {
  it('adds one event', async () => {
    const executionId = await openedExecution(test.store);
    const event = someRecord('p:pause:1:0');
    await test.store.events.recordProgress({ executionId, generation: 1, event });
    expect((await allEvents(executionId))[1]?.key).toBe('p:pause:1:0');
  });

  it('drops what an older run reports', async () => {
    const executionId = await openedExecution(test.store);
    await test.store.executions.openRun({ executionId, generation: 2, runId: 'run-2' });
    const event = someRecord('p:pause:1:0');
    await test.store.events.recordProgress({ executionId, generation: 1, event });
    expect(await allEvents(executionId)).toHaveLength(1);
  });
});

describe('readEvents and readPositions', () => {
  it('page through the log behind a position', async () => {
    const executionId = await openedExecution(test.store);
    const events = Array.from({ length: 9 }, (_, n) => someRecord(`w:1:${n}`));
    await test.store.events.recordEvents({ executionId, generation: 1, events });
    const page = await test.store.events.readEvents(executionId, 4, 3);
    expect(page.map(({ position }) => position)).toEqual([5, 6, 7]);
    const positions = await test.store.events.readPositions([executionId, 'nobody']);
    expect([...positions]).toEqual([[executionId, 10]]);
  });

  it.each([0, 1001, 1.5, Number.NaN])('refuse a limit of %s', async (limit) => {
    await expect(test.store.events.readEvents('x', 0, limit)).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });
});

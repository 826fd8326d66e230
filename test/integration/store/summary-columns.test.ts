import { foldExecutionEvents, type ExecutionEvent, type EventRecord } from '@gennaker/domain';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openedExecution, openTestStore, type TestStore } from './test-store.js';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const request = { requestId: 'r', bodyHash: 'h', by: 'ada', reason: 'because' };

const someEvent = fc.oneof(
  fc.constant<ExecutionEvent>({ kind: 'execution.started', runId: 'run' }),
  fc
    .constantFrom('SUCCEEDED', 'TERMINAL', 'CANCELED')
    .map((status): ExecutionEvent => ({ kind: 'execution.finished', status })),
  fc.constant<ExecutionEvent>({
    kind: 'retry.accepted',
    refId: 'pause',
    attempt: 2,
    request: { ...request, acceptedServerGroup: null },
  }),
  fc
    .string()
    .map((reason): ExecutionEvent => ({ kind: 'attention.raised', reason, remaining: [] })),
  fc.constant<ExecutionEvent>({ kind: 'attention.cleared' }),
  fc.option(fc.string()).map((reason): ExecutionEvent => ({ kind: 'engine.stalled', reason })),
  fc.constant<ExecutionEvent>({
    kind: 'stage.started',
    refId: 'pause',
    attempt: 1,
    deadline: '2026-02-03T04:05:06.789Z',
  }),
  fc.constant<ExecutionEvent>({
    kind: 'cancel.accepted',
    request: { ...request, intent: 'stop', steps: [], latestEnd: '2026-02-03T04:05:06.789Z' },
  }),
);
const someTime = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const batches = fc.array(
  fc.array(fc.record({ event: someEvent, at: someTime }), { minLength: 1, maxLength: 6 }),
  { minLength: 1, maxLength: 5 },
);

describe('the columns of an execution', () => {
  it('are what the fold of its events says, however they were batched and repeated', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(), async (written, repeated) => {
        const executionId = await openedExecution(test.store);
        const records = written.map((batch, b) =>
          batch.map((record, n): EventRecord => ({ ...record, key: `w:1:${b}-${n}` })),
        );
        const again = records[repeated % records.length] ?? [];
        for (const events of [...records, again]) {
          await test.store.events.recordEvents({ executionId, generation: 1, events });
        }
        const folded = foldExecutionEvents(await test.store.events.readEvents(executionId, 0, 100));
        expect(await test.store.executions.findExecution(executionId)).toMatchObject({
          status: folded?.status,
          startedAt: folded?.startedAt,
          endedAt: folded?.endedAt,
          needsAttention: folded?.needsAttention?.reason ?? null,
          engineStalled: folded?.engineStalled ?? null,
        });
      }),
      { numRuns: 60 },
    );
  });
});

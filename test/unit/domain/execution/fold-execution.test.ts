import {
  foldExecution,
  foldExecutionEvents,
  latestAttempt,
  type ExecutionEvent,
  type ExecutionState,
} from '@gennaker/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  after,
  at,
  cancelAccepted,
  created,
  destroyEntry,
  finished,
  planned,
  planOf,
  record,
  retryAccepted,
  started,
  undoRecorded,
} from './execution-builder.js';

const fresh = created({ a: [], b: ['a'], c: ['b'] });
const running = after(fresh, started('a'));
const of = { refId: 'a', attempt: 1 } as const;
const step = { ...of, stepId: 's', operation: 'o', title: 'Do' } as const;
const stepDone = { ...of, stepId: 's', outputs: { n: 1 }, error: null } as const;
const waitingFor = {
  reason: 'time',
  message: 'waits',
  done: null,
  wanted: null,
  nextLookAt: null,
  deadline: null,
} as const;

function attemptOf(state: ExecutionState) {
  const attempt = state.stages[0]?.attempts[0];
  if (attempt === undefined) throw new Error('no attempt');
  return attempt;
}

test('the first event makes everything not started; a second one changes nothing', () => {
  expect(fresh.status).toBe('NOT_STARTED');
  expect(fresh.stages.map((stage) => stage.status)).toEqual(Array(3).fill('NOT_STARTED'));
  const { stages: _, ...rest } = fresh;
  const execution = { ...rest, executionId: 'other', stages: [] };
  expect(foldExecution(fresh, record({ kind: 'execution.created', execution }))).toBe(fresh);
  expect(foldExecutionEvents([])).toBeNull();
});

test('anything before the first event is a fault', () => {
  expect(() => foldExecution(null, record(started('a')))).toThrow('before execution.created');
});

test('starts, ends and starts again; the first start stays', () => {
  const ended = after(
    fresh,
    { kind: 'execution.started', runId: 'r' },
    { kind: 'execution.finished', status: 'TERMINAL' },
  );
  expect(ended).toMatchObject({ status: 'TERMINAL', startedAt: at, endedAt: at });
  const later = { key: 'x', at: '2026-02-01T00:00:00.000Z' };
  const again = foldExecution(ended, {
    ...later,
    event: { kind: 'execution.started', runId: 'r2' },
  });
  expect(again).toMatchObject({ status: 'RUNNING', startedAt: at, endedAt: null });
});

test('a stalled engine is shown until it goes on, or a run starts', () => {
  const stalled = after(running, { kind: 'engine.stalled', reason: 'cannot replay' });
  expect(stalled.engineStalled).toBe('cannot replay');
  expect(after(stalled, { kind: 'engine.stalled', reason: null }).engineStalled).toBeNull();
  expect(after(stalled, { kind: 'execution.started', runId: 'r' }).engineStalled).toBeNull();
});

test('attention is raised, replaced and cleared', () => {
  const raised = after(running, { kind: 'attention.raised', reason: 'stuck', remaining: [] });
  expect(raised.needsAttention).toEqual({ reason: 'stuck', remaining: [] });
  expect(after(raised, { kind: 'attention.cleared' }).needsAttention).toBeNull();
});

test('a cancel is in force until a retry', () => {
  const cancelled = after(running, cancelAccepted('rollback'), finished('a', 'CANCELED'));
  expect(cancelled.cancel?.intent).toBe('rollback');
  const retried = after(cancelled, retryAccepted('a'));
  expect(retried.cancel).toBeNull();
  expect(retried.acceptedCancels).toHaveLength(1);
});

test('a lock moves the deadline and ends the wait for it', () => {
  const deadline = '2026-03-01T00:00:00.000Z';
  const waiting = after(running, { kind: 'stage.waiting', ...of, waitingFor });
  expect(attemptOf(waiting).waitingFor).toEqual(waitingFor);
  const granted = after(waiting, { kind: 'stage.lockGranted', ...of, deadline });
  expect(attemptOf(granted)).toMatchObject({ lockGranted: true, waitingFor: null, deadline });
});

test('a plan and the steps are kept in order; a repeat of a start or an end changes nothing', () => {
  const plan = planOf('v001', []);
  const state = after(running, planned('a', plan), { kind: 'step.started', ...step });
  expect(attemptOf(state)).toMatchObject({ plan, steps: [{ stepId: 's', status: 'RUNNING' }] });
  const done = after(
    state,
    { kind: 'step.finished', ...stepDone, status: 'SUCCEEDED' },
    { kind: 'step.finished', ...stepDone, status: 'TERMINAL', outputs: {} },
    { kind: 'step.started', ...step, title: 'again' },
  );
  expect(attemptOf(done).steps).toMatchObject([
    { title: 'Do', status: 'SUCCEEDED', outputs: { n: 1 } },
  ]);
});

test('the end of a stage ends its open steps and is taken once', () => {
  const over = after(running, { kind: 'step.started', ...step }, finished('a', 'TERMINAL'));
  expect(attemptOf(over)).toMatchObject({
    status: 'TERMINAL',
    endedAt: at,
    steps: [{ status: 'CANCELED', endedAt: at }],
  });
  const twice = after(over, finished('a', 'SUCCEEDED'));
  expect(twice.stages).toEqual(over.stages);
});

test('an attempt that has ended takes nothing more of progress', () => {
  const over = after(running, finished('a', 'SUCCEEDED'));
  const late: readonly ExecutionEvent[] = [
    { kind: 'stage.waiting', ...of, waitingFor },
    { kind: 'stage.lockGranted', ...of, deadline: 'late' },
    planned('a', planOf('v001', [])),
    { kind: 'step.started', ...step },
    { kind: 'step.finished', ...stepDone, status: 'TERMINAL' },
    undoRecorded('a', destroyEntry()),
    started('a'),
  ];
  expect(after(over, ...late)).toEqual(over);
});

test('what a step records after the undo has begun is not to be undone', () => {
  const undoing = after(
    running,
    undoRecorded('a', destroyEntry('one')),
    { kind: 'undo.started', ...of, cause: 'cancel', error: null, scalingActivities: [] },
    undoRecorded('a', destroyEntry('late')),
  );
  expect(attemptOf(undoing).undoing?.cause).toBe('cancel');
  expect(attemptOf(undoing).undo.map((undo) => undo.entry.id)).toEqual(['one']);
});

test('undo entries are kept once, end one by one, also after the attempt, and what is left is dropped', () => {
  const recorded = after(
    running,
    undoRecorded('a', destroyEntry('one')),
    undoRecorded('a', destroyEntry('one')),
    undoRecorded('a', destroyEntry('two')),
    { kind: 'stage.waiting', ...of, waitingFor },
    { kind: 'undo.entryStarted', ...of, entryId: 'two' },
  );
  expect(attemptOf(recorded).waitingFor).toBeNull();
  const failed = after(
    recorded,
    { kind: 'undo.entryFinished', ...of, entryId: 'two', status: 'failed', error: null },
    finished('a', 'TERMINAL'),
    { kind: 'undo.entryFinished', ...of, entryId: 'two', status: 'done', error: null },
  );
  expect(attemptOf(failed).undo.map((undo) => undo.status)).toEqual(['pending', 'done']);
  const dropped = after(failed, { kind: 'undo.dropped', ...of });
  expect(attemptOf(dropped).undo.map((undo) => undo.status)).toEqual(['dropped', 'done']);
});

test('a retry sets its stage and the completed ones after it back and keeps their attempts', () => {
  const state = after(
    fresh,
    ...(['a', 'b'] as const).flatMap((refId) => [started(refId), finished(refId, 'SUCCEEDED')]),
    started('c'),
    finished('c', 'TERMINAL'),
    { kind: 'execution.finished', status: 'TERMINAL' },
    retryAccepted('b'),
  );
  expect(state.stages.map((stage) => stage.status)).toEqual([
    'SUCCEEDED',
    'NOT_STARTED',
    'NOT_STARTED',
  ]);
  expect(state.stages.map((stage) => stage.attempts.length)).toEqual([1, 1, 1]);
  expect(state).toMatchObject({ status: 'RUNNING', endedAt: null });
  expect(state.acceptedRetries).toMatchObject([{ refId: 'b', attempt: 2, requestId: 'key' }]);
  const again = after(state, started('b', 2), finished('b', 'TERMINAL', 1));
  expect(again.stages[1]).toMatchObject({ status: 'RUNNING' });
  expect(again.stages.map((stage) => latestAttempt(stage)?.attempt)).toEqual([1, 2, 1]);
});

test('an event about a stage that is not there changes nothing', () => {
  expect(after(running, started('nowhere'), retryAccepted('nowhere'))).toEqual(running);
});

const anyEvent: fc.Arbitrary<ExecutionEvent> = fc
  .record({
    refId: fc.constantFrom('a', 'b', 'c'),
    attempt: fc.integer({ min: 1, max: 3 }),
    n: fc.nat(8),
  })
  .map(({ refId, attempt, n }): ExecutionEvent => {
    const about = { refId, attempt };
    const events: readonly ExecutionEvent[] = [
      started(refId, attempt),
      finished(refId, 'TERMINAL', attempt),
      finished(refId, 'SUCCEEDED', attempt),
      retryAccepted(refId, attempt),
      undoRecorded(refId, destroyEntry(), attempt),
      { kind: 'undo.dropped', ...about },
      { ...step, ...about, kind: 'step.started' },
      { kind: 'execution.finished', status: 'TERMINAL' },
      { kind: 'stage.waiting', ...about, waitingFor },
    ];
    return events[n] ?? started(refId, attempt);
  });

test('any order of events folds, and an attempt that has ended keeps its status and its outputs', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let state = fresh;
      for (const event of events) {
        const ended = endedAttempts(state);
        state = foldExecution(state, record(event));
        expect(endedAttempts(state)).toMatchObject(ended);
      }
    }),
  );
});

function endedAttempts(state: ExecutionState): Record<string, object> {
  const ended = state.stages.flatMap(({ refId, attempts }) =>
    attempts
      .filter((attempt) => attempt.endedAt !== null)
      .map(({ attempt, status, outputs, steps }) => [
        `${refId} ${attempt}`,
        { status, outputs, steps },
      ]),
  );
  return Object.fromEntries(ended) as Record<string, object>;
}

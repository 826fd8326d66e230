import {
  decideAttention,
  decideCancel,
  decideRetry,
  eventsOfTerminatedRun,
  executionOutcome,
  openUndoKey,
  openUndoOf,
  readyStageRefIds,
  type AttentionRequest,
  type AttentionResolution,
  type ExecutionEvent,
  type ExecutionState,
} from '@gennaker/domain';
import { expect, test } from 'vitest';

import {
  after,
  at,
  cancelAccepted,
  created,
  destroyEntry,
  finished,
  retryAccepted,
  started,
  undoRecorded,
} from '../execution/execution-builder.js';

const raised: ExecutionEvent = { kind: 'attention.raised', reason: 'stuck', remaining: [] };
const failedUndo: ExecutionEvent = {
  kind: 'undo.entryFinished',
  refId: 'a',
  attempt: 1,
  entryId: 'create',
  status: 'failed',
  error: null,
};

/** Cancelled, its undo stuck, and over. */
const stuck = after(
  created({ a: [], b: ['a'] }),
  started('a'),
  undoRecorded('a', destroyEntry()),
  cancelAccepted('stop'),
  failedUndo,
  raised,
  finished('a', 'CANCELED'),
  { kind: 'execution.finished', status: 'CANCELED' },
);

function decide(state: ExecutionState, change: Partial<AttentionRequest> = {}) {
  const request: AttentionRequest = {
    requestId: 'key',
    bodyHash: 'h',
    resolution: 'handOver',
    by: 'ann',
    reason: 'we know',
    ...change,
  };
  return decideAttention(state, request, Date.parse(at));
}

function resolving(resolution: AttentionResolution, state = stuck): ExecutionState {
  const seen = openUndoOf(state).map(openUndoKey);
  const decision = decide(state, { resolution, seen });
  if (decision.outcome !== 'accepted') throw new Error(JSON.stringify(decision));
  return after(state, { kind: 'attention.resolving', resolution: decision.accepted });
}

test('what needs attention and has ended may be left each of the three ways, and says what was left', () => {
  const seen = openUndoOf(stuck).map(openUndoKey);
  for (const resolution of ['retryUndo', 'repaired', 'handOver'] as const) {
    expect(decide(stuck, { resolution, seen })).toMatchObject({
      outcome: 'accepted',
      accepted: { resolution, by: 'ann', reason: 'we know', steps: ['Destroy web-v001'] },
    });
  }
});

test('an undo may take its time, the other ways are over soon', () => {
  const seconds = (resolution: AttentionResolution): number => {
    const seen = openUndoOf(stuck).map(openUndoKey);
    const decision = decide(stuck, { resolution, seen });
    if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
    return (Date.parse(decision.accepted.latestEnd) - Date.parse(at)) / 1000;
  };
  expect(seconds('retryUndo')).toBe(960);
  expect(seconds('handOver')).toBe(60);
  expect(seconds('repaired')).toBe(60);
});

test('"repaired" counts only for what AWS was compared with', () => {
  expect(decide(stuck, { resolution: 'repaired', seen: [] })).toMatchObject({
    error: { code: 'UNDO_NOT_REPAIRED' },
  });
  expect(decide(stuck, { resolution: 'repaired', seen: ['a 2 create'] })).toMatchObject({
    error: { code: 'UNDO_NOT_REPAIRED' },
  });
});

test('a repeat is the recorded answer, also when it is over; its key is for no other request', () => {
  const over = after(
    resolving('handOver'),
    { kind: 'attention.cleared' },
    { kind: 'execution.finished', status: 'CANCELED' },
  );
  for (const state of [resolving('handOver'), over]) {
    expect(decide(state)).toMatchObject({ outcome: 'repeated', answer: { by: 'ann' } });
    expect(decide(state, { bodyHash: 'x' })).toMatchObject({
      error: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  }
  expect(decide(over, { requestId: 'other' })).toMatchObject({
    error: { code: 'ATTENTION_NOT_NEEDED' },
  });
});

test('what still runs, and what is being settled, is refused', () => {
  const running = after(created({ a: [] }), started('a'), raised);
  expect(decide(running)).toMatchObject({ error: { code: 'ATTENTION_NOT_NEEDED' } });
  expect(decide(resolving('retryUndo'), { requestId: 'other' })).toMatchObject({
    error: { code: 'ATTENTION_NOT_NEEDED' },
  });
});

test('while it is settled nothing starts, nothing is retried, and the execution has no outcome', () => {
  const retried = after(stuck, retryAccepted('a'), cancelAccepted('rollback', 'again'), {
    kind: 'execution.finished',
    status: 'CANCELED',
  });
  const state = resolving('retryUndo', retried);
  expect(state).toMatchObject({ status: 'RUNNING', cancel: null, endedAt: null });
  expect(readyStageRefIds(state)).toEqual([]);
  expect(executionOutcome(state)).toBeNull();
  const retry = { requestId: 'r', bodyHash: 'h', refId: 'a', by: '', reason: '' };
  expect(decideRetry(state, retry)).toMatchObject({ error: { code: 'STAGE_NOT_RETRYABLE' } });
});

test('a new stop ends the undo that is retried, which an older stop does not; there is nothing to roll back', () => {
  const state = resolving('retryUndo');
  const cancel = { requestId: 'c', bodyHash: 'h', by: '', reason: '' } as const;
  expect(decideCancel(state, { ...cancel, intent: 'rollback' }, 0)).toMatchObject({
    error: { code: 'EXECUTION_CANCELING' },
  });
  expect(decideCancel(state, { ...cancel, intent: 'stop' }, 0).outcome).toBe('accepted');
});

test('it ends as it had ended, and its cancel is in force again', () => {
  const state = resolving('retryUndo');
  expect(state.resolving).toMatchObject({ endsAs: 'CANCELED' });
  const over = after(state, cancelAccepted('stop', 'later'), {
    kind: 'execution.finished',
    status: 'CANCELED',
  });
  expect(over.resolving).toBeUndefined();
  expect(over.cancel).toEqual(stuck.cancel);
  expect(over.attentionResolutions).toHaveLength(1);
});

test('a run that is ended from outside in the middle leaves it in need of attention, and as it had ended', () => {
  const events = eventsOfTerminatedRun(resolving('retryUndo'), 'terminated');
  const over = after(resolving('retryUndo'), ...events);
  expect(over).toMatchObject({ status: 'CANCELED' });
  expect(over.needsAttention?.remaining.map(({ title }) => title)).toEqual(['Destroy web-v001']);
  expect(decide(over, { requestId: 'other' }).outcome).toBe('accepted');
});

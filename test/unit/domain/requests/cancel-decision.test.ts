import {
  decideCancel,
  epochMs,
  findStepInProgress,
  latestAttempt,
  undoTitles,
  type CancelIntent,
  type CancelRequest,
  type ExecutionState,
} from '@gennaker/domain';
import { expect, test } from 'vitest';

import {
  after,
  created,
  destroyEntry,
  finished,
  started,
  undoRecorded,
} from '../execution/execution-builder.js';

const nowMs = epochMs('2026-01-01T00:00:00.000Z');
const running = after(
  created({ a: [], b: [] }),
  started('a'),
  undoRecorded('a', destroyEntry('one', 'v001')),
  undoRecorded('a', destroyEntry('two', 'v002')),
  started('b'),
);

function ask(parts: Partial<CancelRequest> = {}): CancelRequest {
  return { requestId: 'key', bodyHash: 'h', intent: 'rollback', by: 'me', reason: '', ...parts };
}

function decide(state: ExecutionState, parts: Partial<CancelRequest> = {}) {
  return decideCancel(state, ask(parts), nowMs);
}

function cancelled(intent: CancelIntent): ExecutionState {
  const decision = decide(running, { intent });
  if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
  return after(running, { kind: 'cancel.accepted', request: decision.accepted });
}

function latestEndSeconds(state: ExecutionState, intent: CancelIntent): number {
  const decision = decide(state, { intent, requestId: 'other' });
  if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
  return (epochMs(decision.accepted.latestEnd) - nowMs) / 1000;
}

test('rollback names what will be undone, last first; stop names nothing', () => {
  expect(decide(running)).toMatchObject({
    outcome: 'accepted',
    accepted: { steps: ['Destroy v002', 'Destroy v001'] },
  });
  expect(decide(running, { intent: 'stop' })).toMatchObject({ accepted: { steps: [] } });
});

test('what is done, and what a finished stage has made, is not to be undone', () => {
  const done = { kind: 'undo.entryFinished', refId: 'a', attempt: 1, entryId: 'two' } as const;
  expect(undoTitles(after(running, { ...done, status: 'done', error: null }))).toEqual([
    'Destroy v001',
  ]);
  expect(undoTitles(after(running, finished('a', 'SUCCEEDED')))).toEqual([]);
});

test('a stop is over soon, unless an undo is under way whose entry has to end', () => {
  expect(latestEndSeconds(running, 'stop')).toBeLessThan(180);
  expect(latestEndSeconds(running, 'rollback')).toBeGreaterThan(900);
  const undoing = after(running, {
    kind: 'undo.started',
    refId: 'a',
    attempt: 1,
    cause: 'failure',
    error: null,
    scalingActivities: [],
  });
  expect(latestEndSeconds(undoing, 'stop')).toBeGreaterThan(900);
});

test('the same intent again is the recorded answer, with the same key and with another', () => {
  const state = cancelled('rollback');
  expect(decide(state)).toEqual({ outcome: 'repeated', answer: state.cancel });
  expect(decide(state, { requestId: 'other' })).toEqual({
    outcome: 'repeated',
    answer: state.cancel,
  });
});

test('stop ends an undo; nothing changes a stop', () => {
  expect(decide(cancelled('rollback'), { requestId: 'o', intent: 'stop' }).outcome).toBe(
    'accepted',
  );
  expect(decide(cancelled('stop'), { requestId: 'o', intent: 'rollback' })).toMatchObject({
    error: { code: 'EXECUTION_CANCELING' },
  });
});

test('a key that was used for another body is refused, and an ended execution cannot be cancelled', () => {
  expect(decide(cancelled('rollback'), { bodyHash: 'other' })).toMatchObject({
    error: { code: 'IDEMPOTENCY_KEY_REUSED' },
  });
  const ended = after(running, { kind: 'execution.finished', status: 'SUCCEEDED' });
  expect(decide(ended)).toMatchObject({ error: { code: 'EXECUTION_COMPLETE' } });
  const over = after(cancelled('rollback'), { kind: 'execution.finished', status: 'CANCELED' });
  expect(decide(over).outcome).toBe('repeated');
});

const atStep = after(running, {
  kind: 'step.started',
  refId: 'a',
  attempt: 1,
  stepId: 'healthy',
  operation: 'awaitHealthy',
  title: 'Wait until healthy',
});

test('finishStep says what it lets finish, undoes nothing, and may last until the deadline and an undo', () => {
  expect(decide(atStep, { intent: 'finishStep' })).toMatchObject({
    accepted: { intent: 'finishStep', steps: [], finishes: ['Wait until healthy'] },
  });
  expect(decide(running, { intent: 'finishStep' })).toMatchObject({ accepted: { finishes: [] } });
  expect(latestEndSeconds(atStep, 'finishStep')).toBeGreaterThan(900);
});

test('what only waits for a judgment is at no step', () => {
  const waitingFor = {
    reason: 'judgment',
    message: 'waits',
    done: null,
    wanted: null,
    nextLookAt: null,
    deadline: null,
  } as const;
  const asking = after(atStep, { kind: 'stage.waiting', refId: 'a', attempt: 1, waitingFor });
  const inProgress = (state: ExecutionState) => {
    const [stage] = state.stages;
    const attempt = stage === undefined ? undefined : latestAttempt(stage);
    return attempt === undefined ? undefined : findStepInProgress(attempt)?.stepId;
  };
  expect(inProgress(atStep)).toBe('healthy');
  expect(inProgress(asking)).toBeUndefined();
});

test('after finishStep an undo or a stop may be asked for, after them nothing gentler', () => {
  const state = cancelled('finishStep');
  for (const intent of ['rollback', 'stop'] as const) {
    expect(decide(state, { requestId: 'o', intent }).outcome).toBe('accepted');
    expect(decide(cancelled(intent), { requestId: 'o', intent: 'finishStep' })).toMatchObject({
      error: { code: 'EXECUTION_CANCELING' },
    });
  }
});

import {
  decideJudgment,
  openJudgment,
  type ExecutionEvent,
  type ExecutionState,
  type JudgeRequest,
} from '@gennaker/domain';
import { expect, test } from 'vitest';

import { after, at, created, finished, started } from '../execution/execution-builder.js';

function asked(judgmentId = 'judge', inputs: readonly string[] = []): ExecutionEvent {
  const judgment = { judgmentId, instructions: 'Look at it', inputs, deadline: at };
  return { kind: 'judgment.requested', refId: 'a', attempt: 1, judgment };
}

const waiting = after(created({ a: [], b: [] }), started('a'), asked());

function decide(state: ExecutionState, parts: Partial<JudgeRequest> = {}) {
  return decideJudgment(state, {
    requestId: 'key',
    bodyHash: 'h',
    refId: 'a',
    decision: 'continue',
    by: 'anna',
    reason: 'looks good',
    ...parts,
  });
}

function judged(state: ExecutionState, parts: Partial<JudgeRequest> = {}): ExecutionState {
  const decision = decide(state, parts);
  if (decision.outcome !== 'accepted') throw new Error(JSON.stringify(decision));
  return after(state, { kind: 'judgment.given', ...decision.accepted });
}

function code(state: ExecutionState, parts: Partial<JudgeRequest> = {}): string {
  const decision = decide(state, parts);
  return decision.outcome === 'refused' ? decision.error.code : decision.outcome;
}

test('keeps the answer with who and why, and nothing is asked any more', () => {
  const state = judged(waiting);
  expect(openJudgment(waiting, 'a')?.judgment.instructions).toBe('Look at it');
  expect(openJudgment(state, 'a')).toBeUndefined();
  expect(state.stages[0]?.attempts[0]?.judgments).toMatchObject([
    { judgmentId: 'judge', given: { decision: 'continue', by: 'anna', reason: 'looks good' } },
  ]);
});

test('answers the same request the same, also when the stage has ended, and no other one', () => {
  const state = after(judged(waiting), finished('a', 'SUCCEEDED'));
  expect(decide(state)).toMatchObject({ outcome: 'repeated', answer: { judgmentId: 'judge' } });
  expect(code(state, { bodyHash: 'other' })).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(code(state, { refId: 'b' })).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(code(state, { requestId: 'second' })).toBe('JUDGMENT_NOT_AWAITED');
});

test('names who has judged already', () => {
  const decision = decide(judged(waiting), { requestId: 'second', decision: 'stop' });
  expect(decision).toMatchObject({
    error: { message: 'stage "a" was judged already: continue, by anna' },
  });
});

test('refuses where nothing is asked', () => {
  expect(code(waiting, { refId: 'nowhere' })).toBe('STAGE_NOT_FOUND');
  expect(code(waiting, { refId: 'b' })).toBe('JUDGMENT_NOT_AWAITED');
  expect(code(waiting, { judgmentId: 'other' })).toBe('JUDGMENT_NOT_AWAITED');
  expect(code(after(waiting, finished('a', 'TERMINAL')))).toBe('JUDGMENT_NOT_AWAITED');
  const undoing = { cause: 'timeout', error: null, scalingActivities: [] } as const;
  const timedOut = after(waiting, { kind: 'undo.started', refId: 'a', attempt: 1, ...undoing });
  expect(code(timedOut)).toBe('JUDGMENT_NOT_AWAITED');
});

test('refuses while the execution is being cancelled', () => {
  const request = {
    requestId: 'c',
    bodyHash: 'h',
    by: 'me',
    reason: '',
    intent: 'rollback',
    steps: [],
    latestEnd: at,
  } as const;
  expect(code(after(waiting, { kind: 'cancel.accepted', request }))).toBe('EXECUTION_CANCELING');
});

test('takes one of the choices with a continue, and none where there is none', () => {
  const choices = after(created({ a: [] }), started('a'), asked('judge', ['blue', 'green']));
  expect(code(choices)).toBe('INVALID_REQUEST');
  expect(code(choices, { input: 'red' })).toBe('INVALID_REQUEST');
  expect(code(choices, { input: 'blue' })).toBe('accepted');
  expect(code(choices, { decision: 'stop' })).toBe('accepted');
  expect(code(waiting, { input: 'blue' })).toBe('INVALID_REQUEST');
});

test('a stage may ask again, and the first answer stays', () => {
  const again = after(judged(waiting), asked('second'));
  expect(openJudgment(again, 'a')?.judgment.judgmentId).toBe('second');
  const both = judged(again, { requestId: 'key2', decision: 'stop' });
  const given = both.stages[0]?.attempts[0]?.judgments?.map((one) => one.given?.decision);
  expect(given).toEqual(['continue', 'stop']);
});

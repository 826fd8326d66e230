import { decideRetry, type ExecutionState, type RetryRequest } from '@gennaker/domain';
import { expect, test } from 'vitest';

import {
  after,
  cancelAccepted,
  clusterOf,
  created,
  executionId,
  finished,
  groupView,
  planned,
  planOf,
  retryAccepted,
  started,
} from '../execution/execution-builder.js';

const graph = { find: [], deploy: ['find'], check: ['deploy'] };
const before = after(created(graph), started('find'), finished('find', 'SUCCEEDED'));
const over = { kind: 'execution.finished', status: 'TERMINAL' } as const;
const deploying = after(before, started('deploy'), planned('deploy', planOf('v001', ['v000'])));
const failed = after(deploying, finished('deploy', 'TERMINAL'), over);

function ask(parts: Partial<RetryRequest> = {}): RetryRequest {
  return { requestId: 'new', bodyHash: 'h', refId: 'deploy', by: 'me', reason: 'why', ...parts };
}

function answer(state: ExecutionState, parts: Partial<RetryRequest> = {}) {
  const decision = decideRetry(state, ask(parts));
  switch (decision.outcome) {
    case 'accepted':
      return { accepted: decision.accepted.attempt };
    case 'repeated':
      return { repeated: decision.answer.attempt };
    case 'refused':
      return decision.error.code;
  }
}

test('makes the next attempt of a failed stage and keeps who, why and what was accepted', () => {
  expect(decideRetry(failed, ask({ acceptServerGroup: 'v009' }))).toEqual({
    outcome: 'accepted',
    accepted: {
      attempt: 2,
      request: {
        requestId: 'new',
        bodyHash: 'h',
        by: 'me',
        reason: 'why',
        acceptedServerGroup: 'v009',
      },
    },
  });
});

test('the same key again is the same answer, whatever has happened since', () => {
  const retried = after(failed, retryAccepted('deploy', 2, 'key'));
  expect(answer(retried, { requestId: 'key' })).toEqual({ repeated: 2 });
  const cancelled = after(retried, started('deploy', 2), cancelAccepted('rollback'));
  expect(answer(cancelled, { requestId: 'key', expectedAttempt: 1 })).toEqual({ repeated: 2 });
});

test('the same key for something else is refused', () => {
  const retried = after(failed, retryAccepted('deploy', 2, 'key'));
  const code = 'IDEMPOTENCY_KEY_REUSED';
  expect(answer(retried, { requestId: 'key', bodyHash: 'other' })).toBe(code);
  expect(answer(retried, { requestId: 'key', refId: 'find' })).toBe(code);
});

test('another key while the retry waits or runs is refused', () => {
  const retried = after(failed, retryAccepted('deploy', 2, 'key'));
  expect(answer(retried)).toBe('STAGE_NOT_RETRYABLE');
  expect(answer(after(retried, started('deploy', 2)))).toBe('STAGE_NOT_RETRYABLE');
});

test('refuses a stage that is not there, runs, has passed, or never started', () => {
  expect(answer(failed, { refId: 'nothing' })).toBe('STAGE_NOT_FOUND');
  expect(answer(deploying)).toBe('STAGE_NOT_RETRYABLE');
  expect(answer(failed, { refId: 'find' })).toBe('STAGE_NOT_RETRYABLE');
  expect(answer(failed, { refId: 'check' })).toBe('STAGE_NOT_RETRYABLE');
});

test('refuses while something runs downstream', () => {
  const odd = after(deploying, started('check'), finished('deploy', 'TERMINAL'));
  expect(answer(odd)).toBe('STAGE_NOT_RETRYABLE');
});

test('refuses while a cancel is under way, and not when it is over', () => {
  const sibling = after(created({ deploy: [], other: [] }), started('deploy'), started('other'));
  const going = after(sibling, finished('deploy', 'TERMINAL'), cancelAccepted('rollback'));
  expect(answer(going)).toBe('EXECUTION_CANCELING');
  expect(answer(after(going, finished('other', 'CANCELED'), over))).toEqual({ accepted: 2 });
});

test('a stage whose accepted retry was cancelled before it started can be retried again', () => {
  const kept = after(failed, retryAccepted('deploy'), cancelAccepted('stop', 'c'));
  expect(answer(kept)).toBe('EXECUTION_CANCELING');
  const ended = after(kept, { kind: 'execution.finished', status: 'CANCELED' });
  expect(answer(ended)).toEqual({ accepted: 2 });
});

test('refuses a click on an attempt that is no longer the newest', () => {
  expect(answer(failed, { expectedAttempt: 2 })).toBe('STALE_ATTEMPT');
  expect(answer(failed, { expectedAttempt: 1 })).toEqual({ accepted: 2 });
});

test('a group that the attempt did not know has moved the cluster on, unless it is accepted by name', () => {
  const observedCluster = clusterOf(groupView('v000'), groupView('v007'));
  expect(answer(failed, { observedCluster })).toBe('CLUSTER_MOVED_ON');
  expect(answer(failed, { observedCluster, acceptServerGroup: 'v000' })).toBe('CLUSTER_MOVED_ON');
  expect(answer(failed, { observedCluster, acceptServerGroup: 'v007' })).toEqual({ accepted: 2 });
});

test('names the group, its maker and its time', () => {
  const owner = { executionId: '01ZZZZZZZZZZZZZZZZZZZZZZZZ', stage: 'deploy' };
  const observedCluster = clusterOf(groupView('v000'), groupView('v007', { owner }));
  const decision = decideRetry(failed, ask({ observedCluster }));
  expect(decision).toMatchObject({
    error: { details: { serverGroup: 'v007', maker: `execution ${owner.executionId}` } },
  });
});

test('a source that is gone or going has moved the cluster on', () => {
  expect(answer(failed, { observedCluster: clusterOf() })).toBe('CLUSTER_MOVED_ON');
  const going = clusterOf(groupView('v000', { deleting: true }));
  expect(answer(failed, { observedCluster: going })).toBe('CLUSTER_MOVED_ON');
  const replaced = clusterOf(groupView('v000', { arn: 'arn:another' }));
  expect(answer(failed, { observedCluster: replaced })).toBe('CLUSTER_MOVED_ON');
  expect(answer(failed, { observedCluster: going, acceptServerGroup: 'v000' })).toEqual({
    accepted: 2,
  });
});

test('its own leavings and what it knew have not moved the cluster on', () => {
  const owner = { executionId, stage: 'deploy' };
  const observedCluster = clusterOf(
    groupView('v000'),
    groupView('v001'),
    groupView('v002', { owner }),
  );
  expect(answer(failed, { observedCluster })).toEqual({ accepted: 2 });
});

test('an attempt that failed before it planned is measured by the plan before it', () => {
  const twice = after(
    failed,
    retryAccepted('deploy', 2, 'first'),
    started('deploy', 2),
    finished('deploy', 'TERMINAL', 2),
    over,
  );
  const observedCluster = clusterOf(groupView('v000'), groupView('v007'));
  expect(answer(twice, { observedCluster })).toBe('CLUSTER_MOVED_ON');
});

test('without any plan only a newer execution has moved the cluster on', () => {
  const early = after(before, started('deploy'), finished('deploy', 'TERMINAL'), over);
  expect(answer(early, { observedCluster: clusterOf(groupView('v007')) })).toEqual({ accepted: 2 });
  const owner = { executionId: '01ZZZZZZZZZZZZZZZZZZZZZZZZ', stage: 'deploy' };
  const observedCluster = clusterOf(groupView('v007', { owner }));
  expect(answer(early, { observedCluster })).toBe('CLUSTER_MOVED_ON');
});

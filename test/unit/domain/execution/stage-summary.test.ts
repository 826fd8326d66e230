import { stageSummary, type SummaryFacts, type UndoStatus } from '@gennaker/domain';
import { expect, test } from 'vitest';

import { at, destroyEntry, executionId } from './execution-builder.js';

function undo(title: string, status: UndoStatus) {
  return { entry: { ...destroyEntry(title), title }, status, error: null };
}

function summary(parts: Partial<SummaryFacts> = {}) {
  return stageSummary({
    executionId,
    refId: 'deploy',
    attempt: 2,
    error: { code: 'AWS_DENIED', message: 'denied', details: {} },
    scalingActivities: [],
    serving: null,
    rollback: null,
    undo: [],
    ...parts,
  });
}

test('carries the call and the request id where the error has them', () => {
  const details = { call: 'DeleteAutoScalingGroup', requestId: 'r-1' };
  expect(summary({ error: { code: 'AWS_DENIED', message: 'denied', details } }).failed).toEqual({
    message: 'denied',
    ...details,
  });
  const odd = { code: 'AWS_DENIED', message: 'denied', details: { call: 7 } } as const;
  expect(summary({ error: odd }).failed).toEqual({
    message: 'denied',
    call: null,
    requestId: null,
  });
});

test("says Auto Scaling's own words, of the newest activity that failed", () => {
  const activity = (status: string, message: string | null) => ({
    at,
    status,
    description: 'Launching',
    message,
  });
  const scalingActivities = [
    activity('Successful', 'fine'),
    activity('Failed', 'no capacity'),
    activity('Failed', 'older'),
  ];
  expect(summary({ scalingActivities }).failed.message).toBe(
    'denied. Auto Scaling says: no capacity',
  );
});

test('tells what was undone from what was not', () => {
  const entries = [
    undo('a', 'done'),
    undo('b', 'failed'),
    undo('c', 'pending'),
    undo('d', 'dropped'),
  ];
  expect(summary({ undo: entries })).toMatchObject({ undone: ['a'], notUndone: ['b', 'c'] });
});

test('offers the retry; where something is left to undo, the three ways out of it', () => {
  const [retry] = summary().actions;
  expect(retry).toMatchObject({
    method: 'POST',
    href: `/v1/executions/${executionId}/stages/deploy/retry`,
  });
  expect(retry?.effect).toContain('attempt 3');
  const base = `/v1/executions/${executionId}/attention`;
  expect(summary({ undo: [undo('a', 'failed')] }).actions.map(({ href }) => href)).toEqual([
    `${base}/retry-undo`,
    `${base}/repaired`,
    `${base}/hand-over`,
  ]);
});

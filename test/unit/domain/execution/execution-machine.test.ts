import {
  executionOutcome,
  isComplete,
  isPassed,
  latestAttempt,
  nextAttemptNumber,
  readyStageRefIds,
  stagesHaltedBy,
  type ExecutionState,
} from '@gennaker/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  after,
  cancelAccepted,
  created,
  finished,
  retryAccepted,
  started,
  type Graph,
} from './execution-builder.js';

const diamond: Graph = { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] };

test('starts what has no stage before it, then what has them all passed', () => {
  let state = created(diamond);
  expect(readyStageRefIds(state)).toEqual(['a']);
  state = after(state, started('a'), finished('a', 'SUCCEEDED'));
  expect(readyStageRefIds(state)).toEqual(['b', 'c']);
  state = after(state, started('b'), finished('b', 'SUCCEEDED'), started('c'));
  expect(readyStageRefIds(state)).toEqual([]);
  expect(executionOutcome(state)).toBeNull();
  state = after(state, finished('c', 'SUCCEEDED'));
  expect(readyStageRefIds(state)).toEqual(['d']);
});

test('starts nothing beside a stage that is being undone', () => {
  const state = after(created({ a: [], b: [], c: ['b'] }), started('a'), started('b'));
  const undoing = after(state, {
    kind: 'undo.started',
    refId: 'a',
    attempt: 1,
    cause: 'failure',
    error: null,
    scalingActivities: [],
  });
  expect(readyStageRefIds(after(undoing, finished('b', 'SUCCEEDED')))).toEqual([]);
});

test('starts nothing after a failure, which takes what runs with it', () => {
  const state = after(created({ a: [], b: [], c: ['b'] }), started('a'), started('b'));
  const failed = after(state, finished('a', 'TERMINAL'));
  expect(stagesHaltedBy(failed, 'a')).toEqual(['b']);
  expect(executionOutcome(failed)).toBeNull();
  const over = after(failed, finished('b', 'SUCCEEDED'));
  expect(readyStageRefIds(over)).toEqual([]);
  expect(executionOutcome(over)).toBe('TERMINAL');
});

test('a retried stage starts although another branch has failed, and what follows it does not', () => {
  const both = after(
    created({ a: [], b: [], c: ['a'] }),
    started('a'),
    started('b'),
    finished('a', 'TERMINAL'),
    finished('b', 'TERMINAL'),
    retryAccepted('a'),
  );
  expect(readyStageRefIds(both)).toEqual(['a']);
  const again = after(both, started('a', 2), finished('a', 'SUCCEEDED', 2));
  expect(readyStageRefIds(again)).toEqual([]);
  expect(executionOutcome(again)).toBe('TERMINAL');
  expect(readyStageRefIds(after(again, retryAccepted('b', 2, 'other')))).toContain('c');
});

test('starts nothing once a cancel is in force, not even an accepted retry', () => {
  const state = after(created(diamond), started('a'), finished('a', 'SUCCEEDED'));
  const cancelled = after(state, cancelAccepted('rollback'));
  expect(readyStageRefIds(cancelled)).toEqual([]);
  expect(executionOutcome(cancelled)).toBe('CANCELED');
});

test('a failure outweighs the siblings that it has stopped', () => {
  const state = after(created({ a: [], b: [] }), started('a'), started('b'));
  const over = after(state, finished('a', 'CANCELED'), finished('b', 'TERMINAL'));
  expect(executionOutcome(over)).toBe('TERMINAL');
});

/** Stages may come after stages of a lower number only, so there are no cycles. */
const graphs: fc.Arbitrary<Graph> = fc
  .array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    Object.fromEntries(
      rows.map((row, n) => [`s${n}`, [...new Set(row.filter((m) => m < n))].map((m) => `s${m}`)]),
    ),
  );
const steps = fc.infiniteStream(
  fc.record({
    pick: fc.nat(),
    what: fc.constantFrom('SUCCEEDED', 'SUCCEEDED', 'TERMINAL', 'cancel', 'retry'),
  }),
);

function runningOf(state: ExecutionState): readonly string[] {
  return state.stages.filter((stage) => stage.status === 'RUNNING').map((stage) => stage.refId);
}

function start(state: ExecutionState, refId: string): ExecutionState {
  const stage = state.stages.find((one) => one.refId === refId);
  if (stage === undefined) throw new Error(refId);
  for (const requisite of stage.requisiteStageRefIds) {
    const before = state.stages.find((one) => one.refId === requisite);
    expect(before !== undefined && isPassed(before.status)).toBe(true);
  }
  return after(state, started(refId, nextAttemptNumber(stage)));
}

test('whatever happens, a run ends, and no stage starts before those that it requires have passed', () => {
  fc.assert(
    fc.property(graphs, steps, (graph, chance) => {
      let state = created(graph);
      let turns = 0;
      for (const { pick, what } of chance) {
        for (const refId of readyStageRefIds(state)) state = start(state, refId);
        if (executionOutcome(state) !== null) break;
        turns += 1;
        expect(turns).toBeLessThan(100);
        state = turn(state, { pick, what: turns > 40 && what === 'retry' ? 'SUCCEEDED' : what });
      }
      const outcome = executionOutcome(state);
      expect(outcome !== null && isComplete(outcome)).toBe(true);
      expect(runningOf(state)).toEqual([]);
      const allPassed = state.stages.every((stage) => isPassed(stage.status));
      expect(outcome !== 'SUCCEEDED' || allPassed).toBe(true);
    }),
  );
});

function turn(state: ExecutionState, { pick, what }: { pick: number; what: string }) {
  const running = runningOf(state);
  const refId = running[pick % running.length];
  const stage = state.stages.find((one) => one.refId === refId);
  const attempt = stage === undefined ? undefined : latestAttempt(stage)?.attempt;
  if (refId === undefined || attempt === undefined) throw new Error('nothing runs, nothing ends');
  if (what === 'cancel')
    return after(state, cancelAccepted('stop'), finished(refId, 'CANCELED', attempt));
  if (what === 'SUCCEEDED' || state.cancel !== null)
    return after(state, finished(refId, 'SUCCEEDED', attempt));
  const failed = after(state, finished(refId, 'TERMINAL', attempt));
  return what === 'retry' ? after(failed, retryAccepted(refId, attempt + 1)) : failed;
}

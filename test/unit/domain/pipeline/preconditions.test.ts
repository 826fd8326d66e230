import { checkClusterSize, checkStageOutput, stageOutput } from '@gennaker/domain';
import { expect, test } from 'vitest';

import {
  after,
  clusterOf,
  created,
  finished,
  groupView,
  place,
  started,
} from '../execution/execution-builder.js';

const size = { type: 'clusterSize', ...place, cluster: 'web', comparison: '==' } as const;
const cluster = clusterOf(
  groupView('v000', { enabled: false }),
  groupView('v001'),
  groupView('v002', { deleting: true }),
);

test('counts enabled server groups, or all, and none that is being deleted', () => {
  expect(checkClusterSize({ ...size, count: 'enabled', expected: 1 }, cluster)).toEqual({
    holds: true,
    message: 'cluster web has 1 enabled server groups (v001); expected == 1',
  });
  expect(checkClusterSize({ ...size, count: 'all', expected: 2 }, cluster).holds).toBe(true);
  const none = checkClusterSize({ ...size, count: 'enabled', expected: 1 }, clusterOf());
  expect(none).toEqual({
    holds: false,
    message: 'cluster web has 0 enabled server groups; expected == 1',
  });
});

const begun = after(created({ a: [] }), started('a'));
const passed = after(begun, finished('a', 'SUCCEEDED'));
const output = {
  type: 'stageOutput',
  stage: 'a',
  output: 'by',
  comparison: '==',
  expected: 1,
} as const;

test('compares an output of a stage that has passed', () => {
  expect(checkStageOutput(output, passed).holds).toBe(true);
  expect(checkStageOutput({ ...output, expected: 2 }, passed)).toEqual({
    holds: false,
    message: 'output "by" of stage "a" is 1; expected == 2',
  });
});

test('an output that is not there, or of a stage that has not passed, equals nothing', () => {
  expect(checkStageOutput({ ...output, output: 'none' }, passed).holds).toBe(false);
  expect(checkStageOutput({ ...output, stage: 'none' }, passed).holds).toBe(false);
  expect(checkStageOutput(output, begun).holds).toBe(false);
  expect(stageOutput(passed, 'a', 'constructor')).toBeUndefined();
  expect(stageOutput(passed, 'a', '__proto__')).toBeUndefined();
});

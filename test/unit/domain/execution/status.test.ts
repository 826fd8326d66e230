import { executionStatuses, isComplete, isHalted, isPassed } from '@gennaker/domain';
import { expect, test } from 'vitest';

test.each(executionStatuses)('%s is open, passed or halted, and only one of them', (status) => {
  const groups = [!isComplete(status), isPassed(status), isHalted(status)];
  expect(groups.filter(Boolean)).toHaveLength(1);
});

test('every word is in its group', () => {
  expect(executionStatuses.filter(isPassed)).toEqual(['SUCCEEDED', 'SKIPPED']);
  expect(executionStatuses.filter(isHalted)).toEqual(['TERMINAL', 'CANCELED']);
  expect(executionStatuses.filter((status) => !isComplete(status))).toEqual([
    'NOT_STARTED',
    'RUNNING',
  ]);
});

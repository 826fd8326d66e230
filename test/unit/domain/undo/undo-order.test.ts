import { nextToUndo, type UndoEntry, type UndoStatus } from '@gennaker/domain';
import { expect, test } from 'vitest';

import { destroyEntry, place } from '../execution/execution-builder.js';

const subject = { ...place, serverGroup: 'web-v000' };
const pinned: UndoEntry = {
  id: 'pin',
  operation: 'unpinServerGroup',
  title: 'Unpin web-v000',
  subject,
  arn: null,
  recorded: { min: 1, desired: 3, max: 5 },
  pinnedMin: 3,
};
const targetGroup: UndoEntry = {
  id: 'targetGroup',
  operation: 'deleteTargetGroup',
  title: 'Delete web-v001-c',
  subject,
  targetGroupName: 'web-v001-c',
};

function state(entry: UndoEntry, status: UndoStatus = 'pending') {
  return { entry, status, error: null } as const;
}

test('server groups that were made one after another are destroyed at the same time, anything else alone', () => {
  const canary = state(destroyEntry('create:canary', 'web-v001-canary'));
  const baseline = state(destroyEntry('create:baseline', 'web-v001-baseline'));
  const before = state(destroyEntry('create:before'));
  const made = state(targetGroup);
  const all = [before, made, canary, baseline];
  expect(nextToUndo([...all, state(pinned)])).toEqual([state(pinned)]);
  expect(nextToUndo([...all, state(pinned, 'done')])).toEqual([baseline, canary]);
  const failed = state(canary.entry, 'failed');
  expect(nextToUndo([before, made, failed, state(baseline.entry, 'done')])).toEqual([failed]);
  expect(nextToUndo([before, made])).toEqual([made]);
  expect(nextToUndo([before])).toEqual([before]);
  expect(nextToUndo([state(pinned, 'dropped')])).toEqual([]);
});

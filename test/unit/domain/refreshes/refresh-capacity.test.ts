import {
  instancesBeyond,
  refreshFloor,
  refreshSecondsAbout,
  type RefreshPreferences,
} from '@gennaker/domain';
import { expect, test } from 'vitest';

const limits = (minHealthyPercent: number, maxHealthyPercent: number) => ({
  minHealthyPercent,
  maxHealthyPercent,
});

test.each([
  // desired, min, max, floor, beyond
  [60, 100, 110, 60, 6],
  [60, 90, 100, 54, 0],
  [3, 100, 110, 3, 1],
  [3, 100, 100, 2, 0],
  [3, 90, 100, 2, 0],
  [5, 90, 110, 5, 1],
  [1, 90, 100, 0, 0],
  [1, 100, 110, 1, 1],
  [10, 0, 100, 0, 0],
  [0, 100, 110, 0, 0],
])('%i instances at %i to %i %% never have less than %i, and at most %i beyond', (...row) => {
  const [desired, min, max, floor, beyond] = row;
  expect(refreshFloor(desired, limits(min, max))).toBe(floor);
  expect(instancesBeyond(desired, limits(min, max))).toBe(beyond);
});

test('a refresh takes its batches, checkpoints and bake time', () => {
  const preferences: RefreshPreferences = {
    ...limits(100, 110),
    instanceWarmupSeconds: null,
    checkpointPercents: [50, 100],
    checkpointDelaySeconds: 600,
    bakeSeconds: 60,
    alarms: [],
    autoRollback: true,
    skipMatching: true,
  };
  // Ten batches of six, each 100 s warm-up and five minutes to launch and drain.
  expect(refreshSecondsAbout(60, preferences, 100)).toBe(10 * 400 + 2 * 600 + 60);
  expect(refreshSecondsAbout(0, preferences, 100)).toBe(2 * 600 + 60);
});

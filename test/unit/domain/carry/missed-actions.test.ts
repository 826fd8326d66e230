import { grownByMissed, missedActions } from '@gennaker/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nightly, now } from './carry-builder.js';

const size = fc.nat({ max: 50 });
const sizes = fc.record({ min: size, desired: size, max: size }).map(({ min, desired, max }) => {
  const [low = 0, middle = 0, high = 0] = [min, desired, max].toSorted((a, b) => a - b);
  return { min: low, desired: middle, max: high };
});
const maybe = fc.option(size, { nil: null });
const action = fc
  .record({ min: maybe, desired: maybe, max: maybe })
  .map((given) => nightly({ ...given }));

test('those that were due are missed, in the order in which they were due', () => {
  const actions = [
    nightly({ name: 'later', startAt: '2026-03-06T16:00:00.001Z' }),
    nightly({ name: 'second', startAt: now }),
    nightly({ name: 'first', startAt: '2026-03-06T15:00:00.000Z' }),
    nightly({ name: 'unknown', startAt: null }),
  ];
  expect(missedActions(actions, now).map(({ name }) => name)).toEqual(['first', 'second']);
});

test('a missed action that makes the group larger is made up for', () => {
  const morning = nightly({ min: 8, desired: 12, max: 20 });
  expect(grownByMissed({ min: 2, desired: 4, max: 10 }, [morning])).toEqual({
    min: 8,
    desired: 12,
    max: 20,
  });
  const floor = nightly({ min: 6, desired: null, max: null });
  expect(grownByMissed({ min: 2, desired: 4, max: 5 }, [floor])).toEqual({
    min: 6,
    desired: 6,
    max: 6,
  });
});

test('no missed action makes a group smaller, and the sizes stay in order', () => {
  fc.assert(
    fc.property(sizes, fc.array(action, { maxLength: 4 }), (before, missed) => {
      const after = grownByMissed(before, missed);
      expect(after.min).toBeGreaterThanOrEqual(before.min);
      expect(after.desired).toBeGreaterThanOrEqual(before.desired);
      expect(after.max).toBeGreaterThanOrEqual(before.max);
      expect(after.min <= after.desired && after.desired <= after.max).toBe(true);
      expect(grownByMissed(after, missed)).toEqual(after);
    }),
  );
});

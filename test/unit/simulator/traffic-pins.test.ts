import { pinnedShares, withPin, type Pin } from '@gennaker/simulator';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const DAY = 86_400_000;

const pins = fc
  .array(fc.tuple(fc.integer({ min: 1, max: DAY }), fc.integer({ min: 0, max: 100 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((steps) => {
    let from = 0;
    let list: readonly Pin[] = [];
    for (const [wait, weight] of steps) {
      from += wait;
      const shares = { old: weight / 100, new: 1 - weight / 100 };
      list = withPin(list, { from, shares }, DAY);
    }
    return list;
  });

test('every client with a cookie is somewhere, whatever the weights did', () => {
  fc.assert(
    fc.property(pins, fc.integer({ min: 0, max: 3 * DAY }), (list, later) => {
      const at = (list.at(-1)?.from ?? 0) + later;
      const shares = pinnedShares(list, at, DAY);
      expect((shares['old'] ?? 0) + (shares['new'] ?? 0)).toBeCloseTo(1, 9);
    }),
  );
});

test('a shift is half done after half of the duration, and done after all of it', () => {
  const first = withPin([], { from: 0, shares: { old: 1, new: 0 } }, DAY);
  const list = withPin(first, { from: 5 * DAY, shares: { old: 0, new: 1 } }, DAY);
  expect(pinnedShares(list, 5 * DAY, DAY)['new'] ?? 0).toBe(0);
  expect(pinnedShares(list, 5.5 * DAY, DAY)['new']).toBeCloseTo(0.5, 9);
  expect(pinnedShares(list, 6 * DAY, DAY)['new']).toBeCloseTo(1, 9);
});

test('pins that no cookie remembers are let go', () => {
  let list: readonly Pin[] = [];
  for (let day = 0; day < 50; day += 1)
    list = withPin(list, { from: day * DAY, shares: { old: day % 2, new: 1 - (day % 2) } }, DAY);
  expect(list.length).toBeLessThanOrEqual(3);
});

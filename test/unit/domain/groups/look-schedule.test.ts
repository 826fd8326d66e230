import { nextLook, wantsManyLooks, type LookCrowd, type LookWish } from '@gennaker/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const schedule = { originMs: 0, periodMs: 5_000 };
const minutes = 60_000;
const alone: LookCrowd = { serverGroups: 1, targetGroups: 1, workers: 1 };

const patient: LookWish = {
  joinedAtMs: 0,
  failures: 0,
  hopefulSinceMs: null,
  expectedAtMs: null,
};

/** Looks from one instant up to another, as a watcher with this wish would make them. */
function looks(wish: LookWish, [fromMs, toMs]: readonly [number, number], periodMs = 5_000) {
  const made: { readonly atMs: number; readonly extra: boolean }[] = [];
  for (let nowMs = fromMs; nowMs < toMs;) {
    const next = nextLook({ originMs: 0, periodMs }, wish, { nowMs, crowd: alone });
    made.push(next);
    nowMs = next.atMs;
  }
  return made;
}

describe('the schedule of looks', () => {
  it('has one each period for the patient, and each second one after ten minutes', () => {
    expect(looks(patient, [0, 20_000]).map(({ atMs }) => atMs)).toEqual([
      5_000, 10_000, 15_000, 20_000,
    ]);
    expect(looks(patient, [10 * minutes, 10 * minutes + 20_000])).toHaveLength(2);
    expect(looks(patient, [0, 20_000]).every(({ extra }) => !extra)).toBe(true);
  });

  it('has four in a period while a hope is young, then two, then one', () => {
    const hopeful = { ...patient, hopefulSinceMs: 0 };
    const all = looks(hopeful, [0, 70_000]);
    const within = (fromMs: number, toMs: number) =>
      all.filter(({ atMs }) => atMs > fromMs && atMs <= toMs).length;
    expect([within(0, 25_000), within(25_000, 50_000), within(50_000, 70_000)]).toEqual([
      20, 10, 4,
    ]);
  });

  it('never skips a regular look for an extra one', () => {
    const wishes = fc.record({
      // Not ten minutes before one of these looks: from then on every second one is left out.
      joinedAtMs: fc.oneof(
        fc.integer({ min: 0, max: 10 * minutes }),
        fc.integer({ min: 12 * minutes, max: 20 * minutes }),
      ),
      failures: fc.integer({ min: 0, max: 3 }),
      hopefulSinceMs: fc.option(fc.integer({ min: 0, max: 20 * minutes })),
      expectedAtMs: fc.option(fc.integer({ min: 0, max: 30 * minutes })),
    });
    fc.assert(
      fc.property(wishes, (wish) => {
        const fromMs = 20 * minutes;
        const regular = looks({ ...wish, hopefulSinceMs: null }, [fromMs, fromMs + 2 * minutes]);
        const all = looks(wish, [fromMs, fromMs + 2 * minutes]);
        expect(all.filter(({ extra }) => !extra)).toEqual(regular);
        all.reduce((before, { atMs }) => {
          expect(atMs - before).toBeGreaterThanOrEqual(250);
          return atMs;
        }, fromMs);
      }),
    );
  });

  it('has only regular ones before what is known to come later, one at that very instant, and many after it', () => {
    const expecting = { ...patient, hopefulSinceMs: 0, expectedAtMs: 302_300 };
    expect(looks(expecting, [280_000, 308_000])).toEqual([
      { atMs: 285_000, extra: false },
      { atMs: 290_000, extra: false },
      { atMs: 295_000, extra: false },
      { atMs: 300_000, extra: false },
      { atMs: 302_300, extra: true },
      { atMs: 303_750, extra: true },
      { atMs: 305_000, extra: false },
      { atMs: 306_250, extra: true },
      { atMs: 307_500, extra: true },
      { atMs: 308_750, extra: true },
    ]);
  });

  it('waits for a regular look where one follows what is expected at once', () => {
    const expecting = { ...patient, hopefulSinceMs: 0, expectedAtMs: 304_001 };
    expect(nextLook(schedule, expecting, { nowMs: 300_000, crowd: alone })).toEqual({
      atMs: 305_000,
      extra: false,
    });
  });

  it('backs off while looks fail, however young the hope is', () => {
    const failing = { ...patient, hopefulSinceMs: 0, failures: 3 };
    expect(nextLook(schedule, failing, { nowMs: 1_000, crowd: alone })).toEqual({
      atMs: 20_000,
      extra: false,
    });
  });

  it('has no extra ones where looks are frequent anyway', () => {
    const hopeful = { ...patient, hopefulSinceMs: 0 };
    expect(looks(hopeful, [0, 1_000], 500).map(({ atMs }) => atMs)).toEqual([500, 1_000]);
    expect(looks(hopeful, [0, 1_000], 200).map(({ atMs }) => atMs)).toEqual([
      200, 400, 600, 800, 1_000,
    ]);
  });

  it('has as many as all of them can afford, but always the one at what is known', () => {
    const hopeful = { ...patient, hopefulSinceMs: 0 };
    const next = (crowd: Partial<LookCrowd>, wish = hopeful) =>
      nextLook(schedule, wish, { nowMs: 0, crowd: { ...alone, ...crowd } }).atMs;
    expect(next({ serverGroups: 150, targetGroups: 3 })).toBe(1_250);
    expect(next({ serverGroups: 1, targetGroups: 6 })).toBe(2_500);
    expect(next({ serverGroups: 1, targetGroups: 7 })).toBe(5_000);
    expect(next({ serverGroups: 301, targetGroups: 1 })).toBe(5_000);
    expect(next({ targetGroups: 3, workers: 2 })).toBe(2_500);
    expect(next({ targetGroups: 3, workers: 3 })).toBe(5_000);
    const expecting = { ...hopeful, expectedAtMs: 3_000 };
    expect(next({ serverGroups: 1, targetGroups: 7 }, expecting)).toBe(3_000);
  });

  it('spends no more calls a second where looks are frequent', () => {
    const frequent = { originMs: 0, periodMs: 1_000 };
    const next = (targetGroups: number) =>
      nextLook(
        frequent,
        { ...patient, hopefulSinceMs: 0 },
        {
          nowMs: 0,
          crowd: { ...alone, targetGroups },
        },
      );
    expect(next(1)).toEqual({ atMs: 500, extra: true });
    expect(next(2)).toEqual({ atMs: 1_000, extra: false });
  });

  it('counts among those who want many who is hopeful, not who knows when', () => {
    const wants = (changes: Partial<LookWish>) =>
      wantsManyLooks(schedule, { ...patient, ...changes }, 30_000);
    expect(wants({})).toBe(false);
    expect(wants({ hopefulSinceMs: 0 })).toBe(true);
    expect(wants({ hopefulSinceMs: -20_000 })).toBe(false);
    expect(wants({ hopefulSinceMs: 0, expectedAtMs: 40_000 })).toBe(false);
    expect(wants({ hopefulSinceMs: -20_000, expectedAtMs: 20_000 })).toBe(true);
    expect(wants({ hopefulSinceMs: 0, failures: 1 })).toBe(false);
  });
});

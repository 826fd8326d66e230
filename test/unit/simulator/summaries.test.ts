import { binomialOf, merged, poissonOf, statisticOf, summaryOf } from '@gennaker/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const counts = fc.array(
  fc.tuple(fc.double({ min: 0.001, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 50 })),
  { minLength: 1, maxLength: 2000 },
);

describe('a summary', () => {
  test('merged of its parts is the summary of the whole', () => {
    fc.assert(
      fc.property(counts, fc.nat(), (values, place) => {
        const cut = place % values.length;
        const parts = [values.slice(0, cut), values.slice(cut)].filter(({ length }) => length > 0);
        const together = merged(parts.map(summaryOf));
        const whole = summaryOf(values);
        expect(together.count).toBe(whole.count);
        expect(together.sum).toBeCloseTo(whole.sum, 0);
        expect([together.min, together.max]).toEqual([whole.min, whole.max]);
      }),
    );
  });

  test('of many values keeps percentiles to two per cent', () => {
    const values = Array.from({ length: 5000 }, (_, index): [number, number] => [index + 1, 1]);
    const summary = summaryOf(values);
    expect(summary.values?.length).toBeLessThan(1500);
    for (const percent of [10, 50, 90, 99]) {
      const exact = (percent / 100) * 5000;
      const found = statisticOf(summary, `p${percent}`) ?? 0;
      expect(Math.abs(found - exact) / exact).toBeLessThan(0.02);
    }
  });
});

describe('chance', () => {
  test.each([0.5, 5, 29, 31, 600])('of mean %d has that mean and variance', (mean) => {
    const draws = Array.from({ length: 4000 }, (_, index) => poissonOf(mean, `draw:${index}`));
    const average = draws.reduce((a, b) => a + b, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - average) ** 2, 0) / draws.length;
    expect(average / mean).toBeCloseTo(1, 1);
    expect(variance / mean).toBeGreaterThan(0.85);
    expect(variance / mean).toBeLessThan(1.15);
  });

  test('never gives more than there are', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }), (count, share) => {
        const drawn = binomialOf(count, share, `${count}`);
        expect(drawn).toBeGreaterThanOrEqual(0);
        expect(drawn).toBeLessThanOrEqual(count);
      }),
    );
  });
});

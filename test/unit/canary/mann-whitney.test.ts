import { mannWhitney } from '@gennaker/canary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Twice the tolerance with which the ends are searched for. */
const searchTolerance = 2e-4;

const values = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 60 });
const twoSamples = fc.tuple(values, values).filter(([x, y]) => new Set([...x, ...y]).size > 2);

describe('the Mann-Whitney test', () => {
  it('has an interval of a shift that everybody sees', () => {
    const control = Array.from({ length: 60 }, (_none, index) => 100 + (index % 20));
    const experiment = control.map((value) => value + 50);
    const test = mannWhitney(experiment, control);
    expect(test?.estimate).toBeCloseTo(50, 3);
    expect(test?.lower).toBeGreaterThan(45);
    expect(test?.upper).toBeLessThan(55);
  });

  it('does not care in which order the points come', () => {
    fc.assert(
      fc.property(twoSamples, fc.gen(), ([x, y], gen) => {
        const shuffled = gen(fc.shuffledSubarray, x, { minLength: x.length });
        expect(mannWhitney(shuffled, y)).toEqual(mannWhitney(x, y));
      }),
    );
  });

  it('turns round when the sides are exchanged', () => {
    fc.assert(
      fc.property(twoSamples, ([x, y]) => {
        const one = mannWhitney(x, y);
        const other = mannWhitney(y, x);
        expect(Math.abs((one?.lower ?? 0) + (other?.upper ?? NaN))).toBeLessThan(searchTolerance);
        expect(Math.abs((one?.upper ?? 0) + (other?.lower ?? NaN))).toBeLessThan(searchTolerance);
      }),
    );
  });

  it('moves with its data', () => {
    fc.assert(
      fc.property(twoSamples, fc.integer({ min: -500, max: 500 }), ([x, y], by) => {
        const here = mannWhitney(x, y);
        const there = mannWhitney(
          x.map((value) => value + by),
          y,
        );
        expect(Math.abs((here?.lower ?? 0) + by - (there?.lower ?? NaN))).toBeLessThan(
          searchTolerance,
        );
      }),
    );
  });

  it('has its estimate inside its interval, and both inside of what is possible', () => {
    fc.assert(
      fc.property(twoSamples, ([x, y]) => {
        const { lower, estimate, upper } = mannWhitney(x, y) ?? { lower: 1, estimate: 0, upper: 0 };
        expect(lower).toBeLessThanOrEqual(estimate + searchTolerance);
        expect(estimate).toBeLessThanOrEqual(upper + searchTolerance);
        expect(lower).toBeGreaterThanOrEqual(Math.min(...x) - Math.max(...y) - searchTolerance);
        expect(upper).toBeLessThanOrEqual(Math.max(...x) - Math.min(...y) + searchTolerance);
      }),
    );
  });

  it('has no answer where every point is tied', () => {
    expect(mannWhitney([20], [10])).toBeUndefined();
    expect(mannWhitney([7, 7, 7], [7, 7])).toBeUndefined();
  });

  it('takes an infinite point without an endless search', () => {
    const test = mannWhitney([1, 2, Infinity], [1, 2, 3]);
    expect(test?.upper).toBe(Infinity);
  });
});

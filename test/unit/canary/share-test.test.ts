import {
  binomialUpperTail,
  incompleteBeta,
  otherKind,
  studentUpperTail,
  testShareAbove,
} from '@gennaker/canary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { seededChance } from './seeded-chance.js';

describe('tail probabilities', () => {
  it.each([
    [8, 10, 0.5, 56 / 1024],
    [1, 3, 0.1, 1 - 0.9 ** 3],
    [0, 5, 0.3, 1],
    [6, 5, 0.3, 0],
    [5, 5, 0.3, 0.3 ** 5],
  ])('of at least %i of %i with %d each are exact', (successes, trials, probability, tail) => {
    expect(binomialUpperTail(successes, trials, probability)).toBeCloseTo(tail, 12);
  });

  it('of a million trials agree with the normal distribution', () => {
    // 3.0902 standard deviations above the mean, continuity corrected.
    const tail = binomialUpperTail(501_546, 1_000_000, 0.5);
    expect(tail).toBeGreaterThan(0.00098);
    expect(tail).toBeLessThan(0.00102);
  });

  // Tables of Student's t.
  it.each([
    [2.228, 10, 0.025],
    [4.297, 9, 0.001],
    [1.96, 1_000_000, 0.025],
    [0, 7, 0.5],
    [-2.228, 10, 0.975],
  ])('of t above %d with %i degrees of freedom are in the tables', (value, freedom, tail) => {
    expect(studentUpperTail(value, freedom)).toBeCloseTo(tail, 4);
  });

  it('are mirrored in the incomplete beta function', () => {
    const parameter = fc.double({ min: 0.5, max: 500, noNaN: true });
    fc.assert(
      fc.property(
        parameter,
        parameter,
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (a, b, x) => {
          const sum = incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a);
          expect(Math.abs(sum - 1)).toBeLessThan(1e-9);
        },
      ),
    );
  });
});

describe('the test of a share', () => {
  it('finds a share that is twice as large, and not its opposite', () => {
    const blocks = Array.from({ length: 12 }, () => ({ part: 100, total: 500 }));
    expect(testShareAbove(blocks, 0.1).pValue).toBeLessThan(1e-6);
    expect(testShareAbove(otherKind(blocks), 0.9).pValue).toBeGreaterThan(0.99);
  });

  it('says nothing without events', () => {
    expect(testShareAbove([], 0.5)).toEqual({ part: 0, total: 0, dispersion: 1, pValue: 1 });
    expect(testShareAbove([{ part: 0, total: 0 }], 0.5).pValue).toBe(1);
  });

  it('does not take one loud block for a shift', () => {
    const quiet = Array.from({ length: 11 }, () => ({ part: 1, total: 10 }));
    const blocks = [...quiet, { part: 90, total: 100 }];
    const test = testShareAbove(blocks, 0.1);
    expect(test.dispersion).toBeGreaterThan(5);
    expect(test.pValue).toBeGreaterThan(0.001);
  });

  it('does not care in which order the blocks come', () => {
    const block = fc
      .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
      .map(([part, rest]) => ({ part, total: part + rest }));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 20 }), (blocks) => {
        const there = testShareAbove(blocks, 0.3).pValue;
        const back = testShareAbove(blocks.toReversed(), 0.3).pValue;
        expect(back).toBeCloseTo(there, 9);
      }),
    );
  });

  it('takes a change that lasts for noise or for a shift, as it is told', () => {
    const half = (part: number) => Array.from({ length: 6 }, () => ({ part, total: 500 }));
    const blocks = [...half(50), ...half(100)];
    expect(testShareAbove(blocks, 0.1, 'scatter').pValue).toBeGreaterThan(0.001);
    expect(testShareAbove(blocks, 0.1, 'steps').pValue).toBeLessThan(0.0005);
  });

  it.each([
    ['independent events', 1, 'scatter'],
    ['independent events', 1, 'steps'],
    ['events in bursts of five', 5, 'scatter'],
    ['events in bursts of five', 5, 'steps'],
  ] as const)(
    'raises at most the stated false alarms with %s (%i, %s)',
    (_family, burst, spread) => {
      const chance = seededChance(7);
      const runs = 4000;
      const alarms = Array.from({ length: runs }, () => {
        const blocks = Array.from({ length: 12 }, () => {
          const part = burst * chance.poisson(40 / burst);
          return { part, total: part + burst * chance.poisson(360 / burst) };
        });
        return testShareAbove(blocks, 0.1, spread).pValue < 0.01;
      });
      // 1 % of 4,000 is 40; three standard deviations above that.
      expect(alarms.filter(Boolean).length).toBeLessThanOrEqual(59);
    },
  );
});

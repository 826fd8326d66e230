import { requiredHealthy } from '@gennaker/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('the number of instances that must be healthy', () => {
  it.each([
    [3, 100, 3],
    [3, 50, 2],
    [5, 50, 3],
    [4, 10, 1],
    [100, 99, 99],
    [0, 100, 0],
    [3, 0, 0],
  ])('of %i at %i %% is %i', (base, percent, required) => {
    expect(requiredHealthy(base, percent)).toBe(required);
  });

  it('is at least one, at most all, and never falls when the percentage rises', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 99 }),
        (base, percent) => {
          const required = requiredHealthy(base, percent);
          expect(required).toBeGreaterThanOrEqual(1);
          expect(required).toBeLessThanOrEqual(base);
          expect(Math.abs(required - (base * percent) / 100)).toBeLessThanOrEqual(1);
          expect(requiredHealthy(base, percent + 1)).toBeGreaterThanOrEqual(required);
          expect(requiredHealthy(base, 100)).toBe(base);
        },
      ),
    );
  });
});

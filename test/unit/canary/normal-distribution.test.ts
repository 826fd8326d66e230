import { normalQuantile } from '@gennaker/canary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('a quantile of the normal distribution', () => {
  it.each([
    [0.5, 0],
    [0.8, 0.8416212335729143],
    [0.9, 1.2815515655446004],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
    [0.999, 3.090232306167813],
    [1e-9, -5.997807015007686],
    [1e-30, -11.464024688443617],
  ])('is, at %d, what the tables have', (probability, value) => {
    expect(Math.abs(normalQuantile(probability) - value)).toBeLessThan(1e-13);
  });

  it('is infinite at the ends, and no number outside', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    expect([normalQuantile(-0.1), normalQuantile(1.1), normalQuantile(NaN)]).toEqual([
      NaN,
      NaN,
      NaN,
    ]);
  });

  it('rises with the probability', () => {
    const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });
    fc.assert(
      fc.property(probability, probability, (one, other) => {
        const [lower, higher] = one < other ? [one, other] : [other, one];
        expect(normalQuantile(lower)).toBeLessThanOrEqual(normalQuantile(higher));
      }),
    );
  });
});

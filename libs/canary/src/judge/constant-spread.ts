import { normalQuantile } from '../statistics/normal-distribution.js';

/** Size of the spread given to a constant series, relative to its value: Kayenta's. */
const relativeSpread = 1e-5;

/**
 * Spreads a constant series a little, so that a rank test can be made of two of them. Kayenta adds random Gaussian
 * noise; here each point gets its own quantile of the same normal distribution, so that the answer is always the one
 * that Kayenta's is most likely to be. The mean stays; a series of zeros stays as it is, there as here.
 */
export function spreadConstant(values: readonly number[]): readonly number[] {
  return values.map(
    (value, index) =>
      value + value * relativeSpread * normalQuantile((index + 0.5) / values.length),
  );
}

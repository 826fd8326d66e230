import { logGamma } from './gamma-function.js';

/** Terms of the continued fraction; it needs about the root of the larger parameter, so this is for 1e9 and above. */
const fractionTermsMax = 100_000;

/** Smallest size of a part of the fraction, so that nothing is divided by 0 (W. Lentz's method as modified by Thompson). */
const tiny = 1e-300;

/**
 * The regularised incomplete beta function I_x(a, b), for a and b above 0 and x from 0 to 1: the probability that a beta
 * variable is at most x. About 12 digits while a and b are below a million. Source: DLMF 8.17.22.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only below the mean; above it, the mirrored one does.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  return (front * continuedFraction(x, a, b)) / a;
}

function continuedFraction(x: number, a: number, b: number): number {
  let above = 1;
  let below = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = below;
  for (let term = 1; term <= fractionTermsMax; term += 1) {
    const even = (term * (b - term) * x) / ((a + 2 * term - 1) * (a + 2 * term));
    const odd = (-(a + term) * (a + b + term) * x) / ((a + 2 * term) * (a + 2 * term + 1));
    for (const part of [even, odd]) {
      below = 1 / nonZero(1 + part * below);
      above = nonZero(1 + part / above);
      value *= below * above;
    }
    if (Math.abs(below * above - 1) < Number.EPSILON) break;
  }
  return value;
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

import { incompleteBeta } from './beta-function.js';

/** The probability of at least `successes` among `trials` with the given probability each: the exact binomial tail. */
export function binomialUpperTail(successes: number, trials: number, probability: number): number {
  if (successes <= 0) return 1;
  if (successes > trials) return 0;
  return incompleteBeta(probability, successes, trials - successes + 1);
}

/** The probability that Student's t with `freedom` degrees of freedom is at least `value`. */
export function studentUpperTail(value: number, freedom: number): number {
  const beyond = incompleteBeta(freedom / (freedom + value * value), freedom / 2, 0.5) / 2;
  return value >= 0 ? beyond : 1 - beyond;
}

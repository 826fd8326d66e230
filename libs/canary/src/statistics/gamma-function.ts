/** Lanczos' coefficients for g = 7 with nine terms: about 15 digits for every positive argument. */
const lanczos: readonly number[] = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 0.000009984369578019572, 1.5056327351493116e-7,
];

/**
 * The natural logarithm of the gamma function of a positive number. Source: C. Lanczos, "A precision approximation of the
 * gamma function", SIAM J. Numer. Anal. 1 (1964).
 */
export function logGamma(argument: number): number {
  const shifted = argument - 1;
  const base = shifted + 7.5;
  const series = lanczos.reduce(
    (sum, coefficient, index) =>
      sum + (index === 0 ? coefficient : coefficient / (shifted + index)),
    0,
  );
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

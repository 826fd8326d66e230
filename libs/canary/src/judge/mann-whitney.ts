import { brentRoot } from './brent-root.js';
import { pooledRanks } from './pooled-ranks.js';

/** What the test says about `experiment − control`, in the unit of the series. */
export interface MannWhitneyTest {
  /** Ends of the confidence interval of the shift, at 98 %. */
  readonly lower: number;
  readonly upper: number;
  /** The Hodges-Lehmann estimate of the shift. */
  readonly estimate: number;
}

/** Two-sided confidence of the interval, in percent: Kayenta's, fixed there too. */
export const confidencePercent = 98;

/** The quantile of the normal distribution that leaves 1 % above it, to the last digit that Kayenta's library gives. */
const upperQuantile = 2.3263478740408408;

/**
 * Points that a series may have: a week of minutes. The test takes time in proportion to the sum of both lengths, and
 * up to here its sums of cubes (two such series tied throughout: 8e12) are exact in a double.
 */
export const pointsPerSeriesMax = 10_080;

/**
 * The Mann-Whitney test with a confidence interval for the shift, as R's `wilcox.test(x, y, conf.int = TRUE, exact =
 * FALSE)` and Kayenta's `MannWhitney` compute it: normal approximation, corrected for continuity and ties; the ends
 * and the estimate are roots of the standardised statistic, found by Brent's method. Series are not paired by time and
 * their order does not matter. Undefined when all observations are tied at some shift that has to be looked at (one
 * point a side, for instance): there is no test then. Both series need at least one point; NaN is not allowed.
 */
export function mannWhitney(
  experiment: readonly number[],
  control: readonly number[],
): MannWhitneyTest | undefined {
  const x = Float64Array.from(experiment).toSorted();
  const y = Float64Array.from(control).toSorted();
  const ends = { from: endOf(x, 0) - endOf(y, -1), to: endOf(x, -1) - endOf(y, 0) };
  const valueFrom = standardised(x, y, ends.from);
  const valueTo = standardised(x, y, ends.to);
  if (valueFrom === undefined || valueTo === undefined) return undefined;
  // Between two shifts at which not everything is tied there is none at which it is.
  const valueAt = (shift: number): number => standardised(x, y, shift) ?? 0;
  const bracket = { ...ends, valueFrom, valueTo };
  return {
    lower: intervalEnd(bracket, valueAt, upperQuantile),
    upper: intervalEnd(bracket, valueAt, -upperQuantile),
    estimate: brentRoot(bracket, valueAt),
  };
}

function endOf(sorted: Float64Array, index: 0 | -1): number {
  return sorted.at(index) ?? NaN;
}

/** The statistic at a shift, in standard deviations; undefined where all observations are tied. */
function standardised(x: Float64Array, y: Float64Array, shift: number): number | undefined {
  const [n, m] = [x.length, y.length];
  const { rankSum, tieTerm } = pooledRanks(x, y, shift);
  const excess = rankSum - (n * (n + 1)) / 2 - (n * m) / 2;
  const deviation = Math.sqrt(((n * m) / 12) * (n + m + 1 - tieTerm / ((n + m) * (n + m - 1))));
  if (deviation === 0) return undefined;
  return (excess - Math.sign(excess) * 0.5) / deviation;
}

interface Ends {
  readonly from: number;
  readonly to: number;
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** Where the statistic falls through a quantile; an end of the range where it does not reach it. */
function intervalEnd(ends: Ends, valueAt: (shift: number) => number, quantile: number): number {
  const valueFrom = ends.valueFrom - quantile;
  const valueTo = ends.valueTo - quantile;
  if (valueFrom <= 0) return ends.from;
  if (valueTo >= 0) return ends.to;
  return brentRoot({ ...ends, valueFrom, valueTo }, (shift) => valueAt(shift) - quantile);
}

/** What the Mann-Whitney test needs of the ranks of two samples put together, ties having their average rank. */
export interface PooledRanks {
  /** Sum of the ranks of the first sample. */
  readonly rankSum: number;
  /** Sum over groups of tied values of size cubed minus size; 0 without ties. */
  readonly tieTerm: number;
}

/**
 * Ranks of `x - shift` and `y` together. Both are sorted as a Float64Array sorts (−0 before +0, as Java does), so that
 * one pass over both is enough: n + m steps and no memory, where ranking anew would sort and pairwise differences
 * would take n times m. A difference that is not a number (infinity less infinity) ranks highest, as in Kayenta
 * (commons-math `NaNStrategy.MAXIMAL`).
 */
export function pooledRanks(x: Float64Array, y: Float64Array, shift: number): PooledRanks {
  const shifted = (index: number): number => numberOrHighest((x[index] ?? 0) - shift);
  let [inX, inY] = [0, 0];
  let [rankSum, tieTerm] = [0, 0];
  while (inX < x.length || inY < y.length) {
    const value = lower(
      inX < x.length ? shifted(inX) : undefined,
      inY < y.length ? y[inY] : undefined,
    );
    const before = inX + inY;
    const ofX = inX;
    while (inX < x.length && Object.is(shifted(inX), value)) inX += 1;
    while (inY < y.length && Object.is(y[inY], value)) inY += 1;
    const tied = inX + inY - before;
    rankSum += (inX - ofX) * (before + (tied + 1) / 2);
    tieTerm += tied ** 3 - tied;
  }
  return { rankSum, tieTerm };
}

function numberOrHighest(value: number): number {
  return Number.isNaN(value) ? Infinity : value;
}

function lower(one: number | undefined, other: number | undefined): number {
  if (one === undefined || other === undefined) return one ?? other ?? 0;
  if (one === other) return Object.is(one, -0) ? one : other;
  return one < other ? one : other;
}

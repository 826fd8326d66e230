/** A series in five numbers, in its own unit; 0 throughout where it has no point, as Kayenta shows it. */
export interface SeriesStatistics {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation of the sample (n − 1); 0 for a single point. */
  readonly std: number;
}

/** Describes a series without missing points. Sums in the order given, then corrects the mean once for rounding. */
export function seriesStatistics(values: readonly number[]): SeriesStatistics {
  const count = values.length;
  if (count === 0) return { count, min: 0, max: 0, mean: 0, std: 0 };
  const rough = sum(values) / count;
  const mean = rough + sum(values.map((value) => value - rough)) / count;
  return {
    count,
    min: values.reduce((least, value) => Math.min(least, value)),
    max: values.reduce((most, value) => Math.max(most, value)),
    mean,
    std: count === 1 ? 0 : Math.sqrt(sampleVariance(values, mean)),
  };
}

/** A quantile by rule 7 of Hyndman and Fan (R's default): NaN where there is no value. `fraction` is from 0 to 1. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const place = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.floor(place) + 1] ?? below;
  return below + (place - Math.floor(place)) * (above - below);
}

function sampleVariance(values: readonly number[], mean: number): number {
  const deviations = values.map((value) => value - mean);
  const squares = sum(deviations.map((deviation) => deviation * deviation));
  return (squares - sum(deviations) ** 2 / values.length) / (values.length - 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

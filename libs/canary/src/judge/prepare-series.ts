import { quantile } from './series-statistics.js';

/** What is done with missing points: dropped, or each made 0. */
export type NanStrategy = 'remove' | 'replace';

/** What is done with outliers: nothing, or those outside of the fence are dropped. */
export type OutlierRule =
  | { readonly keep: true }
  | { readonly keep: false; readonly factor: number };

/** Handles missing points (NaN) first, then outliers, so that zeros put in take part in the fence. The order stays. */
export function prepareSeries(
  values: readonly number[],
  nanStrategy: NanStrategy,
  outliers: OutlierRule,
): readonly number[] {
  const known =
    nanStrategy === 'remove'
      ? values.filter((value) => !Number.isNaN(value))
      : values.map((value) => (Number.isNaN(value) ? 0 : value));
  return outliers.keep ? known : withoutOutliers(known, outliers.factor);
}

/**
 * Drops what lies outside of `factor` interquartile ranges around the quartiles. The fence is never inside the 1st to
 * 99th percentile: of 60 points at most the largest and the smallest go, whatever the factor (Kayenta's `IQRDetector`
 * with reduced sensitivity). A fence that is not a number (infinite points) drops nothing.
 */
function withoutOutliers(values: readonly number[], factor: number): readonly number[] {
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)];
  const margin = factor * (high - low);
  const lowerFence = Math.min(quantile(values, 0.01), low - margin);
  const upperFence = Math.max(quantile(values, 0.99), high + margin);
  return values.filter((value) => !(value > upperFence || value < lowerFence));
}

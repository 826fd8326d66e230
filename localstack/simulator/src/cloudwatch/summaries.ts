import type { Summary } from './records.js';

/** More distinct values than this in one summary are put together in bins of one per cent. */
const DISTINCT_VALUES_MAX = 500;
const BIN_WIDTH = 1.01;

/** Values with how often each was seen, in brief. */
export function summaryOf(values: readonly (readonly [value: number, count: number])[]): Summary {
  const seen = values.filter(([, count]) => count > 0);
  return {
    count: seen.reduce((total, [, count]) => total + count, 0),
    sum: seen.reduce((total, [value, count]) => total + value * count, 0),
    min: seen.reduce((least, [value]) => Math.min(least, value), Infinity),
    max: seen.reduce((most, [value]) => Math.max(most, value), -Infinity),
    values: compact(seen),
  };
}

/** All of them in one; percentiles need every part to know its values. */
export function merged(summaries: readonly Summary[]): Summary {
  const [first] = summaries;
  if (first !== undefined && summaries.length === 1) return first;
  const all = summaries.map(({ values }) => values);
  return {
    count: summaries.reduce((total, { count }) => total + count, 0),
    sum: summaries.reduce((total, { sum }) => total + sum, 0),
    min: Math.min(...summaries.map(({ min }) => min)),
    max: Math.max(...summaries.map(({ max }) => max)),
    values: all.every((values) => values !== undefined) ? compact(all.flat()) : undefined,
  };
}

/**
 * One statistic of a summary; `undefined` when it has none: percentiles of a statistic set are known only where all
 * of its values are equal. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function statisticOf(summary: Summary, statistic: string): number | undefined {
  switch (statistic) {
    case 'SampleCount':
      return summary.count;
    case 'Sum':
      return summary.sum;
    case 'Minimum':
      return summary.min;
    case 'Maximum':
      return summary.max;
    case 'Average':
      return summary.count === 0 ? undefined : summary.sum / summary.count;
    default:
      return percentileOf(summary, Number(statistic.slice(1)));
  }
}

/** Average and its like, or a percentile from p0 to p100 with up to ten decimals. */
export function isStatistic(text: string): boolean {
  if (['SampleCount', 'Sum', 'Minimum', 'Maximum', 'Average'].includes(text)) return true;
  return isPercentile(text);
}

export function isPercentile(text: string): boolean {
  return /^p(100|\d{1,2}(\.\d{1,10})?)$/.test(text);
}

function percentileOf(summary: Summary, percent: number): number | undefined {
  if (summary.min === summary.max) return summary.min;
  if (summary.values === undefined) return undefined;
  const sorted = summary.values.toSorted(([a], [b]) => a - b);
  const rank = (summary.count * percent) / 100;
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    // A rank that the counts reach but for a rounding error is reached.
    if (seen >= rank - 1e-9) return value;
  }
  return summary.max;
}

type Values = readonly (readonly [value: number, count: number])[];

function compact(values: Values): Values {
  const counts = new Map<number, number>();
  for (const [value, count] of values) counts.set(value, (counts.get(value) ?? 0) + count);
  if (counts.size <= DISTINCT_VALUES_MAX) return [...counts];
  const bins = new Map<number, { total: number; count: number }>();
  for (const [value, count] of counts) {
    const bin = value === 0 ? 0 : Math.sign(value) * binOf(Math.abs(value));
    const before = bins.get(bin) ?? { total: 0, count: 0 };
    bins.set(bin, { total: before.total + value * count, count: before.count + count });
  }
  return [...bins.values()].map(({ total, count }) => [total / count, count]);
}

/** Bins of equal ratio, numbered so that no value falls into bin 0, which is zero's own. */
function binOf(magnitude: number): number {
  return Math.round(Math.log(magnitude) / Math.log(BIN_WIDTH)) + 1e6;
}

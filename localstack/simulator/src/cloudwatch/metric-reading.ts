import type { Scope } from '../world/scope.js';
import { seriesKey } from './metric-identity.js';
import type { Span } from './metric-source.js';
import type { DataPoint, MetricIdentity } from './records.js';
import { merged, statisticOf } from './summaries.js';

/** One statistic at the beginning of each period that has data; a period without has no point. */
export interface StatisticPoint {
  readonly at: number;
  readonly value: number;
}

/** What is known of a metric in a span of time, in periods that begin at multiples of their length. */
export function readPeriods(
  scope: Scope,
  metric: MetricIdentity,
  request: Span & { readonly periodSeconds: number },
): readonly DataPoint[] {
  const periodMs = request.periodSeconds * 1000;
  const span = {
    from: Math.floor(request.from / periodMs) * periodMs,
    until: Math.ceil(request.until / periodMs) * periodMs,
  };
  const periods = new Map<number, DataPoint[]>();
  for (const point of pointsOf(scope, metric, span)) {
    const at = Math.floor(point.at / periodMs) * periodMs;
    const points = periods.get(at) ?? [];
    points.push(point);
    periods.set(at, points);
  }
  return [...periods]
    .filter(([at]) => at < request.until)
    .toSorted(([a], [b]) => a - b)
    .map(([at, points]) => ({ ...merged(points), at, seconds: request.periodSeconds }));
}

export function readStatistic(
  scope: Scope,
  metric: MetricIdentity,
  request: Span & { readonly periodSeconds: number; readonly statistic: string },
): readonly StatisticPoint[] {
  return readPeriods(scope, metric, request).flatMap((period) => {
    const value = statisticOf(period, request.statistic);
    return value === undefined ? [] : [{ at: period.at, value }];
  });
}

function pointsOf(scope: Scope, metric: MetricIdentity, span: Span): readonly DataPoint[] {
  const published = scope.tables.metricBuckets
    .where('series', seriesKey(metric))
    .filter(({ at }) => at >= span.from && at < span.until && at <= scope.now());
  const derived = scope.world.metricSources.flatMap((source) => source.points(scope, metric, span));
  return [...published, ...derived];
}

import type { Scope } from '../world/scope.js';
import { seriesKey } from './metric-identity.js';
import type { MetricIdentity, Summary } from './records.js';
import { merged } from './summaries.js';

/** "Data points with a period of 60 seconds are available for 15 days." What is older is let go here. */
const KEPT_MS = 15 * 86_400_000;

export interface Observation extends MetricIdentity {
  readonly unit?: string | undefined;
  readonly at: number;
  /** 60, or 1 for a high-resolution metric. */
  readonly seconds: number;
  readonly summary: Summary;
}

/**
 * Adds an observation to what is known of its metric in its minute (or second). Also for what publishes metrics
 * inside of the world; AWS/ namespaces are closed to callers only.
 */
export function recordMetric(scope: Scope, observation: Observation): void {
  const { namespace, name, dimensions, seconds, summary } = observation;
  const series = seriesKey(observation);
  const granule = seconds * 1000;
  const at = Math.floor(observation.at / granule) * granule;
  const key = `${at}/${seconds}|${series}`;
  const before = scope.tables.metricBuckets.find(key);
  const after = before === undefined ? summary : merged([before, summary]);
  scope.tables.metricBuckets.put(key, { ...after, series, at, seconds });
  const known = scope.tables.metrics.find(series);
  scope.tables.metrics.put(series, {
    key: series,
    namespace,
    name,
    dimensions,
    unit: observation.unit ?? known?.unit ?? 'None',
    lastAt: Math.max(at, known?.lastAt ?? 0),
  });
  if (before === undefined) forgetOld(scope, series);
}

/** Buckets come in the order of their making, so the oldest is looked at first. */
function forgetOld(scope: Scope, series: string): void {
  const [oldest] = scope.tables.metricBuckets.where('series', series);
  if (oldest === undefined || oldest.at > scope.now() - KEPT_MS) return;
  scope.tables.metricBuckets.delete(`${oldest.at}/${oldest.seconds}|${series}`);
}

import { countSeries, minuteSeries, type JudgedMinutes } from '../series/judged-minutes.js';
import type { MetricReading, SeriesReading } from '../series/metric-reading.js';
import {
  canaryMetrics,
  canarySeries,
  type CanaryMetricId,
  type CanarySeries,
  type CanarySeriesId,
} from './metric-set.js';

/** Everything that was read of one arm. */
export type ArmReadings = Readonly<Record<CanaryMetricId, MetricReading>>;

/** The same by the minute: each metric as it was read, missing counts filled in where that is known to be right. */
export type ArmSeries = Readonly<Record<CanaryMetricId, SeriesReading>>;

/** Puts what was read of one arm on the judged minutes. A count needs the arm's requests, and fails with them. */
export function armSeries(readings: ArmReadings, judged: JudgedMinutes): ArmSeries {
  const requests = plainSeries(readings.requests, judged);
  const seriesOf = (id: CanaryMetricId): SeriesReading => {
    const reading = readings[id];
    if (canaryMetrics[id].kind === 'gauge' || reading.status === 'failed') {
      return plainSeries(reading, judged);
    }
    if (requests.status === 'failed') return requests;
    return { status: 'read', values: countSeries(reading.points, requests.values, judged) };
  };
  return {
    requests,
    errors5xx: seriesOf('errors5xx'),
    connectionErrors: seriesOf('connectionErrors'),
    unhealthyHosts: seriesOf('unhealthyHosts'),
    responseTimeP50: seriesOf('responseTimeP50'),
    responseTimeP90: seriesOf('responseTimeP90'),
    responseTimeP99: seriesOf('responseTimeP99'),
  };
}

/**
 * A series of one arm in the unit that `canarySeries` states. A rate is missing where there were no requests. Failed when
 * a metric that it needs could not be read.
 */
export function deriveSeries(id: CanarySeriesId, arm: ArmSeries): SeriesReading {
  const series: CanarySeries = canarySeries[id];
  const values = arm[series.from];
  if (values.status === 'failed') return values;
  if (!('per' in series)) return scaled(values.values, series.scale);
  const requests = arm[series.per];
  if (requests.status === 'failed') return requests;
  const rates = values.values.map((value, index) => {
    const under = requests.values[index] ?? NaN;
    return under > 0 ? value / under : NaN;
  });
  return scaled(rates, series.scale);
}

function plainSeries(reading: MetricReading, judged: JudgedMinutes): SeriesReading {
  if (reading.status === 'failed') return reading;
  return { status: 'read', values: minuteSeries(reading.points, judged) };
}

function scaled(values: readonly number[], scale: number): SeriesReading {
  return { status: 'read', values: values.map((value) => value * scale) };
}

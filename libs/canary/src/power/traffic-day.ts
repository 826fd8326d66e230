import { minuteMs, minuteSeries, unjudgedMinutesAtEnd } from '../series/judged-minutes.js';
import type { MetricPoint } from '../series/metric-reading.js';

/** Minutes of a day: what is looked back, because traffic repeats by the day. */
export const minutesPerDay = 1440;

/** The last day of traffic that has settled. */
export interface TrafficDay {
  /** The whole minute at which it begins. */
  readonly startMs: number;
  /** Requests of all arms together in each of 1,440 minutes. */
  readonly requestsPerMinute: readonly number[];
  /** Errors per request over the day. */
  readonly errorRate: number;
}

/** What was read of the target groups that took the traffic, a day back from now. */
export interface DayReading {
  readonly requests: readonly MetricPoint[];
  readonly errors: readonly MetricPoint[];
  /** AWS's time. */
  readonly nowMs: number;
}

/**
 * A day of traffic by the minute. A minute without a point had no requests: CloudWatch reports none where none were. Points of
 * several target groups at one minute are added up. Undefined where the whole day has none, since then nothing is known.
 */
export function trafficDay(reading: DayReading): TrafficDay | undefined {
  const end = Math.floor(reading.nowMs / minuteMs) - unjudgedMinutesAtEnd;
  const day = { startMs: (end - minutesPerDay) * minuteMs, minutes: minutesPerDay };
  const byMinute = (points: readonly MetricPoint[]): readonly number[] =>
    minuteSeries(addedUp(points), day).map((value) => (Number.isNaN(value) ? 0 : value));
  const requestsPerMinute = byMinute(reading.requests);
  const requests = requestsPerMinute.reduce((sum, count) => sum + count, 0);
  if (requests === 0) return undefined;
  const errors = byMinute(reading.errors).reduce((sum, count) => sum + count, 0);
  const errorRate = Math.min(1, errors / requests);
  return { startMs: day.startMs, requestsPerMinute, errorRate };
}

/** Requests to expect in each minute of a span: those of the same minutes of the day, whatever day it is. */
export function expectedRequests(
  day: TrafficDay,
  span: { readonly startMs: number; readonly minutes: number },
): readonly number[] {
  const first = Math.floor((span.startMs - day.startMs) / minuteMs);
  return Array.from({ length: span.minutes }, (_none, index) => {
    const place = (first + index) % minutesPerDay;
    return day.requestsPerMinute[place < 0 ? place + minutesPerDay : place] ?? 0;
  });
}

function addedUp(points: readonly MetricPoint[]): readonly MetricPoint[] {
  const sums = new Map<string, number>();
  for (const { at, value } of points) sums.set(at, (sums.get(at) ?? 0) + value);
  return [...sums].map(([at, value]) => ({ at, value }));
}

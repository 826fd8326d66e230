import { pointsPerSeriesMax } from '../judge/mann-whitney.js';
import type { MetricPoint } from './metric-reading.js';

/**
 * Minutes at the end that are not judged. CloudWatch's points of a load balancer arrive and grow for up to about two
 * minutes; a count that is still growing looks like a loss of traffic or of errors.
 */
export const unjudgedMinutesAtEnd = 2;

/** Milliseconds of a minute, the period of every series. */
export const minuteMs = 60_000;

/** The minutes that are judged: `minutes` of them from `startMs` on, which is a whole minute. */
export interface JudgedMinutes {
  readonly startMs: number;
  readonly minutes: number;
}

/** From when to when there is something to judge, and the present time by the clock that stamps the points. */
export interface AnalysisWindow {
  /** Weights hold and warm-up is over from here on. */
  readonly fromMs: number;
  /** Not included; the present or later means "up to now". */
  readonly untilMs: number;
  /** AWS's time, not ours: points are compared with it. */
  readonly nowMs: number;
}

/**
 * The whole minutes inside of a window that ended at least two minutes ago. A minute that the window cuts is left out: it
 * holds traffic from before. Of a window longer than a series may be (a week), the newest minutes.
 */
export function judgedMinutes(window: AnalysisWindow): JudgedMinutes {
  const settledMs = window.nowMs - unjudgedMinutesAtEnd * minuteMs;
  const first = Math.ceil(window.fromMs / minuteMs);
  const end = Math.floor(Math.min(window.untilMs, settledMs) / minuteMs);
  const minutes = Math.min(Math.max(0, end - first), pointsPerSeriesMax);
  return { startMs: (minutes === 0 ? first : end - minutes) * minuteMs, minutes };
}

/** Points put on the judged minutes; NaN where there is none. Points outside are left out; of two the later one counts. */
export function minuteSeries(
  points: readonly MetricPoint[],
  judged: JudgedMinutes,
): readonly number[] {
  const values: number[] = Array.from({ length: judged.minutes }, () => NaN);
  for (const { at, value } of points) {
    const index = Math.floor((Date.parse(at) - judged.startMs) / minuteMs);
    if (index >= 0 && index < judged.minutes) values[index] = value;
  }
  return values;
}

/**
 * A count by the minute: CloudWatch reports a count only where it is not 0, so a missing one is 0 where the same arm's
 * RequestCount of the same minute exists, and missing where that is missing too.
 */
export function countSeries(
  points: readonly MetricPoint[],
  requests: readonly number[],
  judged: JudgedMinutes,
): readonly number[] {
  return minuteSeries(points, judged).map((value, index) =>
    Number.isNaN(value) && !Number.isNaN(requests[index] ?? NaN) ? 0 : value,
  );
}

import { armReadings, healthy, reading, startMs } from './analysis-builder.js';
import {
  armSeries,
  countSeries,
  deriveSeries,
  judgedMinutes,
  minuteSeries,
  pointsPerSeriesMax,
} from '@gennaker/canary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { seededChance } from './seeded-chance.js';

const minuteMs = 60_000;
const judged = { startMs, minutes: 4 };

describe('the judged minutes', () => {
  it('leave out the last two', () => {
    const nowMs = startMs + 10 * minuteMs;
    expect(judgedMinutes({ fromMs: startMs, untilMs: nowMs, nowMs })).toEqual({
      startMs,
      minutes: 8,
    });
  });

  it('leave out a minute that has not ended two minutes ago', () => {
    const nowMs = startMs + 10 * minuteMs + 20_000;
    expect(judgedMinutes({ fromMs: startMs, untilMs: nowMs, nowMs }).minutes).toBe(8);
  });

  it('leave out minutes that the window cuts', () => {
    const window = {
      fromMs: startMs + 1,
      untilMs: startMs + 9.5 * minuteMs,
      nowMs: startMs + 60 * minuteMs,
    };
    expect(judgedMinutes(window)).toEqual({ startMs: startMs + minuteMs, minutes: 8 });
  });

  it('are none where nothing has settled', () => {
    expect(
      judgedMinutes({ fromMs: startMs, untilMs: startMs + minuteMs, nowMs: startMs }).minutes,
    ).toBe(0);
  });

  it('are the newest week of a longer window', () => {
    const untilMs = startMs + 20_000 * minuteMs;
    const long = judgedMinutes({ fromMs: startMs, untilMs, nowMs: untilMs + 2 * minuteMs });
    expect(long.minutes).toBe(pointsPerSeriesMax);
    expect(long.startMs + long.minutes * minuteMs).toBe(untilMs);
  });

  it('always lie inside of the window and two minutes back', () => {
    const time = fc.integer({ min: 0, max: 1e8 });
    fc.assert(
      fc.property(time, time, time, (fromMs, untilMs, nowMs) => {
        const found = judgedMinutes({ fromMs, untilMs, nowMs });
        const endMs = found.startMs + found.minutes * minuteMs;
        expect(found.startMs % minuteMs).toBe(0);
        expect(found.minutes === 0 || found.startMs >= fromMs).toBe(true);
        expect(found.minutes === 0 || endMs <= Math.min(untilMs, nowMs - 2 * minuteMs)).toBe(true);
      }),
    );
  });
});

describe('a missing minute', () => {
  it('of a count is 0 where the same minute had requests, and missing where it had none', () => {
    const errors = [{ at: new Date(startMs + minuteMs).toISOString(), value: 3 }];
    expect(countSeries(errors, [10, 20, 0, NaN], judged)).toEqual([0, 3, 0, NaN]);
  });

  it('of anything else is missing', () => {
    const points = [{ at: new Date(startMs).toISOString(), value: 1 }];
    expect(minuteSeries(points, judged)).toEqual([1, NaN, NaN, NaN]);
  });

  it('outside of the judged ones is not looked at', () => {
    const points = [-1, 0, 3, 4].map((minute) => ({
      at: new Date(startMs + minute * minuteMs).toISOString(),
      value: minute,
    }));
    expect(minuteSeries(points, judged)).toEqual([0, NaN, NaN, 3]);
  });
});

describe('a series that is judged', () => {
  const readings = {
    ...armReadings(healthy, 4, seededChance(1)),
    requests: reading([100, 200, 0, 400], 'nonzero'),
    errors5xx: reading([1, 0, 0, 2], 'nonzero'),
    responseTimeP99: reading([0.25, 0.5, 0.25, 0.5]),
  };

  it('of errors is a rate per million requests, missing where there were none', () => {
    expect(deriveSeries('errorsPerMillion', armSeries(readings, judged))).toEqual({
      status: 'read',
      values: [10_000, 0, NaN, 5000],
    });
  });

  it('of latency is in milliseconds', () => {
    expect(deriveSeries('latencyP99Ms', armSeries(readings, judged))).toEqual({
      status: 'read',
      values: [250, 500, 250, 500],
    });
  });

  it('has failed when the requests that it needs could not be read', () => {
    const failed = { ...readings, requests: { status: 'failed', error: 'throttled' } } as const;
    expect(deriveSeries('errorsPerMillion', armSeries(failed, judged))).toEqual({
      status: 'failed',
      error: 'throttled',
    });
  });
});

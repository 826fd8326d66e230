import {
  analyse,
  defaultGateSettings,
  expectStep,
  smallestHarmfulRise,
  smallestRiseOfProportions,
  trafficDay,
  type PlannedStep,
  type TrafficDay,
} from '@gennaker/canary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { analysisRequest, onlyMetric, startMs } from './analysis-builder.js';
import { gateCheck } from './gate-checks.js';

const minuteMs = 60_000;

describe('the smallest rise that the best test finds', () => {
  // The sample sizes of Fleiss' tables and of R's power.prop.test for both proportions, arms of equal size, 5 % two-sided.
  it.each([
    [0.1, 0.2, 198.96, 0.8],
    [0.5, 0.6, 387.34, 0.8],
    [0.5, 0.75, 76.708, 0.9],
    [0.05, 0.1, 434.43, 0.8],
  ])('from %d to %d needs %d requests an arm', (errorRate, raised, requests, power) => {
    const arms = { control: requests, experiment: requests };
    const rise = smallestRiseOfProportions({ errorRate, ...arms, alpha: 0.025, power });
    expect((rise ?? NaN) + errorRate).toBeCloseTo(raised, 4);
  });

  it('is smaller the more requests there are, whichever arm has them', () => {
    const requests = fc.integer({ min: 50, max: 1_000_000 });
    const errorRate = fc.double({ min: 0, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(errorRate, fc.tuple(requests, requests), requests, (rate, arms, more) => {
        const [control, experiment] = arms;
        const known = { errorRate: rate, alpha: 0.01, power: 0.8 };
        const rise = smallestRiseOfProportions({ ...known, control, experiment }) ?? 1;
        const better =
          smallestRiseOfProportions({
            ...known,
            control: control + more,
            experiment: experiment + more,
          }) ?? 1;
        expect(better).toBeLessThanOrEqual(rise + 1e-9);
      }),
    );
  });

  it('is none without requests, or where all requests failing would not be enough', () => {
    const known = { errorRate: 0.1, alpha: 0.01, power: 0.8 };
    expect(smallestRiseOfProportions({ ...known, control: 100, experiment: 0 })).toBeNull();
    expect(smallestRiseOfProportions({ ...known, control: 1, experiment: 1 })).toBeNull();
  });
});

describe('the smallest rise that error totals find', () => {
  it.each([
    ['half of much traffic', 1000, 1000, 0.002],
    ['a tenth of much traffic', 900, 100, 0.002],
    ['a tenth of little traffic', 90, 10, 0.01],
    ['a hundredth of much traffic', 9900, 100, 0.001],
    ['a tenth, with a control that never fails', 900, 100, 0],
  ])(
    'is found about four times of five, at %s',
    (_what, control, experiment, errorRate) => {
      const { harmAlpha } = defaultGateSettings;
      const rise = smallestHarmfulRise({
        errorRate,
        control: control * 60,
        experiment: experiment * 60,
        minutes: 60,
        alpha: harmAlpha,
        power: 0.8,
        harmRatio: 1.5,
      });
      const runs = 100;
      const found = Array.from({ length: runs }, (_none, seed) => {
        const request = analysisRequest({
          seed,
          configuration: onlyMetric('errorsPerMillion'),
          gate: { pointsMin: 1, shareTolerancePercent: 50 },
          arms: [
            { role: 'control', requests: control, plannedWeight: control, errorRate },
            {
              role: 'experiment',
              requests: experiment,
              plannedWeight: experiment,
              errorRate: errorRate + (rise ?? NaN),
            },
          ],
        });
        return gateCheck(analyse(request), 'errorTotals').outcome === 'fail';
      });
      const share = found.filter(Boolean).length / runs;
      expect(share).toBeGreaterThan(0.7);
      expect(share).toBeLessThan(0.95);
    },
    30_000,
  );

  it('is none in fewer minutes than three blocks have', () => {
    const arms = { control: 1e6, experiment: 1e6 };
    const known = { errorRate: 0.01, alpha: 0.001, power: 0.8, harmRatio: 1.5 };
    expect(smallestHarmfulRise({ ...known, ...arms, minutes: 14 })).toBeNull();
    expect(smallestHarmfulRise({ ...known, ...arms, minutes: 15 })).not.toBeNull();
  });
});

describe('a day of traffic', () => {
  const nowMs = startMs + 1442 * minuteMs;
  const at = (minute: number) => new Date(startMs + minute * minuteMs).toISOString();

  it('adds up the arms, counts missing minutes as none, and leaves out what has not settled', () => {
    const day = trafficDay({
      requests: [
        { at: at(0), value: 60 },
        { at: at(0), value: 40 },
        { at: at(1439), value: 100 },
        { at: at(1440), value: 999 },
      ],
      errors: [{ at: at(0), value: 1 }],
      nowMs,
    });
    expect(day).toMatchObject({ startMs, errorRate: 0.005 });
    expect(day?.requestsPerMinute.filter((count) => count > 0)).toEqual([100, 100]);
    expect(day?.requestsPerMinute.length).toBe(1440);
  });

  it('is unknown where it has no traffic at all', () => {
    expect(trafficDay({ requests: [], errors: [], nowMs })).toBeUndefined();
  });
});

describe('a planned step', () => {
  const busy = dayOf(() => 1000);
  const step: PlannedStep = {
    startMs,
    minutes: 62,
    experimentPercent: 10,
    control: 'runningFleet',
  };

  it('expects its share of yesterday’s requests, without the last two minutes', () => {
    const { control, experiment, enough, proposal } = expectStep(busy, step, defaultGateSettings);
    expect(experiment.requests).toBeCloseTo(6000, 6);
    expect(control.requests).toBeCloseTo(54_000, 6);
    expect(experiment.points).toBeCloseTo(60, 6);
    expect([enough, proposal]).toEqual([true, null]);
  });

  it('gives a fresh baseline the same as the experiment', () => {
    const fresh = expectStep(busy, { ...step, control: 'freshBaseline' }, defaultGateSettings);
    expect(fresh.control).toEqual(fresh.experiment);
  });

  it('looks at the same hours, of whatever day', () => {
    const nightly = dayOf((minute) => (minute < 720 ? 0 : 100));
    const morning = { ...step, startMs: startMs + 3 * 1440 * minuteMs };
    const evening = { ...step, startMs: startMs + (3 * 1440 + 720) * minuteMs };
    expect(expectStep(nightly, morning, defaultGateSettings).experiment.requests).toBe(0);
    expect(expectStep(nightly, evening, defaultGateSettings).experiment.requests).toBeCloseTo(600);
    const before = { ...step, startMs: startMs - 720 * minuteMs };
    expect(expectStep(nightly, before, defaultGateSettings).experiment.requests).toBeCloseTo(600);
  });

  it('that is too short is refused with the duration that would do', () => {
    const short = expectStep(busy, { ...step, minutes: 30 }, defaultGateSettings);
    expect(short).toMatchObject({
      enough: false,
      proposal: { minutes: 52, experimentPercent: null },
    });
    expect(short.reason).toContain('52 minutes would do');
  });

  it('with too few requests is refused with the share or the duration that would do', () => {
    const quiet = dayOf(() => 10);
    const thin = expectStep(quiet, { ...step, experimentPercent: 5 }, defaultGateSettings);
    expect(thin.enough).toBe(false);
    const { minutes, experimentPercent } = thin.proposal ?? {};
    expect(minutes).toBeGreaterThan(62);
    expect(experimentPercent).toBeGreaterThan(5);
    expect(thin.reason).toContain(`${minutes} minutes or ${experimentPercent} % would do`);
  });

  it('on a service that hardly anybody calls cannot be helped', () => {
    const dead = dayOf((minute) => (minute % 600 === 0 ? 1 : 0));
    const { proposal, reason, smallestRise } = expectStep(dead, step, defaultGateSettings);
    expect(proposal).toEqual({ minutes: null, experimentPercent: null });
    expect([smallestRise, reason]).toEqual([
      null,
      expect.stringContaining('neither a day nor half of the traffic alone would do'),
    ]);
  });

  it('says which rise of errors it would catch', () => {
    const { smallestRise, reason } = expectStep(busy, step, defaultGateSettings);
    expect(smallestRise).toBeGreaterThan(0.001);
    expect(smallestRise).toBeLessThan(0.01);
    expect(reason).toMatch(
      /^62 minutes at 10 %: about 6000 requests in 60 minutes for the experiment, 54000 in 60 for the control; a rise of errors by 0\.\d+ % of requests is caught 4 times of 5$/,
    );
    const judgeOnly = { ...defaultGateSettings, harmRatio: null };
    expect(expectStep(busy, step, judgeOnly).smallestRise).toBeLessThan(smallestRise ?? 0);
  });

  it('proposes only what is enough, and nothing smaller that would be', () => {
    const settings = defaultGateSettings;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 3, max: 120 }),
        (requests, experimentPercent, minutes) => {
          const day = dayOf(() => requests);
          const planned = { ...step, experimentPercent, minutes };
          const { enough, proposal } = expectStep(day, planned, settings);
          const proposed = proposal?.minutes ?? null;
          if (enough || proposed === null) return;
          const longer = (more: number) =>
            expectStep(day, { ...planned, minutes: proposed + more }, settings).enough;
          expect([longer(0), longer(-1)]).toEqual([true, false]);
        },
      ),
      { numRuns: 30 },
    );
  });
});

function dayOf(requests: (minute: number) => number): TrafficDay {
  const requestsPerMinute = Array.from({ length: 1440 }, (_none, minute) => requests(minute));
  return { startMs, requestsPerMinute, errorRate: 0.002 };
}

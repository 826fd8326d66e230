import {
  analyse,
  canarySeries,
  defaultCanaryConfiguration,
  downSample,
  minutesPerPoint,
  renderReport,
  reportBytesMax,
  reportedPointsMax,
  type CanaryConfiguration,
} from '@gennaker/canary';
import { canaryConfigurationSchema } from '@gennaker/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { analysisRequest, changed, reading, type ArmChoice } from './analysis-builder.js';

describe('the outcome of an analysis', () => {
  it.each([
    ['passes a good build', {}, 'pass', 'every metric passed'],
    ['fails 2 % more errors', { errorRate: 0.022 }, 'fail', 'harm is shown'],
    ['holds at one slow percentile', {}, 'inconclusive', 'latencyP99Ms High'],
    ['fails slowness throughout', { latencyMs: 120 }, 'fail', 'latencyP50Ms High'],
    ['holds at sick hosts alone', { unhealthyHosts: 2 }, 'inconclusive', 'unhealthyHosts High'],
  ])('%s', (name, behaviour, outcome, words) => {
    const arms: readonly ArmChoice[] = [{ role: 'control' }, { role: 'experiment', ...behaviour }];
    const request = analysisRequest({ arms });
    const slowTail = reading(Array.from({ length: 60 }, (_none, index) => 0.6 + (index % 7) / 100));
    const report = analyse(
      name.includes('percentile')
        ? changed(request, 'experiment', { responseTimeP99: slowTail })
        : request,
    );
    expect([report.outcome, report.reason]).toEqual([outcome, expect.stringContaining(words)]);
  });

  it('finds 2 % more errors at a share of a tenth, by the judge alone, too', () => {
    const arms: readonly ArmChoice[] = [
      { role: 'control', requests: 900, plannedWeight: 90 },
      { role: 'experiment', requests: 100, plannedWeight: 10, errorRate: 0.022 },
    ];
    const alone = analyse(analysisRequest({ arms, gate: { harmRatio: null } }));
    expect(alone).toMatchObject({ outcome: 'fail', score: 0, classification: 'Fail' });
    expect(alone.reason).toContain('errorsPerMillion was classified as High (Critical)');
  });

  it('is inconclusive when a metric that counts could not be tested', () => {
    const one = { ...analysisRequest({ minutes: 1, gate: { pointsMin: 1 } }) };
    const control = changed(one, 'control', { responseTimeP50: reading([0.1]) });
    const report = analyse(changed(control, 'experiment', { responseTimeP50: reading([0.2]) }));
    expect(report.metrics.find(({ name }) => name === 'latencyP50Ms')?.verdict).toBe('Error');
    expect([report.classification, report.outcome]).toEqual(['Pass', 'inconclusive']);
    expect(report.reason).toContain('not every metric could be judged');
  });

  it('does not depend on a muted metric, which is shown all the same', () => {
    const metrics = defaultCanaryConfiguration.metrics.map((metric) =>
      metric.name === 'unhealthyHosts'
        ? { ...metric, groups: ['errors'], analysisConfigurations: { canary: { muted: true } } }
        : metric,
    );
    const groupWeights = { errors: 60, latency: 40 };
    const configuration = { ...defaultCanaryConfiguration, metrics, classifier: { groupWeights } };
    const arms: readonly ArmChoice[] = [
      { role: 'control' },
      { role: 'experiment', readings: { unhealthyHosts: { status: 'failed', error: 'denied' } } },
    ];
    const report = analyse(analysisRequest({ configuration, arms }));
    expect(report.outcome).toBe('pass');
    expect(report.metrics.at(-1)).toMatchObject({
      muted: true,
      reason: 'it could not be read: denied',
    });
  });

  it('is the same whenever the same is asked', () => {
    expect(analyse(analysisRequest({ seed: 5 }))).toEqual(analyse(analysisRequest({ seed: 5 })));
  });
});

describe('a report', () => {
  it('survives JSON unchanged', () => {
    const report = analyse(analysisRequest({ minutes: 40 }));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('shows both series minute by minute, and how many minutes a point stands for', () => {
    const report = analyse(analysisRequest({ minutes: 120 }));
    expect(report.minutesPerPoint).toBe(1);
    expect(report.metrics.map(({ control }) => control.series.length)).toEqual(
      defaultCanaryConfiguration.metrics.map(() => 120),
    );
    const day = analyse(analysisRequest({ minutes: 1440 }));
    expect([day.minutes, day.minutesPerPoint]).toEqual([1440, 12]);
    expect(day.metrics[0]?.experiment.series.length).toBe(120);
    expect(day.metrics[0]?.experiment.count).toBe(1440);
  });

  it('tells count, mean and ratio as they were judged', () => {
    const readings = { unhealthyHosts: reading(Array(60).fill(3)) };
    const request = changed(analysisRequest(), 'experiment', readings);
    const hosts = analyse(request).metrics.find(({ name }) => name === 'unhealthyHosts');
    expect(hosts).toMatchObject({
      verdict: 'High',
      ratio: null,
      control: { count: 60, mean: 0 },
      experiment: { count: 60, mean: 3, min: 3, max: 3, std: 0 },
    });
  });

  it.each([
    ['letters', 'x'],
    ['wide characters', '漢'],
    ['emoji', '🙈'],
    ['characters that JSON escapes', '\u0001'],
    ['lone halves of a pair', '\ud800'],
  ])(
    'of the largest analysis in %s stays within 64 KiB',
    (_what, character) => {
      const report = analyse(largestRequest(character));
      const bytes = Buffer.byteLength(JSON.stringify(report));
      expect(bytes).toBeLessThanOrEqual(reportBytesMax);
      expect(report.metrics.length).toBe(40);
      expect(report.metrics[0]?.control.series.length).toBeGreaterThan(5);
    },
    30_000,
  );

  it('without any verdict stays within 64 KiB, however much the gate has to say', () => {
    const error = '"\u0001'.repeat(50_000);
    const failed = { status: 'failed', error } as const;
    const request = changed(largestRequest('"'), 'control', {
      requests: failed,
      responseTimeP99: failed,
    });
    const report = analyse(request);
    expect(report.outcome).toBe('inconclusive');
    expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThanOrEqual(reportBytesMax);
  }, 30_000);
});

describe('down-sampling', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constant(NaN)), {
    maxLength: 3000,
  });

  it('never has more points than it may, and loses no minute', () => {
    fc.assert(
      fc.property(values, (series) => {
        const perPoint = minutesPerPoint(series.length, reportedPointsMax);
        const points = downSample(series, perPoint);
        expect(points.length).toBeLessThanOrEqual(reportedPointsMax);
        expect(points.length * perPoint).toBeGreaterThanOrEqual(series.length);
      }),
    );
  });

  it('stays between the least and the most', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (series, perPoint) => {
        const known = series.filter((value) => !Number.isNaN(value));
        const points = downSample(series, perPoint).filter((point) => point !== null);
        expect(points.length > 0).toBe(known.length > 0);
        // Four digits: a mean may be rounded by half a unit of its fourth.
        const slack = 0.5;
        for (const point of points) {
          expect(point).toBeGreaterThanOrEqual(Math.min(...known) - slack);
          expect(point).toBeLessThanOrEqual(Math.max(...known) + slack);
        }
      }),
    );
  });

  it('takes the mean of what there is, and nothing where there is nothing', () => {
    expect(downSample([1, 3, NaN, 5, NaN, NaN, 7], 2)).toEqual([2, 5, null, 7]);
  });
});

describe('a report for people', () => {
  it('says first what came out and why, then on what it rests', () => {
    const arms: readonly ArmChoice[] = [
      { role: 'control' },
      { role: 'experiment', latencyMs: 120 },
    ];
    const text = renderReport(analyse(analysisRequest({ arms })));
    expect(text.split('\n').slice(0, 3)).toEqual([
      '# Canary analysis: fail',
      '',
      expect.stringContaining('score 70 (pass from 95, marginal from 75): latencyP50Ms High'),
    ]);
    expect(text).toContain('| sampleRatio | pass | shop-experiment has');
    expect(text).toContain('### latencyP50Ms: High');
    expect(text).toMatch(/\| control \| 60 \| [\d.]+ \|/);
    expect(text).toMatch(/\ncontrol {4}[▁▂▃▄▅▆▇█]{60}\nexperiment [▁▂▃▄▅▆▇█]{60}\n/);
  });

  it('lets no name break a table or become a link', () => {
    const metrics = [
      {
        name: 'a|b\n# <script>[x](y)',
        groups: ['g'],
        query: { type: 'cloudwatch', series: 'latencyP50Ms' },
      },
    ];
    const configuration = { name: 'mine', metrics, classifier: { groupWeights: { g: 100 } } };
    const text = renderReport(analyse(analysisRequest({ configuration })));
    expect(text).toContain(String.raw`### a\|b \# \<script\>\[x\](y): Pass`);
  });
});

/** Every list, name and series as large as the schema lets it be, and all of it worth many words. */
function largestRequest(character: string) {
  const name = (index: number) => `${index}`.padStart(3, '0') + character.repeat(97);
  const seriesIds = Object.keys(canarySeries);
  const configuration: CanaryConfiguration = canaryConfigurationSchema.parse({
    name: name(0),
    metrics: Array.from({ length: 40 }, (_none, index) => ({
      name: name(index),
      groups: Array.from({ length: 40 }, (_nothing, group) => name(group)),
      query: { type: 'cloudwatch', series: seriesIds[index % seriesIds.length] },
      analysisConfigurations: { canary: { effectSize: { measure: 'cles' } } },
    })),
    classifier: { groupWeights: {} },
  });
  const others = Array.from({ length: 6 }, (): ArmChoice => ({ role: 'other', requests: 123.456 }));
  const arms: readonly ArmChoice[] = [
    { role: 'control', requests: 123.456, unhealthyHosts: 1 },
    { role: 'experiment', requests: 123.456, latencyMs: 1234.567, unhealthyHosts: 2 },
    ...others,
  ];
  const request = analysisRequest({ configuration, arms, minutes: 600 });
  return { ...request, arms: request.arms.map((arm, index) => ({ ...arm, name: name(index) })) };
}

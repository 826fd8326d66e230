import { analyse, defaultCanaryConfiguration, type CanaryConfiguration } from '@gennaker/canary';
import { describe, expect, it } from 'vitest';

import { analysisRequest, changed, reading, type ArmChoice } from './analysis-builder.js';
import { gateCheck, refusal } from './gate-checks.js';

const hour = Array.from({ length: 60 }, (_none, index) => index);

describe('the gate lets the judge speak', () => {
  it('about two arms that are alike, and says what it looked at', () => {
    const report = analyse(analysisRequest());
    expect(report.outcome).toBe('pass');
    expect(report.gate.map(({ check, outcome }) => [check, outcome])).toEqual([
      ['configuration', 'pass'],
      ['metricReads', 'pass'],
      ['weights', 'pass'],
      ['enoughRequests', 'pass'],
      ['sampleRatio', 'pass'],
      ['enoughData', 'pass'],
      ['errorTotals', 'pass'],
    ]);
  });

  it('about arms of unequal size and a third that only takes traffic', () => {
    const arms: readonly ArmChoice[] = [
      { role: 'control', requests: 100, plannedWeight: 10 },
      { role: 'experiment', requests: 100, plannedWeight: 10 },
      { role: 'other', requests: 800, plannedWeight: 80 },
    ];
    expect(analyse(analysisRequest({ arms })).outcome).toBe('pass');
  });

  it('when the listener writes the same shares in another unit', () => {
    const arms: readonly ArmChoice[] = [
      { role: 'control', requests: 900, plannedWeight: 90, readBackWeight: 9 },
      { role: 'experiment', requests: 100, plannedWeight: 10, readBackWeight: 1 },
    ];
    expect(analyse(analysisRequest({ arms })).outcome).toBe('pass');
  });
});

describe('the gate refuses', () => {
  it('when a metric could not be read, naming it and the error', () => {
    const failed = { status: 'failed', error: 'AWS_THROTTLED' } as const;
    const report = analyse(changed(analysisRequest(), 'experiment', { responseTimeP99: failed }));
    expect(refusal(report, 'metricReads')).toBe(
      '"latencyP99Ms" of the experiment could not be read: AWS_THROTTLED',
    );
    expect(report.score).toBeNull();
  });

  it('when there is no data at all', () => {
    const nothing = reading([]);
    const none = {
      requests: nothing,
      errors5xx: nothing,
      connectionErrors: nothing,
      unhealthyHosts: nothing,
      responseTimeP50: nothing,
      responseTimeP90: nothing,
      responseTimeP99: nothing,
    };
    const report = analyse(
      changed(changed(analysisRequest(), 'experiment', none), 'control', none),
    );
    expect(report.outcome).toBe('inconclusive');
    expect(refusal(report, 'enoughData')).toMatch(/"errorsPerMillion".* have no data in each arm/);
  });

  it('when there is nothing settled to judge yet', () => {
    const request = analysisRequest();
    const early = { ...request, window: { ...request.window, nowMs: request.window.fromMs } };
    expect(analyse(early).outcome).toBe('inconclusive');
  });

  it('below 50 minutes, and takes fewer when told to', () => {
    const report = analyse(analysisRequest({ minutes: 49 }));
    // What is needed first, and all that lack the same together: people are asked with the beginning of it.
    expect(refusal(report, 'enoughData')).toMatch(
      /^at least 50 minutes of each metric are needed in each arm: "[^;]*"unhealthyHosts"[^;]* have 49 minutes in each arm$/,
    );
    expect(analyse(analysisRequest({ minutes: 50 })).outcome).toBe('pass');
    expect(analyse(analysisRequest({ minutes: 20, gate: { pointsMin: 20 } })).outcome).toBe('pass');
  });

  it('below 100 requests in an arm, and takes fewer when told to', () => {
    const arms: readonly ArmChoice[] = [{ role: 'control' }, { role: 'experiment' }];
    const few = changed(analysisRequest({ arms }), 'experiment', {
      requests: reading(
        hour.map((minute) => (minute < 49 ? 2 : 0)),
        'nonzero',
      ),
    });
    expect(refusal(analyse(few), 'enoughRequests')).toContain('shop-experiment had 98 requests');
    const lenient = { ...few, gate: { ...few.gate, requestsMin: 98 } };
    expect(gateCheck(analyse(lenient), 'enoughRequests').outcome).toBe('pass');
  });

  it('an infinite value, which the judge would pass', () => {
    const infinite = reading(hour.map((minute) => (minute === 7 ? Infinity : 0.08)));
    const report = analyse(changed(analysisRequest(), 'experiment', { responseTimeP50: infinite }));
    expect(refusal(report, 'enoughData')).toContain('has 1 infinite values in the experiment');
  });

  it.each([
    ['was changed', 40, 'the listener does not have the planned weights'],
    ['could not be read back', null, 'the weight of shop-experiment could not be read back'],
    ['is gone', 0, 'the listener does not have the planned weights'],
  ])('when a weight %s', (_what, readBackWeight, words) => {
    const arms: readonly ArmChoice[] = [
      { role: 'control' },
      { role: 'experiment', readBackWeight },
    ];
    expect(refusal(analyse(analysisRequest({ arms })), 'weights')).toContain(words);
  });

  it('when no traffic is planned for one of the two', () => {
    const arms: readonly ArmChoice[] = [
      { role: 'control', plannedWeight: 100 },
      { role: 'experiment', plannedWeight: 0 },
    ];
    expect(refusal(analyse(analysisRequest({ arms })), 'weights')).toContain(
      'no traffic is planned',
    );
  });

  it('two controls, or no experiment', () => {
    const arms: readonly ArmChoice[] = [{ role: 'control' }, { role: 'control' }];
    const report = analyse(analysisRequest({ arms }));
    expect(refusal(report, 'configuration')).toBe(
      'there must be one control and one experiment, not 2 and 0',
    );
  });
});

describe('the gate refuses a configuration', () => {
  it('of more metrics, and an analysis of more arms, than a report can hold', () => {
    const metrics = Array.from({ length: 41 }, (_none, index) => ({
      name: `m${index}`,
      groups: ['g'],
      query: { type: 'cloudwatch', series: 'requests' },
    }));
    const large = analyse(analysisRequest({ configuration: configured({ metrics }) }));
    expect(refusal(large, 'configuration')).toBe('there are 41 metrics, at most 40');
    const others = Array.from({ length: 7 }, (): ArmChoice => ({ role: 'other' }));
    const arms: readonly ArmChoice[] = [{ role: 'control' }, { role: 'experiment' }, ...others];
    const crowded = analyse(analysisRequest({ arms }));
    expect(refusal(crowded, 'configuration')).toBe('there are 9 arms, at most 8');
  });

  it.each([
    [
      'without a source',
      { metrics: [{ name: 'cpu', groups: ['a'] }] },
      'metric "cpu" has no source',
    ],
    ['without metrics', { metrics: [] }, 'no metric counts'],
    ['with a metric in no group', withGroups([]), 'is in no group, so it would never count'],
    ['with weights above 100', { groupWeights: { errors: 100, latency: 100, hosts: 20 } }, '220'],
    ['with weights below 100', { groupWeights: { errors: 50, latency: 20, hosts: 20 } }, '90'],
    ['with nothing left to share', { groupWeights: { errors: 100 } }, 'leave something of 100'],
    [
      'with a weight for nobody',
      { groupWeights: { errors: 40, latency: 30, hosts: 20, ghost: 10 } },
      'group "ghost" has weight 10 and no metric',
    ],
    ['with a name twice', twice(), 'two metrics are named "latencyP50Ms"'],
  ])('%s', (_what, changes, words) => {
    const configuration = configured(changes);
    expect(refusal(analyse(analysisRequest({ configuration })), 'configuration')).toContain(words);
  });

  it('with thresholds the wrong way round', () => {
    const report = analyse(analysisRequest({ scoreThresholds: { pass: 50, marginal: 75 } }));
    expect(refusal(report, 'configuration')).toContain('pass 50, marginal 75');
  });

  it('but judges with it when told to, and names the faults all the same', () => {
    const configuration = configured({ groupWeights: { errors: 100, latency: 100, hosts: 20 } });
    const report = analyse(analysisRequest({ configuration, gate: { acceptConfiguration: true } }));
    expect(report.score).toBe(220);
    const { outcome, reason } = gateCheck(report, 'configuration');
    expect(outcome).toBe('pass');
    expect(reason).toContain('accepted in spite of: the weights are 220');
  });

  it('but never without a source, whatever it is told', () => {
    const configuration = configured({ metrics: [{ name: 'cpu', groups: ['a'] }] });
    const gate = { acceptConfiguration: true };
    expect(analyse(analysisRequest({ configuration, gate })).outcome).toBe('inconclusive');
  });
});

function configured(changes: {
  readonly metrics?: CanaryConfiguration['metrics'];
  readonly groupWeights?: Readonly<Record<string, number>>;
}): CanaryConfiguration {
  const { metrics, classifier } = defaultCanaryConfiguration;
  const groupWeights = changes.groupWeights ?? (changes.metrics ? {} : classifier.groupWeights);
  return { name: 'mine', metrics: changes.metrics ?? metrics, classifier: { groupWeights } };
}

function withGroups(groups: readonly string[]) {
  return { metrics: defaultCanaryConfiguration.metrics.map((metric) => ({ ...metric, groups })) };
}

function twice() {
  const { metrics } = defaultCanaryConfiguration;
  return { metrics: [...metrics, ...metrics.filter(({ name }) => name === 'latencyP50Ms')] };
}

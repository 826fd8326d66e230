import { analyse } from '@gennaker/canary';
import { describe, expect, it } from 'vitest';

import {
  analysisRequest,
  changed,
  onlyMetric,
  reading,
  type ArmChoice,
} from './analysis-builder.js';
import { gateCheck, refusal } from './gate-checks.js';
import { seededChance } from './seeded-chance.js';

const hour = Array.from({ length: 60 }, (_none, index) => index);

describe('the sample-ratio gate', () => {
  it('refuses a fifth more traffic than was planned', () => {
    const report = analyse(analysisRequest({ arms: split(880, 120) }));
    expect(refusal(report, 'sampleRatio')).toMatch(
      /^the split is not the planned one: shop-experiment has 1[12]\.\d+ % of \d+ requests, planned 10\.00 %/,
    );
  });

  it('refuses a fifth less', () => {
    expect(
      gateCheck(analyse(analysisRequest({ arms: split(920, 80) })), 'sampleRatio').outcome,
    ).toBe('inconclusive');
  });

  it('refuses traffic that ceased, although the minutes without it are not reported', () => {
    const request = analysisRequest({ arms: split(900, 100) });
    const ceased = changed(request, 'experiment', {
      requests: reading(
        hour.map((minute) => (minute < 30 ? 100 : 0)),
        'nonzero',
      ),
    });
    expect(gateCheck(analyse(ceased), 'sampleRatio').outcome).toBe('inconclusive');
  });

  it('lets a deviation within the tolerance pass, however much traffic proves it', () => {
    expect(analyse(analysisRequest({ arms: split(89_700, 10_300) })).outcome).toBe('pass');
    const strict = analysisRequest({
      arms: split(89_700, 10_300),
      gate: { shareTolerancePercent: 0 },
    });
    expect(gateCheck(analyse(strict), 'sampleRatio').outcome).toBe('inconclusive');
  });

  it('refuses a third arm that takes more than its part', () => {
    const arms: readonly ArmChoice[] = [
      { role: 'control', requests: 70, plannedWeight: 10 },
      { role: 'experiment', requests: 70, plannedWeight: 10 },
      { role: 'other', requests: 860, plannedWeight: 80 },
    ];
    expect(refusal(analyse(analysisRequest({ arms })), 'sampleRatio')).toContain('shop-other has');
  });

  it('holds at most one right split in a thousand, sticky clients or not', () => {
    const runs = 600;
    const refused = Array.from({ length: runs }, (_none, seed) => {
      const chance = seededChance(seed);
      const clients = (mean: number) => reading(hour.map(() => 20 * chance.poisson(mean / 20)));
      const gate = { shareTolerancePercent: 0 };
      const request = analysisRequest({ seed, gate, configuration: onlyMetric('unhealthyHosts') });
      const sticky = changed(request, 'experiment', { requests: clients(1000) });
      const both = changed(sticky, 'control', { requests: clients(1000) });
      return gateCheck(analyse(both), 'sampleRatio').outcome === 'inconclusive';
    });
    expect(refused.filter(Boolean).length).toBeLessThanOrEqual(3);
  }, 30_000);
});

describe('error totals', () => {
  it('fail a rare severe fault that the judge is blind to', () => {
    const burst = reading(
      hour.map((minute) => (minute % 3 === 0 ? 20 : 0)),
      'nonzero',
    );
    const none = reading([]);
    const request = changed(analysisRequest(), 'control', { errors5xx: none });
    const report = analyse(changed(request, 'experiment', { errors5xx: burst }));
    expect(report.metrics[0]).toMatchObject({ name: 'errorsPerMillion', verdict: 'Pass' });
    expect(report.outcome).toBe('fail');
    expect(report.reason).toMatch(
      /^harm is shown: more than 1\.5 times the control's rate: errors5xx 400 of/,
    );
  });

  it('do not fail one loud incident', () => {
    const incident = reading(
      hour.map((minute) => (minute < 5 ? 100 : 0)),
      'nonzero',
    );
    const request = changed(analysisRequest(), 'control', { errors5xx: reading([]) });
    const report = analyse(changed(request, 'experiment', { errors5xx: incident }));
    expect(gateCheck(report, 'errorTotals').outcome).toBe('pass');
  });

  it('are left to the judge when told so', () => {
    const arms: readonly ArmChoice[] = [
      { role: 'control' },
      { role: 'experiment', errorRate: 0.1 },
    ];
    const report = analyse(analysisRequest({ arms, gate: { harmRatio: null } }));
    expect(gateCheck(report, 'errorTotals').outcome).toBe('pass');
    expect(report).toMatchObject({ outcome: 'fail', classification: 'Fail', score: 0 });
  });
});

function split(control: number, experiment: number): readonly ArmChoice[] {
  return [
    { role: 'control', requests: control, plannedWeight: 90 },
    { role: 'experiment', requests: experiment, plannedWeight: 10 },
  ];
}

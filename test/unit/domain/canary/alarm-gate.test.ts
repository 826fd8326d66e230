import { judgeAlarms, planDeploy, type AlarmState, type DeployStage } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { facts, stage } from '../plans/plan-builder.js';

const ok: AlarmState = { name: 'errors', state: 'OK', reason: 'below' };
const raised: AlarmState = { name: 'latency', state: 'ALARM', reason: '3 points above 250' };
const silent: AlarmState = { name: 'queue', state: 'INSUFFICIENT_DATA', reason: 'no data' };

function gated(strategy: object = {}): DeployStage {
  return { ...stage, strategy: { type: 'redBlack', alarms: ['errors', 'latency'], ...strategy } };
}

describe('a look at alarms', () => {
  it('stops for ALARM, tells what is missing, and passes what has no data', () => {
    expect(judgeAlarms(['errors', 'latency', 'queue', 'gone'], [ok, raised, silent])).toEqual({
      inAlarm: [raised],
      missing: ['gone'],
      withoutData: ['queue'],
    });
  });

  it('does not look at an alarm that nobody named', () => {
    expect(judgeAlarms(['errors'], [ok, raised])).toEqual({
      inAlarm: [],
      missing: [],
      withoutData: [],
    });
  });
});

describe('the plan of a gated red/black', () => {
  const quiet = [ok, { ...raised, state: 'OK' }];

  it('watches before the switch and after it, whatever the times', () => {
    const strategy = { delayBeforeDisableSeconds: 60, bakeSeconds: 300 };
    const { steps } = planDeploy(facts({ stage: gated(strategy), alarms: quiet }));
    const ids = steps.map((step) => step.id);
    expect(ids.indexOf('alarms:disable')).toBe(ids.indexOf('match') - 1);
    expect(ids.indexOf('bake')).toBe(ids.indexOf('verify') + 1);
    expect(ids.indexOf('bake')).toBeLessThan(ids.indexOf('unpin:web-prod-v000'));
    const watches = steps.filter((step) => step.operation === 'watchAlarms');
    expect(watches.map((step) => [step.title, step.watchSeconds])).toEqual([
      ['Watch 2 alarms for 60 s before the old groups are disabled', 60],
      ['Watch 2 alarms for 300 s after the switch', 300],
    ]);
    expect(steps.some((step) => step.operation === 'delay')).toBe(false);
  });

  it('looks once where no time is given', () => {
    const { steps } = planDeploy(facts({ stage: gated(), alarms: quiet }));
    const watches = steps.filter((step) => step.operation === 'watchAlarms');
    expect(watches.map((step) => step.watchSeconds)).toEqual([0, 0]);
  });

  it('refuses to begin while one is in ALARM, in CloudWatch’s words', () => {
    expect(() => planDeploy(facts({ stage: gated(), alarms: [ok, raised] }))).toThrow(
      expect.objectContaining({
        code: 'ALARM_RAISED',
        message: expect.stringContaining('latency (3 points above 250)') as string,
      }),
    );
  });

  it('refuses one that does not exist, by name', () => {
    expect(() => planDeploy(facts({ stage: gated(), alarms: [ok] }))).toThrow(
      expect.objectContaining({ code: 'INVALID_REQUEST', details: { missing: ['latency'] } }),
    );
  });
});

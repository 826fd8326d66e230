import { GennakerError, planDeploy } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import {
  blueGreenFacts,
  blueGroup,
  greenGroup,
  ruleAt,
  weightFacts,
  weights,
} from './blue-green-builder.js';
import { readRecorded } from '../../weights/recorded-builder.js';
import { blue, forward, green, listenerArn, rule, ruleArn } from '../../weights/rules.js';

type Changes = Parameters<typeof blueGreenFacts>[0];

function refusalOf(changes: Changes): GennakerError {
  try {
    planDeploy(blueGreenFacts(changes));
  } catch (error) {
    if (error instanceof GennakerError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const other = { ...ruleAt(100, 0), arn: listenerArn, priority: 'default' };

describe('a blue/green is not begun', () => {
  it('behind a load balancer that has no weights, and is told of redBlack', () => {
    const loadBalancers = [{ name: 'web-nlb', type: 'network', dnsName: null }];
    const refusal = refusalOf({ weights: { loadBalancers } });
    expect(refusal.code).toBe('INVALID_REQUEST');
    expect(refusal.message).toMatch(/^web-nlb \(network\) cannot .* use the strategy redBlack/);
  });

  it('where a rule that forwards to either target group is not named', () => {
    const refusal = refusalOf({ weights: { rules: [ruleAt(100, 0), other] } });
    expect(refusal.message).toContain('does not name every rule that forwards to web-blue and');
    expect(refusal.message).toContain(listenerArn);
    expect(refusal.details).toEqual({ ruleArns: [listenerArn] });
  });

  it('where a named rule is not there', () => {
    const refusal = refusalOf({ strategy: { ruleArns: [ruleArn, listenerArn] } });
    expect(refusal.message).toContain(`names rules that are not there: ${listenerArn}`);
  });

  it('where a named rule forwards to a target group of somebody else, too', () => {
    const targetGroups = [...weights(100, 0), { targetGroupArn: `${blue}/third`, weight: 0 }];
    const mixed = rule({ actions: [forward({ targetGroups })] });
    expect(refusalOf({ weights: { rules: [mixed] } }).message).toContain(
      "which is none of the stage's target groups",
    );
  });

  it('where a named rule could not be written back', () => {
    const unknown = rule({ unknownFields: ['Actions.0.Mirror'] });
    expect(refusalOf({ weights: { rules: [unknown] } }).message).toContain(
      'fields that this release does not know: Actions.0.Mirror',
    );
  });

  it.each([
    ['nobody gets anything', [ruleAt(0, 0)]],
    ['both get the same', [ruleAt(5, 5)]],
  ])('where %s', (_, rules) => {
    expect(refusalOf({ weights: { rules } }).message).toContain('cannot be told from the weights');
  });

  it('where the rules disagree', () => {
    const ruleArns = [ruleArn, listenerArn];
    const rules = [ruleAt(100, 0), { ...ruleAt(0, 100), arn: listenerArn }];
    const refusal = refusalOf({ strategy: { ruleArns }, weights: { rules } });
    expect(refusal.message).toContain('cannot be told from the weights');
    expect(refusal.details['rules']).toHaveLength(2);
  });

  it('where the source is in a target group that no weight holds back', () => {
    const both = blueGroup('web-prod-v000', { targetGroupArns: [blue, 'arn:nlb'] });
    expect(refusalOf({ serverGroups: [both] }).message).toContain(
      'web-prod-v000 is also in arn:nlb',
    );
  });

  it('with no instances while others serve', () => {
    const capacity = { min: 0, desired: 0, max: 0 };
    expect(refusalOf({ stage: { capacity } }).message).toContain(
      'would move the requests of web-prod-v000 to no instances',
    );
  });

  it('while an alarm that gates it is in ALARM', () => {
    const alarms = [{ name: 'errors', state: 'ALARM', reason: 'too many' }] as const;
    const refusal = refusalOf({ strategy: { alarms: ['errors'] }, facts: { alarms } });
    expect(refusal.code).toBe('ALARM_RAISED');
  });
});

describe('weights of somebody else', () => {
  const recorded = readRecorded('web-prod-v000', weights(100, 0));

  it('are refused where the idle target group gets requests, in the words that accept them', () => {
    const refusal = refusalOf({ weights: { rules: [ruleAt(90, 10)] } });
    expect(refusal.code).toBe('CHANGED_BY_SOMEONE_ELSE');
    expect(refusal.message).toContain('"web-blue 90, web-green 10", which send requests to web-g');
    expect(refusal.details).toEqual({
      rules: [{ ruleArn, weights: 'web-blue 90, web-green 10' }],
    });
  });

  it('are refused where they are others than were written last', () => {
    const refusal = refusalOf({ weights: { rules: [ruleAt(50, 0)], recorded } });
    expect(refusal.message).toContain(
      'has the weights "web-blue 50, web-green 0", and "web-blue 100, web-green 0" were written ' +
        'last (2026-01-01T00:00:00.000Z, for web-prod-v000)',
    );
  });

  it('are refused where somebody has switched by hand, although they look whole', () => {
    const serverGroups = [blueGroup('web-prod-v000'), greenGroup('web-prod-v001')];
    const refusal = refusalOf({
      serverGroups,
      facts: { serverGroup: 'web-prod-v002' },
      weights: { rules: [ruleAt(0, 100)], recorded },
    });
    expect(refusal.code).toBe('CHANGED_BY_SOMEONE_ELSE');
  });

  it('are written over once the stage accepts exactly these', () => {
    const changes = (words: string): Changes => ({
      strategy: { acceptWeights: [words] },
      weights: { rules: [ruleAt(90, 10)], recorded },
    });
    const { steps, warnings } = planDeploy(blueGreenFacts(changes('web-blue 90, web-green 10')));
    expect(steps[0]).toMatchObject({
      id: 'colour',
      change: { weights: weights(90, 0) },
      undo: null,
    });
    expect(warnings.join(' ')).toContain('which the stage accepts: they are written over');
    expect(refusalOf(changes('web-blue 91, web-green 9')).code).toBe('CHANGED_BY_SOMEONE_ELSE');
  });

  it('are none where they are as they were written, in whatever order, or nothing was', () => {
    const swapped = rule({ actions: [forward({ targetGroups: weights(100, 0).toReversed() })] });
    expect(() =>
      planDeploy(blueGreenFacts({ weights: { rules: [swapped], recorded } })),
    ).not.toThrow();
    expect(() => planDeploy(blueGreenFacts({ weights: weightFacts() }))).not.toThrow();
    const alone = rule({
      actions: [forward({ targetGroups: [{ targetGroupArn: green, weight: 1 }] })],
    });
    expect(() =>
      planDeploy(
        blueGreenFacts({
          serverGroups: [greenGroup('web-prod-v000')],
          weights: { rules: [alone] },
        }),
      ),
    ).not.toThrow();
  });
});

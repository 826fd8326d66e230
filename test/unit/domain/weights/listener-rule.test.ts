import {
  isListenerArn,
  isSameWeights,
  ruleDifferences,
  ruleName,
  rulesForwardingTo,
  rulesSendingTo,
  sharePercent,
  targetGroupName,
  unwritableBecause,
  weightsAtPercent,
  weightsInWords,
  weightsOf,
  withWeights,
  type OtherAction,
} from '@gennaker/domain';
import { describe, expect, it, test } from 'vitest';
import { blue, forward, green, listenerArn, rule, ruleArn } from './rules.js';

function other(type: string, settings: OtherAction['settings'] = {}): OtherAction {
  return { kind: 'other', type, order: 1, settings };
}

describe('which rules send requests to a target group', () => {
  const halves = withWeights(
    rule({ arn: 'half' }),
    weightsAtPercent({ from: blue, to: green }, 50),
  );
  const redirect = rule({ arn: 'redirect', actions: [other('redirect')] });
  const all = [rule(), halves, redirect];

  it('a weight of 0 forwards, but sends nothing', () => {
    expect(rulesForwardingTo(all, [green]).map((one) => one.arn)).toEqual([ruleArn, 'half']);
    expect(rulesSendingTo(all, [green])).toEqual(['half']);
  });

  it('a rule that answers by itself forwards to nobody', () => {
    expect(weightsOf(redirect)).toEqual([]);
    expect(rulesForwardingTo([redirect], [blue, green])).toEqual([]);
  });
});

describe('whether the weights of a rule can be written', () => {
  test.each(['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'])(
    '%s before the forward is given back as it is',
    (type) => {
      expect(unwritableBecause(rule({ actions: [other(type), forward({ order: 2 })] }))).toBeNull();
    },
  );

  it('refuses a redirect, a fixed response and what nobody knows yet by their names', () => {
    const refused = ['redirect', 'fixed-response', 'divination'].map((type) =>
      unwritableBecause(rule({ actions: [other(type)] })),
    );
    expect(refused).toEqual([
      'it has an action of type redirect',
      'it has an action of type fixed-response',
      'it has an action of type divination',
    ]);
  });

  it('refuses unknown fields by their paths, and anything but one forward', () => {
    expect(unwritableBecause(rule({ unknownFields: ['member.Mirror'] }))).toContain(
      'member.Mirror',
    );
    expect(unwritableBecause(rule({ actions: [] }))).toBe('it has 0 forward actions');
  });
});

describe('what differs between two looks at a rule', () => {
  it('is nothing when only weights changed, or the order of conditions and of their values', () => {
    const now = withWeights(
      rule({ conditions: [{ Values: ['/v2/*', '/api/*'], Field: 'path-pattern' }] }),
      weightsAtPercent({ from: blue, to: green }, 25),
    );
    expect(ruleDifferences(rule(), now)).toEqual([]);
  });

  it('names every field that changed', () => {
    const before = rule({ actions: [other('authenticate-oidc', { ClientId: 'a' }), forward()] });
    const now = rule({
      priority: '11',
      conditions: [{ Field: 'path-pattern', Values: ['/api/*', '/v3/*'] }],
      transforms: [{ Type: 'url-rewrite' }],
      actions: [
        other('authenticate-oidc', { ClientId: 'b' }),
        forward({ stickiness: { enabled: true, durationSeconds: 60 } }),
      ],
    });
    expect(ruleDifferences(before, now)).toEqual([
      'actions[0].settings.ClientId',
      'conditions[0].Values[1]',
      'priority',
      'stickiness.durationSeconds',
      'stickiness.enabled',
      'transforms',
    ]);
  });

  it('an action more, or in another place, is a difference', () => {
    const two = [other('jwt-validation'), forward()];
    expect(ruleDifferences(rule(), rule({ actions: two }))).toEqual(['actions']);
    expect(
      ruleDifferences(rule({ actions: two }), rule({ actions: two.toReversed() })),
    ).not.toEqual([]);
  });
});

describe('weights', () => {
  it('are the same in any order, and differ by a target group, a number, or one more', () => {
    const [first, second] = weightsAtPercent({ from: blue, to: green }, 10);
    if (first === undefined || second === undefined) throw new Error('two weights are missing');
    expect(isSameWeights([first, second], [second, first])).toBe(true);
    expect(isSameWeights([first, second], [first])).toBe(false);
    expect(isSameWeights([first], [first, second])).toBe(false);
    expect(isSameWeights([first, second], [first, { ...second, weight: 11 }])).toBe(false);
  });

  it('make shares, whatever their sum', () => {
    const odd = [
      { targetGroupArn: blue, weight: 3 },
      { targetGroupArn: green, weight: 1 },
    ];
    expect(sharePercent(odd, green)).toBe(25);
    expect(sharePercent(odd, 'nobody')).toBe(0);
    expect(sharePercent([{ targetGroupArn: blue, weight: 0 }], blue)).toBe(0);
  });
});

test('people read names, not ARNs', () => {
  expect(targetGroupName(blue)).toBe('web-blue');
  expect(targetGroupName('web-blue')).toBe('web-blue');
  expect(ruleName(listenerArn)).toBe('default action of web-prod/f2f7dc8efc522ab2');
  expect(ruleName(ruleArn)).toBe('rule web-prod/f2f7dc8efc522ab2/9683b2d02a6cabee');
  expect(ruleName('not an ARN')).toBe('not an ARN');
  expect(weightsInWords(weightsOf(rule()))).toBe('web-blue 100, web-green 0');
});

test('a listener is told from a rule by its ARN', () => {
  expect([isListenerArn(listenerArn), isListenerArn(ruleArn)]).toEqual([true, false]);
});

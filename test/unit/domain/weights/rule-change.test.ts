import {
  awsCommandLines,
  judgeRule,
  risingTargetGroups,
  weightsAtPercent,
  withWeights,
  type RuleChange,
  type UndoEntry,
} from '@gennaker/domain';
import { describe, expect, it, test } from 'vitest';
import { place } from '../execution/execution-builder.js';
import { blue, forward, green, listenerArn, rule, ruleArn } from './rules.js';

const at = (percent: number) => weightsAtPercent({ from: blue, to: green }, percent);

describe('what a look at a rule means for a change of its weights', () => {
  const change: RuleChange = { captured: rule(), weights: at(50), expected: [at(10)] };
  const found = (percent: number) => withWeights(rule(), at(percent));

  it('is done, or may be written, or shows weights of someone else', () => {
    expect(judgeRule(found(50), change)).toEqual({ verdict: 'asWanted' });
    expect(judgeRule(found(10), change)).toEqual({ verdict: 'mayWrite' });
    expect(judgeRule(found(9), change)).toEqual({ verdict: 'foreignWeights', found: at(9) });
  });

  it('weights that are ours do not make up for another change', () => {
    const moved = { ...found(10), priority: '3' };
    expect(judgeRule(moved, change)).toEqual({ verdict: 'changed', fields: ['priority'] });
  });

  it('a target group more is someone else', () => {
    const third = [...at(10), { targetGroupArn: 'third', weight: 0 }];
    const judged = judgeRule(withWeights(rule(), third), change);
    expect(judged).toEqual({ verdict: 'foreignWeights', found: third });
  });
});

test('a target group rises by its share, not by its number', () => {
  const one = [{ targetGroupArn: blue, weight: 1 }];
  expect(risingTargetGroups(one, at(0))).toEqual([]);
  expect(risingTargetGroups(one, at(10))).toEqual([green]);
  expect(risingTargetGroups(at(100), at(90))).toEqual([blue]);
  expect(risingTargetGroups([], at(100))).toEqual([green]);
});

describe('weights given back by hand', () => {
  const oidc = {
    kind: 'other',
    type: 'authenticate-oidc',
    order: 1,
    settings: { AuthenticateOidcConfig: { ClientId: "o'neill" } },
  } as const;
  const sticky = forward({ order: 2, stickiness: { enabled: true, durationSeconds: 60 } });
  const entry = (arn: string): UndoEntry => ({
    id: 'switch',
    operation: 'setRuleWeights',
    title: 'Give the requests back',
    subject: { ...place, serverGroup: 'web-v001' },
    rule: { ...place, arn },
    captured: rule({ arn, actions: [oidc, sticky] }),
    weights: at(0),
    expected: [at(0), at(100)],
    guards: [],
  });

  it('name every action of the rule, the client secret by reference, safe for a shell', () => {
    const [line = ''] = awsCommandLines(entry(ruleArn));
    const [command, json = ''] = line.split(" --actions '");
    expect(command).toBe(`aws elbv2 modify-rule --region eu-west-1 --rule-arn ${ruleArn}`);
    expect(json).toContain(String.raw`o'\''neill`);
    const actions: unknown = JSON.parse(json.replaceAll(String.raw`'\''`, "'").replace(/'$/, ''));
    expect(actions).toEqual([
      {
        Type: 'authenticate-oidc',
        Order: 1,
        AuthenticateOidcConfig: { ClientId: "o'neill", UseExistingClientSecret: true },
      },
      {
        Type: 'forward',
        Order: 2,
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: blue, Weight: 100 },
            { TargetGroupArn: green, Weight: 0 },
          ],
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
        },
      },
    ]);
  });

  it('change a default action at its listener', () => {
    const [line = ''] = awsCommandLines(entry(listenerArn));
    expect(line).toContain(
      `modify-listener --region eu-west-1 --listener-arn ${listenerArn} --default-actions '[`,
    );
  });
});

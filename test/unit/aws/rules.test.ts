import type { CallOptions } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCannedAws, type CannedAws } from './canned-replies.js';

const options: CallOptions = { priority: 'write' };
const elb = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
const listenerArn = `${elb}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`;
const ruleArn = `${elb}:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`;
const blue = `${elb}:targetgroup/web-blue/1111111111111111`;
const green = `${elb}:targetgroup/web-green/2222222222222222`;

let canned: CannedAws;
beforeEach(async () => {
  canned = await startCannedAws();
});
afterEach(() => canned.close());

const oidc =
  '<member><Type>authenticate-oidc</Type><Order>1</Order><AuthenticateOidcConfig><Issuer>https://id</Issuer>' +
  '<AuthorizationEndpoint>https://id/a</AuthorizationEndpoint><TokenEndpoint>https://id/t</TokenEndpoint>' +
  '<UserInfoEndpoint>https://id/u</UserInfoEndpoint><ClientId>web</ClientId><SessionTimeout>3600</SessionTimeout>' +
  '<AuthenticationRequestExtraParams><entry><key>prompt</key><value>login</value></entry>' +
  '</AuthenticationRequestExtraParams></AuthenticateOidcConfig></member>';
const forward =
  '<member><Type>forward</Type><Order>2</Order><ForwardConfig><TargetGroups>' +
  `<member><TargetGroupArn>${blue}</TargetGroupArn><Weight>100</Weight></member>` +
  `<member><TargetGroupArn>${green}</TargetGroupArn><Weight>0</Weight></member></TargetGroups>` +
  '<TargetGroupStickinessConfig><Enabled>true</Enabled><DurationSeconds>60</DurationSeconds>' +
  '</TargetGroupStickinessConfig></ForwardConfig></member>';

function ruleReply(actions: string): string {
  return (
    '<DescribeRulesResponse><DescribeRulesResult><Rules><member>' +
    `<RuleArn>${ruleArn}</RuleArn><Priority>10</Priority><IsDefault>false</IsDefault><Novelty>x</Novelty>` +
    '<Conditions><member><Field>path-pattern</Field><Values><member>/api/*</member></Values></member></Conditions>' +
    `<Actions>${actions}</Actions></member></Rules></DescribeRulesResult></DescribeRulesResponse>`
  );
}

test('shows a rule with all its actions, and knows every field that AWS documents', async () => {
  canned.replies['DescribeRules'] = ruleReply(oidc + forward);
  const { rule } = await canned.region.describeRule(ruleArn, options);
  expect(rule).toEqual({
    arn: ruleArn,
    listenerArn,
    priority: '10',
    conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }],
    transforms: [],
    actions: [
      {
        kind: 'other',
        type: 'authenticate-oidc',
        order: 1,
        settings: {
          AuthenticateOidcConfig: {
            Issuer: 'https://id',
            AuthorizationEndpoint: 'https://id/a',
            TokenEndpoint: 'https://id/t',
            UserInfoEndpoint: 'https://id/u',
            ClientId: 'web',
            SessionTimeout: 3600,
            AuthenticationRequestExtraParams: { prompt: 'login' },
          },
        },
      },
      {
        kind: 'forward',
        order: 2,
        targetGroups: [
          { targetGroupArn: blue, weight: 100 },
          { targetGroupArn: green, weight: 0 },
        ],
        stickiness: { enabled: true, durationSeconds: 60 },
      },
    ],
    unknownFields: [],
  });
});

test('names fields of an action that the SDK does not know and a write would lose', async () => {
  const strange = forward.replace('<ForwardConfig>', '<ForwardConfig><Mirror>all</Mirror>');
  const later = '<member><Type>divine</Type><DivineConfig><Depth>3</Depth></DivineConfig></member>';
  canned.replies['DescribeRules'] = ruleReply(later + strange);
  const { rule } = await canned.region.describeRule(ruleArn, options);
  expect(rule.unknownFields).toEqual(['member.DivineConfig', 'member.ForwardConfig.Mirror']);
});

test('writes the weights and sends every other action back, the secret by reference', async () => {
  canned.replies['DescribeRules'] = ruleReply(oidc + forward);
  canned.replies['ModifyRule'] =
    '<ModifyRuleResponse><ModifyRuleResult><Rules/></ModifyRuleResult></ModifyRuleResponse>';
  const found = await canned.region.describeRule(ruleArn, options);
  const weights = [
    { targetGroupArn: blue, weight: 75 },
    { targetGroupArn: green, weight: 25 },
  ];
  await canned.region.writeWeights({ found, weights }, options);
  const sent = canned.requests.at(-1);
  expect(Object.fromEntries(sent ?? [])).toEqual({
    Action: 'ModifyRule',
    Version: '2015-12-01',
    RuleArn: ruleArn,
    'Actions.member.1.Type': 'authenticate-oidc',
    'Actions.member.1.Order': '1',
    'Actions.member.1.AuthenticateOidcConfig.Issuer': 'https://id',
    'Actions.member.1.AuthenticateOidcConfig.AuthorizationEndpoint': 'https://id/a',
    'Actions.member.1.AuthenticateOidcConfig.TokenEndpoint': 'https://id/t',
    'Actions.member.1.AuthenticateOidcConfig.UserInfoEndpoint': 'https://id/u',
    'Actions.member.1.AuthenticateOidcConfig.ClientId': 'web',
    'Actions.member.1.AuthenticateOidcConfig.SessionTimeout': '3600',
    'Actions.member.1.AuthenticateOidcConfig.AuthenticationRequestExtraParams.entry.1.key':
      'prompt',
    'Actions.member.1.AuthenticateOidcConfig.AuthenticationRequestExtraParams.entry.1.value':
      'login',
    'Actions.member.1.AuthenticateOidcConfig.UseExistingClientSecret': 'true',
    'Actions.member.2.Type': 'forward',
    'Actions.member.2.Order': '2',
    'Actions.member.2.ForwardConfig.TargetGroups.member.1.TargetGroupArn': blue,
    'Actions.member.2.ForwardConfig.TargetGroups.member.1.Weight': '75',
    'Actions.member.2.ForwardConfig.TargetGroups.member.2.TargetGroupArn': green,
    'Actions.member.2.ForwardConfig.TargetGroups.member.2.Weight': '25',
    'Actions.member.2.ForwardConfig.TargetGroupStickinessConfig.Enabled': 'true',
    'Actions.member.2.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds': '60',
  });
});

test('takes the single target group of an old rule for a weight of 1, and replaces it by the list', async () => {
  const single = `<member><Type>forward</Type><TargetGroupArn>${blue}</TargetGroupArn></member>`;
  canned.replies['DescribeRules'] = ruleReply(single);
  canned.replies['ModifyRule'] =
    '<ModifyRuleResponse><ModifyRuleResult><Rules/></ModifyRuleResult></ModifyRuleResponse>';
  const found = await canned.region.describeRule(ruleArn, options);
  expect(found.rule.actions).toEqual([
    {
      kind: 'forward',
      order: null,
      targetGroups: [{ targetGroupArn: blue, weight: 1 }],
      stickiness: { enabled: false, durationSeconds: null },
    },
  ]);
  const weights = [
    { targetGroupArn: blue, weight: 100 },
    { targetGroupArn: green, weight: 0 },
  ];
  await canned.region.writeWeights({ found, weights }, options);
  const keys = [...(canned.requests.at(-1)?.keys() ?? [])];
  expect(keys).not.toContain('Actions.member.1.TargetGroupArn');
  expect(keys).toContain('Actions.member.1.ForwardConfig.TargetGroups.member.2.Weight');
});

test('the default action has no rule ARN of its own: it is named by its listener', async () => {
  const defaultRule = ruleReply(forward)
    .replace('<IsDefault>false', '<IsDefault>true')
    .replace('<Priority>10', '<Priority>default');
  canned.replies['DescribeRules'] = defaultRule;
  await expect(canned.region.describeRule(ruleArn, options)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    message: expect.stringContaining(listenerArn) as unknown,
  });
  const [rule] = await canned.region.describeListenerRules(listenerArn, options);
  expect(rule).toMatchObject({ arn: listenerArn, priority: 'default' });
});

import {
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
  type Action,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { errorOf, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

let other: string;

beforeEach(async () => {
  other = await targetGroup('other');
});

async function targetGroup(Name: string): Promise<string> {
  const { TargetGroups: groups } = await standIn.elb.send(
    new CreateTargetGroupCommand({ Name, Protocol: 'HTTP', Port: 80, VpcId: ground.vpcId }),
  );
  return groups?.[0]?.TargetGroupArn ?? '';
}

const onPath = (path: string): RuleCondition => ({ Field: 'path-pattern', Values: [path] });

async function createRule(
  Priority: number,
  Conditions: RuleCondition[] = [onPath('/api/*')],
  Actions: Action[] = [{ Type: 'forward', TargetGroupArn: other }],
): Promise<Rule> {
  const { Rules: rules } = await standIn.elb.send(
    new CreateRuleCommand({ ListenerArn: ground.listenerArn, Priority, Conditions, Actions }),
  );
  return rules?.[0] ?? {};
}

async function priorities(): Promise<readonly string[]> {
  const { Rules: rules } = await standIn.elb.send(
    new DescribeRulesCommand({ ListenerArn: ground.listenerArn }),
  );
  return (rules ?? []).map(({ Priority: priority }) => String(priority)).toSorted();
}

describe('a rule', () => {
  test('is made, described beside the default one, changed and deleted', async () => {
    const rule = await createRule(10);
    expect(rule).toMatchObject({
      Priority: '10',
      IsDefault: false,
      Conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }],
      Actions: [{ Type: 'forward', TargetGroupArn: other }],
    });
    expect(await priorities()).toEqual(['10', 'default']);
    const { Rules: changed } = await standIn.elb.send(
      new ModifyRuleCommand({
        RuleArn: rule.RuleArn,
        Conditions: [{ Field: 'host-header', Values: ['shop.example.com'] }],
      }),
    );
    expect(changed?.[0]?.Conditions?.[0]?.HostHeaderConfig?.Values).toEqual(['shop.example.com']);
    expect(changed?.[0]?.Actions?.[0]?.TargetGroupArn).toBe(other);
    const deletion = standIn.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: other }));
    expect(await errorOf(deletion)).toMatch(/^ResourceInUseException/);
    await standIn.elb.send(new DeleteRuleCommand({ RuleArn: rule.RuleArn }));
    expect(await priorities()).toEqual(['default']);
    await standIn.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: other }));
    const again = standIn.elb.send(new DeleteRuleCommand({ RuleArn: rule.RuleArn }));
    expect(await errorOf(again)).toMatch(/^RuleNotFoundException/);
  });

  test('has its priority for itself', async () => {
    await createRule(10);
    expect(await errorOf(createRule(10))).toBe(
      "PriorityInUseException: Priority '10' is currently in use",
    );
    expect(await errorOf(createRule(50_001))).toMatch(/^ValidationError/);
  });

  test('swaps its priority with another in one step, or not at all', async () => {
    const [first, second, third] = [await createRule(1), await createRule(2), await createRule(3)];
    const set = async (...pairs: readonly (readonly [Rule, number])[]) =>
      standIn.elb.send(
        new SetRulePrioritiesCommand({
          RulePriorities: pairs.map(([{ RuleArn }, Priority]) => ({ RuleArn, Priority })),
        }),
      );
    await set([first, 2], [second, 1]);
    const { Rules: rules } = await standIn.elb.send(
      new DescribeRulesCommand({ RuleArns: [first.RuleArn ?? '', second.RuleArn ?? ''] }),
    );
    expect(rules?.map(({ Priority: priority }) => String(priority)).toSorted()).toEqual(['1', '2']);
    expect(await errorOf(set([first, 9], [second, 3]))).toMatch(/^PriorityInUseException/);
    expect(await errorOf(set([first, 9], [third, 9]))).toMatch(/^ValidationError/);
    expect(await priorities()).toEqual(['1', '2', '3', 'default']);
  });

  test('that is the default one is neither changed nor deleted', async () => {
    const { Rules: rules } = await standIn.elb.send(
      new DescribeRulesCommand({ ListenerArn: ground.listenerArn }),
    );
    const RuleArn = rules?.[0]?.RuleArn;
    expect(rules?.[0]?.IsDefault).toBe(true);
    for (const call of [
      standIn.elb.send(new DeleteRuleCommand({ RuleArn })),
      standIn.elb.send(new ModifyRuleCommand({ RuleArn, Conditions: [onPath('/')] })),
    ])
      expect(await errorOf(call)).toMatch(/^OperationNotPermittedException: Default rule/);
  });

  test('counts towards the quota of the load balancer', async () => {
    for (let priority = 1; priority <= 100; priority += 1) await createRule(priority);
    expect(await errorOf(createRule(101))).toMatch(/^TooManyRulesException/);
  });

  test.each<[string, RuleCondition[]]>([
    ['no conditions', []],
    ['a field that is none', [{ Field: 'cookie', Values: ['a'] }]],
    ['a condition without a value', [{ Field: 'host-header', Values: [] }]],
    ['two paths', [onPath('/a'), onPath('/b')]],
    ['six values', [{ Field: 'path-pattern', Values: ['/1', '/2', '/3', '/4', '/5', '/6'] }]],
    ['six wildcards', [onPath('/*/*/*/*/*/*')]],
    ['a range that is none', [{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.1'] } }]],
    [
      'a method in small letters',
      [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['get'] } }],
    ],
    ['a header without a name', [{ Field: 'http-header', HttpHeaderConfig: { Values: ['a'] } }]],
  ])('is refused with %s', async (_, conditions) => {
    expect(await errorOf(createRule(1, conditions))).toMatch(/^ValidationError/);
    expect(await priorities()).toEqual(['default']);
  });
});

/** Each action as text, with OURS and OTHER for the target groups. */
const forward = (...groups: readonly object[]) => ({
  Type: 'forward',
  ForwardConfig: { TargetGroups: groups },
});

describe('actions', () => {
  const withGroups = (actions: readonly object[]): Action[] =>
    JSON.parse(
      JSON.stringify(actions).replaceAll('OURS', ground.targetGroupArn).replaceAll('OTHER', other),
    ) as Action[];

  test.each([
    ['a weight of 1000', [forward({ TargetGroupArn: 'OTHER', Weight: 1000 })], /^ValidationError/],
    ['a weight below 0', [forward({ TargetGroupArn: 'OTHER', Weight: -1 })], /^ValidationError/],
    [
      'one group twice',
      [forward({ TargetGroupArn: 'OTHER' }, { TargetGroupArn: 'OTHER' })],
      /^ValidationError/,
    ],
    [
      'six groups',
      [forward(...Array.from({ length: 6 }, (_, n) => ({ TargetGroupArn: `g${n}` })))],
      /^TooManyTargetGroups/,
    ],
    [
      'a group that is not there',
      [forward({ TargetGroupArn: 'arn:none' })],
      /^TargetGroupNotFound/,
    ],
    ['nothing to do', [], /^InvalidLoadBalancerAction/],
    [
      'two ends',
      [
        { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' }, Order: 1 },
        { ...forward({ TargetGroupArn: 'OTHER' }), Order: 2 },
      ],
      /^InvalidLoadBalancerAction/,
    ],
    [
      'a fixed response of 302',
      [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '302' } }],
      /^ValidationError/,
    ],
    [
      'a redirect to itself',
      [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } }],
      /^InvalidLoadBalancerAction/,
    ],
    [
      'a redirect with 200',
      [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_200', Host: 'a' } }],
      /^ValidationError/,
    ],
    [
      'stickiness without its duration',
      [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: 'OTHER' }],
            TargetGroupStickinessConfig: { Enabled: true },
          },
        },
      ],
      /^ValidationError/,
    ],
    [
      'stickiness for too long',
      [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: 'OTHER' }],
            TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 604_801 },
          },
        },
      ],
      /^ValidationError/,
    ],
    [
      'authentication over HTTP',
      [
        { Type: 'authenticate-cognito', Order: 1 },
        { ...forward({ TargetGroupArn: 'OTHER' }), Order: 2 },
      ],
      /^InvalidLoadBalancerAction/,
    ],
  ])('are refused with %s, and the listener stays as it is', async (_, actions, error) => {
    const change = standIn.elb.send(
      new ModifyListenerCommand({
        ListenerArn: ground.listenerArn,
        DefaultActions: withGroups(actions),
      }),
    );
    expect(await errorOf(change)).toMatch(error);
    const { Listeners: listeners } = await standIn.elb.send(
      new DescribeListenersCommand({ ListenerArns: [ground.listenerArn] }),
    );
    expect(listeners?.[0]?.DefaultActions?.[0]?.TargetGroupArn).toBe(ground.targetGroupArn);
  });

  test('keep an OIDC client secret that is not sent again, and never show it', async () => {
    const oidc = {
      Issuer: 'https://id.example.com',
      AuthorizationEndpoint: 'https://id.example.com/a',
      TokenEndpoint: 'https://id.example.com/t',
      UserInfoEndpoint: 'https://id.example.com/u',
      ClientId: 'web',
    };
    const actionsWith = (config: object): Action[] => [
      { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ...oidc, ...config } },
      { Type: 'forward', Order: 2, TargetGroupArn: ground.targetGroupArn },
    ];
    const https = {
      LoadBalancerArn: ground.loadBalancerArn,
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/1' }],
    } as const;
    const create = async (config: object) =>
      standIn.elb.send(
        new CreateListenerCommand({
          ...https,
          Certificates: [...https.Certificates],
          DefaultActions: actionsWith(config),
        }),
      );
    expect(await errorOf(create({ UseExistingClientSecret: true }))).toMatch(/client secret/);
    const { Listeners: created } = await create({ ClientSecret: 'hush' });
    const ListenerArn = created?.[0]?.ListenerArn;
    const modify = async (config: object) =>
      standIn.elb.send(
        new ModifyListenerCommand({ ListenerArn, DefaultActions: actionsWith(config) }),
      );
    for (let repeat = 0; repeat < 2; repeat += 1) {
      const { Listeners: changed } = await modify({
        UseExistingClientSecret: true,
        Scope: 'email',
      });
      const shown = changed?.[0]?.DefaultActions?.[0]?.AuthenticateOidcConfig;
      expect(shown).toMatchObject({ ...oidc, Scope: 'email' });
      expect(shown?.ClientSecret).toBeUndefined();
    }
    expect(await errorOf(modify({}))).toMatch(/client secret/);
  });
});

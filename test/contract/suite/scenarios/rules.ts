import assert from 'node:assert/strict';
import {
  CreateRuleCommand,
  DeleteLoadBalancerCommand,
  DeleteRuleCommand,
  DescribeAccountLimitsCommand,
  DescribeRulesCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { balancing, forwardTo, targetGroup, type Balancing } from '../ground/balancing.js';
import { required } from '../ground/network.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference';
const NO_SUCH_RULE =
  'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener-rule/app/none/0123456789abcdef/0123456789abcdef/0123456789abcdef';

async function rule(
  stage: Stage,
  place: Balancing,
  settings: { readonly priority?: number; readonly path?: string; readonly to?: string } = {},
): Promise<string> {
  const { Rules: made } = await stage.elb.send(
    new CreateRuleCommand({
      ListenerArn: place.listenerArn,
      Priority: settings.priority ?? 10,
      Conditions: [
        { Field: 'path-pattern', PathPatternConfig: { Values: [settings.path ?? '/api/*'] } },
      ],
      Actions: [forwardTo(settings.to ?? place.targetGroupArn)],
    }),
  );
  return required(made?.[0]?.RuleArn, 'the ARN of the rule');
}

async function rules(stage: Stage, place: Balancing) {
  const { Rules: found = [] } = await stage.elb.send(
    new DescribeRulesCommand({ ListenerArn: place.listenerArn }),
  );
  return found;
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'the-default-is-always-there',
    title: 'A listener has a default rule, which is its default action',
    page: `${API}/API_DescribeRules.html`,
    run: async (stage) => {
      const place = await balancing(stage);
      const [found] = await rules(stage, place);
      assert.equal(found?.IsDefault, true);
      assert.equal(found?.Priority, 'default');
      assert.equal(found?.Actions?.[0]?.TargetGroupArn, place.targetGroupArn);
    },
  },
  {
    name: 'are-kept',
    title: 'A rule is given back with its condition and its priority',
    run: async (stage) => {
      const place = await balancing(stage);
      const arn = await rule(stage, place);
      const found = (await rules(stage, place)).find(({ RuleArn: each }) => each === arn);
      assert.equal(found?.Priority, '10');
      assert.deepEqual(found?.Conditions?.[0]?.PathPatternConfig?.Values, ['/api/*']);
    },
  },
  {
    name: 'can-be-changed',
    title: 'A rule can forward to another target group, and keeps its priority',
    page: `${API}/API_ModifyRule.html`,
    run: async (stage) => {
      const place = await balancing(stage);
      const other = await targetGroup(stage, place, { Name: stage.name('other') });
      const arn = await rule(stage, place);
      const { Rules: changed } = await stage.elb.send(
        new ModifyRuleCommand({ RuleArn: arn, Actions: [forwardTo(other)] }),
      );
      assert.equal(changed?.[0]?.Actions?.[0]?.TargetGroupArn, other);
      assert.equal(changed?.[0]?.Priority, '10');
    },
  },
  {
    name: 'priorities-can-be-set',
    title: 'Two rules can swap their priorities in one call',
    page: `${API}/API_SetRulePriorities.html`,
    run: async (stage) => {
      const place = await balancing(stage);
      const first = await rule(stage, place, { priority: 1, path: '/a' });
      const second = await rule(stage, place, { priority: 2, path: '/b' });
      await stage.elb.send(
        new SetRulePrioritiesCommand({
          RulePriorities: [
            { RuleArn: first, Priority: 2 },
            { RuleArn: second, Priority: 1 },
          ],
        }),
      );
      const found = await rules(stage, place);
      assert.equal(found.find(({ RuleArn: arn }) => arn === first)?.Priority, '2');
      assert.equal(found.find(({ RuleArn: arn }) => arn === second)?.Priority, '1');
    },
  },
  {
    name: 'can-be-deleted',
    title: 'A deleted rule is not listed any more',
    page: `${API}/API_DeleteRule.html`,
    run: async (stage) => {
      const place = await balancing(stage);
      await stage.elb.send(new DeleteRuleCommand({ RuleArn: await rule(stage, place) }));
      assert.equal((await rules(stage, place)).length, 1);
    },
  },
  {
    name: 'protected-balancers-stay',
    title: 'A load balancer with deletion protection is not deleted',
    page: `${API}/API_DeleteLoadBalancer.html`,
    run: async (stage) => {
      const { loadBalancerArn } = await balancing(stage);
      const protect = async (Value: string) =>
        stage.elb.send(
          new ModifyLoadBalancerAttributesCommand({
            LoadBalancerArn: loadBalancerArn,
            Attributes: [{ Key: 'deletion_protection.enabled', Value }],
          }),
        );
      await protect('true');
      stage.atEnd(async () => protect('false'));
      await refused(
        stage.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancerArn })),
        { code: 'OperationNotPermitted' },
      );
    },
  },
  {
    name: 'limits-are-told',
    title: 'AWS tells the limits of an account',
    page: `${API}/API_DescribeAccountLimits.html`,
    run: async (stage) => {
      const { Limits: limits = [] } = await stage.elb.send(new DescribeAccountLimitsCommand({}));
      assert.ok(limits.every(({ Name: name, Max: max }) => name && Number(max) > 0));
      assert.ok(limits.length > 0);
    },
  },
  ...refusals([
    {
      name: 'refuse-a-taken-priority',
      title: 'Two rules of a listener do not have one priority',
      code: 'PriorityInUse',
      call: async (stage) => {
        const place = await balancing(stage);
        await rule(stage, place);
        return rule(stage, place, { path: '/other' });
      },
    },
    {
      name: 'refuse-unknown-rule',
      title: 'A rule that is not there is not changed',
      page: `${API}/API_ModifyRule.html`,
      code: 'RuleNotFound',
      call: async (stage) =>
        stage.elb.send(
          new ModifyRuleCommand({
            RuleArn: NO_SUCH_RULE,
            Conditions: [{ Field: 'path-pattern', Values: ['/x'] }],
          }),
        ),
    },
    {
      name: 'refuse-unknown-target-group',
      title: 'A rule cannot forward to a target group that is not there',
      code: 'TargetGroupNotFound',
      call: async (stage) => {
        const place = await balancing(stage);
        return rule(stage, place, { to: `${place.targetGroupArn.slice(0, -16)}0123456789abcdef` });
      },
    },
  ]),
];

export const ruleScenarios = topic(
  { name: 'rules', service: 'elasticloadbalancing', documentation: `${API}/API_CreateRule.html` },
  behaviours,
);

import { DeleteRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { RuleDetails } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, startBench, type AwsBench } from './aws-bench.js';
import { layColours, weightsOf, type ColoursGround } from './colours-ground.js';
import { testWrites } from './standard-write-cases.js';

let bench: AwsBench;
let colours: ColoursGround;

beforeEach(async () => {
  bench = await startBench(
    {},
    { adversarial: { pageSize: 2, shuffled: true, staleShare: 0, appStartSeconds: 0 } },
  );
  colours = await layColours(bench);
});

afterEach(() => bench.close());

test('lists every rule of a listener, its default action under the ARN of the listener', async () => {
  const { listenerArn, ruleArn, blue } = colours;
  const rules = await bench.region.describeListenerRules(listenerArn, asWrite);
  const byArn = Object.fromEntries(rules.map((rule) => [rule.arn, rule]));
  expect(Object.keys(byArn).toSorted()).toEqual([listenerArn, ruleArn].toSorted());
  expect(byArn[listenerArn]).toMatchObject({
    priority: 'default',
    actions: [{ kind: 'forward', targetGroups: [{ targetGroupArn: blue, weight: 1 }] }],
  });
  expect(byArn[ruleArn]).toMatchObject({ priority: '10', listenerArn });
});

test('shows a rule alike whether it is read by itself or with its listener', async () => {
  const { listenerArn, ruleArn } = colours;
  const listed = await bench.region.describeListenerRules(listenerArn, asWrite);
  for (const arn of [listenerArn, ruleArn]) {
    const { rule } = await bench.region.describeRule(arn, asWrite);
    expect(rule).toEqual(listed.find((one) => one.arn === arn));
  }
});

test.each(['ruleArn', 'listenerArn'] as const)(
  'changes the weights of the %s in one call and nothing else of it',
  async (which) => {
    const arn = colours[which];
    const found = await bench.region.describeRule(arn, asWrite);
    await bench.calls();
    const weights = weightsOf(colours, 25);
    await bench.region.writeWeights({ found, weights }, asWrite);
    expect(await bench.calls()).toHaveLength(1);
    const { rule } = await bench.region.describeRule(arn, asWrite);
    const [forward] = found.rule.actions;
    expect(rule).toEqual({ ...found.rule, actions: [{ ...forward, targetGroups: weights }] });
  },
);

test('shows listeners, load balancers, and which target groups they use', async () => {
  const { loadBalancerArn, listenerArn, blue, green } = colours;
  expect(await bench.region.describeListeners(loadBalancerArn, asWrite)).toEqual([
    { listenerArn, loadBalancerArn, port: 80, protocol: 'HTTP' },
  ]);
  const [balancer] = await bench.region.describeLoadBalancers([loadBalancerArn], asWrite);
  expect(balancer).toMatchObject({ name: 'web', type: 'application' });
  const groups = await bench.region.describeTargetGroups({ arns: [blue, green] }, asWrite);
  for (const group of groups) {
    expect(group).toMatchObject({
      loadBalancerArns: [loadBalancerArn],
      usedByListener: true,
      protocol: 'HTTP',
      targetType: 'instance',
      stickySeconds: null,
      slowStartSeconds: 0,
    });
  }
});

test('a rule and a listener that are not there are not found', async () => {
  for (const arn of [colours.ruleArn, colours.listenerArn]) {
    const absent = `${arn.slice(0, -16)}0000000000000000`;
    await expect(bench.region.describeRule(absent, asWrite)).rejects.toMatchObject({
      code: 'AWS_NOT_FOUND',
    });
  }
});

let found: RuleDetails;

async function prepare(which: 'ruleArn' | 'listenerArn'): Promise<void> {
  found = await bench.region.describeRule(colours[which], asWrite);
}

testWrites(
  () => bench,
  [
    {
      action: 'ModifyRule',
      prepare: () => prepare('ruleArn'),
      run: (options) =>
        bench.region.writeWeights({ found, weights: weightsOf(colours, 50) }, options),
      again: 'done',
      vanished: {
        prepare: async () => {
          await prepare('ruleArn');
          await bench.bare.elb.send(new DeleteRuleCommand({ RuleArn: colours.ruleArn }));
        },
        outcome: { code: 'AWS_NOT_FOUND' },
      },
    },
    {
      action: 'ModifyListener',
      prepare: () => prepare('listenerArn'),
      run: (options) =>
        bench.region.writeWeights({ found, weights: weightsOf(colours, 50) }, options),
      again: 'done',
    },
  ],
);

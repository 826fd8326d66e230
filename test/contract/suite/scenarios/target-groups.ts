import assert from 'node:assert/strict';
import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type CreateTargetGroupCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { balancing, targetGroup } from '../ground/balancing.js';
import { network, required } from '../ground/network.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference';
const ATTRIBUTES = `${API}/API_TargetGroupAttribute.html`;
const NO_SUCH_ARN =
  'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/none/0123456789abcdef';

async function create(
  stage: Stage,
  settings: Partial<CreateTargetGroupCommandInput>,
): Promise<string> {
  const { vpcId } = settings.VpcId === undefined ? await network(stage) : { vpcId: settings.VpcId };
  const { TargetGroups: made } = await stage.elb.send(
    new CreateTargetGroupCommand({
      Name: stage.name('targets'),
      Protocol: 'HTTP',
      Port: 80,
      ...settings,
      VpcId: vpcId,
    }),
  );
  const arn = required(made?.[0]?.TargetGroupArn, 'the ARN of the target group');
  stage.atEnd(async () => stage.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn })));
  return arn;
}

async function describe(stage: Stage, arn: string) {
  const { TargetGroups: found } = await stage.elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }),
  );
  return required(found?.[0], arn);
}

async function attributes(stage: Stage, arn: string): Promise<Readonly<Record<string, string>>> {
  const { Attributes: found = [] } = await stage.elb.send(
    new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }),
  );
  return Object.fromEntries(found.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

async function setAttribute(stage: Stage, arn: string, [Key, Value]: readonly [string, string]) {
  return stage.elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: arn,
      Attributes: [{ Key, Value }],
    }),
  );
}

/** One an attribute: what AWS documents as its default. */
const defaults = (
  [
    ['deregistration_delay.timeout_seconds', '300'],
    ['slow_start.duration_seconds', '0'],
    ['stickiness.enabled', 'false'],
    ['stickiness.type', 'lb_cookie'],
    ['stickiness.lb_cookie.duration_seconds', '86400'],
    ['load_balancing.algorithm.type', 'round_robin'],
    ['load_balancing.cross_zone.enabled', 'use_load_balancer_configuration'],
  ] as const
).map(([key, value]): Behaviour => ({
  name: `default-${key.replaceAll(/[._]/g, '-')}`,
  title: `${key} is ${value} unless said`,
  page: ATTRIBUTES,
  run: async (stage) => {
    assert.equal((await attributes(stage, await create(stage, {})))[key], value);
  },
}));

const behaviours: readonly Behaviour[] = [
  {
    name: 'defaults-of-health-checks',
    title: 'Health checks are every 30 s, 5 s long, 5 to be healthy, 2 to be unhealthy, at /',
    run: async (stage) => {
      const found = await describe(stage, await create(stage, {}));
      assert.equal(found.HealthCheckIntervalSeconds, 30);
      assert.equal(found.HealthCheckTimeoutSeconds, 5);
      assert.equal(found.HealthyThresholdCount, 5);
      assert.equal(found.UnhealthyThresholdCount, 2);
      assert.equal(found.HealthCheckPath, '/');
      assert.equal(found.HealthCheckPort, 'traffic-port');
      assert.equal(found.Matcher?.HttpCode, '200');
      assert.equal(found.TargetType, 'instance');
    },
  },
  {
    name: 'same-settings-are-the-same-group',
    title: 'Creating a target group again with equal settings succeeds and gives the first',
    run: async (stage) => {
      const { vpcId } = await network(stage);
      const input = { Name: stage.name('same'), Protocol: 'HTTP', Port: 80, VpcId: vpcId } as const;
      const arn = await create(stage, input);
      const { TargetGroups: again } = await stage.elb.send(new CreateTargetGroupCommand(input));
      assert.equal(again?.[0]?.TargetGroupArn, arn);
    },
  },
  {
    name: 'other-settings-are-a-duplicate',
    title: 'Creating a target group again with other settings is refused',
    run: async (stage) => {
      const { vpcId } = await network(stage);
      const Name = stage.name('other');
      await create(stage, { Name, VpcId: vpcId });
      await refused(create(stage, { Name, VpcId: vpcId, Port: 8080 }), {
        code: 'DuplicateTargetGroupName',
      });
    },
  },
  {
    name: 'is-found-by-name',
    title: 'A target group is described by its name',
    page: `${API}/API_DescribeTargetGroups.html`,
    run: async (stage) => {
      const Name = stage.name('named');
      const arn = await create(stage, { Name });
      const { TargetGroups: found } = await stage.elb.send(
        new DescribeTargetGroupsCommand({ Names: [Name] }),
      );
      assert.equal(found?.[0]?.TargetGroupArn, arn);
    },
  },
  {
    name: 'tells-its-load-balancers',
    title: 'A target group tells which load balancers send it traffic',
    page: `${API}/API_TargetGroup.html`,
    run: async (stage) => {
      const { targetGroupArn, loadBalancerArn } = await balancing(stage);
      const found = await describe(stage, targetGroupArn);
      assert.deepEqual(found.LoadBalancerArns, [loadBalancerArn]);
      const { TargetGroups: of } = await stage.elb.send(
        new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancerArn }),
      );
      assert.equal(of?.[0]?.TargetGroupArn, targetGroupArn);
    },
  },
  {
    name: 'health-check-can-be-changed',
    title: 'A change of the health check keeps what it does not name',
    page: `${API}/API_ModifyTargetGroup.html`,
    run: async (stage) => {
      const arn = await create(stage, {});
      await stage.elb.send(
        new ModifyTargetGroupCommand({ TargetGroupArn: arn, HealthCheckPath: '/health' }),
      );
      const found = await describe(stage, arn);
      assert.equal(found.HealthCheckPath, '/health');
      assert.equal(found.HealthCheckIntervalSeconds, 30);
    },
  },
  {
    name: 'attributes-can-be-changed',
    title: 'A change of one attribute keeps the others',
    page: `${API}/API_ModifyTargetGroupAttributes.html`,
    run: async (stage) => {
      const arn = await create(stage, {});
      await setAttribute(stage, arn, ['deregistration_delay.timeout_seconds', '5']);
      const found = await attributes(stage, arn);
      assert.equal(found['deregistration_delay.timeout_seconds'], '5');
      assert.equal(found['stickiness.enabled'], 'false');
    },
  },
  {
    name: 'in-use-is-not-deleted',
    title: 'A target group that a listener uses is not deleted',
    page: `${API}/API_DeleteTargetGroup.html`,
    run: async (stage) => {
      const { targetGroupArn } = await balancing(stage);
      await refused(
        stage.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn })),
        { code: 'ResourceInUse' },
      );
    },
  },
  {
    name: 'is-gone-once-deleted',
    title: 'A target group that was deleted is not found any more',
    page: `${API}/API_DeleteTargetGroup.html`,
    run: async (stage) => {
      const { TargetGroups: made } = await stage.elb.send(
        new CreateTargetGroupCommand({
          Name: stage.name('short-lived'),
          Protocol: 'HTTP',
          Port: 80,
          VpcId: (await network(stage)).vpcId,
        }),
      );
      const arn = required(made?.[0]?.TargetGroupArn, 'the ARN');
      await stage.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn }));
      await refused(describe(stage, arn), { code: 'TargetGroupNotFound' });
    },
  },
];

const refusedCreations = refusals(
  (
    [
      ['long-name', 'A name has at most 32 characters', { Name: 'a'.repeat(33) }],
      ['underscore', 'A name has no underscore', { Name: 'under_score' }],
      ['leading-hyphen', 'A name does not begin with a hyphen', { Name: '-first' }],
      ['trailing-hyphen', 'A name does not end with a hyphen', { Name: 'last-' }],
      ['short-interval', 'An interval is at least 5 s', { HealthCheckIntervalSeconds: 4 }],
      ['long-interval', 'An interval is at most 300 s', { HealthCheckIntervalSeconds: 301 }],
      ['few-healthy', 'A healthy threshold is at least 2', { HealthyThresholdCount: 1 }],
      ['many-healthy', 'A healthy threshold is at most 10', { HealthyThresholdCount: 11 }],
      ['few-unhealthy', 'An unhealthy threshold is at least 2', { UnhealthyThresholdCount: 1 }],
      ['long-timeout', 'A timeout is at most 120 s', { HealthCheckTimeoutSeconds: 121 }],
    ] as const
  ).map(([name, title, settings]) => ({
    name: `refuses-${name}`,
    title,
    code: 'ValidationError',
    call: async (stage: Stage) => create(stage, settings),
  })),
);

const refusedCalls = refusals([
  {
    name: 'refuses-unknown-arn',
    title: 'Describing a target group that is not there is refused',
    page: `${API}/API_DescribeTargetGroups.html`,
    code: 'TargetGroupNotFound',
    call: async (stage) => describe(stage, NO_SUCH_ARN),
  },
  {
    name: 'refuses-unknown-name',
    title: 'Describing a name that is not there is refused',
    page: `${API}/API_DescribeTargetGroups.html`,
    code: 'TargetGroupNotFound',
    call: async (stage) =>
      stage.elb.send(new DescribeTargetGroupsCommand({ Names: ['no-such-target-group'] })),
  },
  {
    name: 'refuses-long-delay',
    title: 'A deregistration delay is at most an hour',
    page: ATTRIBUTES,
    code: 'ValidationError',
    call: async (stage) =>
      setAttribute(stage, await targetGroup(stage, await network(stage)), [
        'deregistration_delay.timeout_seconds',
        '3601',
      ]),
  },
  {
    name: 'refuses-unknown-attribute',
    title: 'An attribute that does not exist is refused',
    page: ATTRIBUTES,
    code: 'ValidationError',
    call: async (stage) =>
      setAttribute(stage, await targetGroup(stage, await network(stage)), ['colour', 'red']),
  },
  {
    name: 'refuses-attributes-of-unknown',
    title: 'What is not there has no attributes',
    page: `${API}/API_DescribeTargetGroupAttributes.html`,
    code: 'TargetGroupNotFound',
    call: async (stage) => attributes(stage, NO_SUCH_ARN),
  },
]);

export const targetGroupScenarios = topic(
  {
    name: 'target-groups',
    service: 'elasticloadbalancing',
    documentation: `${API}/API_CreateTargetGroup.html`,
  },
  [...behaviours, ...defaults, ...refusedCreations, ...refusedCalls],
);

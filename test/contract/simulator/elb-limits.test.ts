import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DescribeAccountLimitsCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeTagsCommand,
  DescribeTargetHealthCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  RemoveTagsCommand,
  type CreateTargetGroupCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { errorOf, groupInService, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

async function setLoadBalancer(Key: string, Value: string): Promise<unknown> {
  return standIn.elb.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: ground.loadBalancerArn,
      Attributes: [{ Key, Value }],
    }),
  );
}

describe('a load balancer', () => {
  test('that is protected cannot be deleted until it is no more', async () => {
    const remove = async () =>
      standIn.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: ground.loadBalancerArn }));
    await setLoadBalancer('deletion_protection.enabled', 'true');
    expect(await errorOf(remove())).toMatch(
      /^OperationNotPermittedException: .*deletion protection/,
    );
    await setLoadBalancer('deletion_protection.enabled', 'false');
    expect(await errorOf(remove())).toBe('none');
    expect(await errorOf(remove())).toBe('none');
  });

  test.each([
    ['idle_timeout.timeout_seconds', '4001'],
    ['idle_timeout.timeout_seconds', '0'],
    ['routing.http2.enabled', 'yes'],
    ['routing.http.desync_mitigation_mode', 'lax'],
    ['no.such.key', 'true'],
  ])('refuses the attribute %s = %s', async (key, value) => {
    expect(await errorOf(setLoadBalancer(key, value))).toMatch(/^ValidationError/);
  });

  test('shows its attributes with the changed ones among them', async () => {
    await setLoadBalancer('idle_timeout.timeout_seconds', '120');
    const { Attributes: attributes } = await standIn.elb.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: ground.loadBalancerArn }),
    );
    expect(attributes).toContainEqual({ Key: 'idle_timeout.timeout_seconds', Value: '120' });
    expect(attributes).toContainEqual({ Key: 'deletion_protection.enabled', Value: 'false' });
  });

  test('has at most fifty listeners', async () => {
    const listen = async (Port: number) =>
      standIn.elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: ground.loadBalancerArn,
          Port,
          Protocol: 'HTTP',
          DefaultActions: [{ Type: 'forward', TargetGroupArn: ground.targetGroupArn }],
        }),
      );
    for (let port = 8001; port < 8050; port += 1) await listen(port);
    expect(await errorOf(listen(9000))).toMatch(/^TooManyListenersException/);
  });
});

async function setTargetGroup(...pairs: readonly (readonly [string, string])[]): Promise<unknown> {
  return standIn.elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: ground.targetGroupArn,
      Attributes: pairs.map(([Key, Value]) => ({ Key, Value })),
    }),
  );
}

async function makeTargetGroup(change: Partial<CreateTargetGroupCommandInput>) {
  const { TargetGroups: groups } = await standIn.elb.send(
    new CreateTargetGroupCommand({
      Name: 'other',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: ground.vpcId,
      ...change,
    }),
  );
  return groups?.[0];
}

describe('a target group', () => {
  test.each<[string, (readonly [string, string])[]]>([
    ['slow start of 10 s', [['slow_start.duration_seconds', '10']]],
    ['slow start of 901 s', [['slow_start.duration_seconds', '901']]],
    ['stickiness of 0 s', [['stickiness.lb_cookie.duration_seconds', '0']]],
    ['stickiness of an unknown type', [['stickiness.type', 'ip']]],
    [
      'slow start with weighted random',
      [
        ['slow_start.duration_seconds', '30'],
        ['load_balancing.algorithm.type', 'weighted_random'],
      ],
    ],
    ['mitigation with round robin', [['load_balancing.algorithm.anomaly_mitigation', 'on']]],
  ])('refuses %s', async (_, pairs) => {
    expect(await errorOf(setTargetGroup(...pairs))).toMatch(/^ValidationError/);
  });

  test('takes slow start between its bounds', async () => {
    expect(await errorOf(setTargetGroup(['slow_start.duration_seconds', '30']))).toBe('none');
  });

  test.each<[string, Partial<CreateTargetGroupCommandInput>]>([
    ['a port of 0', { Port: 0 }],
    ['a VPC that is not there', { VpcId: 'vpc-0' }],
    ['a name of 33 characters', { Name: 'x'.repeat(33) }],
    ['checks slower than their interval', { HealthCheckIntervalSeconds: 5 }],
    ['a matcher that is none', { Matcher: { HttpCode: 'fine' } }],
    ['a path without a slash', { HealthCheckPath: 'health' }],
    ['checks that are off', { HealthCheckEnabled: false }],
  ])('is not made with %s', async (_, change) => {
    expect(await errorOf(makeTargetGroup(change))).toMatch(/^ValidationError/);
  });

  test('belongs to one load balancer', async () => {
    const { LoadBalancers: made } = await standIn.elb.send(
      new CreateLoadBalancerCommand({ Name: 'second', Subnets: [...ground.subnetIds] }),
    );
    const listen = standIn.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: made?.[0]?.LoadBalancerArn,
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: ground.targetGroupArn }],
      }),
    );
    expect(await errorOf(listen)).toMatch(/^TargetGroupAssociationLimitException/);
  });

  test('of functions has unavailable health until its checks are on', async () => {
    const group = await makeTargetGroup({
      TargetType: 'lambda',
      Protocol: undefined,
      Port: undefined,
      VpcId: undefined,
    });
    const TargetGroupArn = group?.TargetGroupArn;
    expect(group?.HealthCheckEnabled).toBe(false);
    const { LoadBalancers: made } = await standIn.elb.send(
      new CreateLoadBalancerCommand({ Name: 'second', Subnets: [...ground.subnetIds] }),
    );
    await standIn.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: made?.[0]?.LoadBalancerArn,
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      }),
    );
    const Id = 'arn:aws:lambda:eu-west-1:111111111111:function:web';
    await standIn.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }));
    const health = async () => {
      const { TargetHealthDescriptions: targets } = await standIn.elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      return targets?.[0]?.TargetHealth;
    };
    expect(await health()).toMatchObject({
      State: 'unavailable',
      Reason: 'Target.HealthCheckDisabled',
    });
    await standIn.elb.send(
      new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckEnabled: true }),
    );
    expect((await health())?.State).toBe('initial');
    await standIn.advance(3);
    expect((await health())?.Reason).toBe('Elb.InitialHealthChecking');
    await standIn.advance(300);
    expect((await health())?.State).toBe('healthy');
  });
});

test.each([
  [{ failedCheck: 'Target.ResponseCodeMismatch' }, 'Target.ResponseCodeMismatch'],
  [{ failedCheck: 'Target.Timeout' }, 'Target.Timeout'],
])('an image with the fault %j fails its checks for that reason', async (fault, reason) => {
  await standIn.control('POST', `/images/${ground.imageId}/fault`, fault);
  await groupInService(standIn, ground);
  const { TargetHealthDescriptions: targets } = await standIn.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: ground.targetGroupArn }),
  );
  expect(targets?.map(({ TargetHealth: health }) => health?.Reason)).toEqual([
    reason,
    reason,
    reason,
  ]);
});

test('tags are added, replaced, shown and removed, and the reserved ones refused', async () => {
  const ResourceArns = [ground.targetGroupArn];
  const add = async (Key: string, Value: string) =>
    standIn.elb.send(new AddTagsCommand({ ResourceArns, Tags: [{ Key, Value }] }));
  await add('team', 'shop');
  await add('team', 'web');
  await add('stage', 'prod');
  await standIn.elb.send(new RemoveTagsCommand({ ResourceArns, TagKeys: ['stage'] }));
  const { TagDescriptions: found } = await standIn.elb.send(
    new DescribeTagsCommand({ ResourceArns }),
  );
  expect(found?.[0]?.Tags).toEqual([{ Key: 'team', Value: 'web' }]);
  expect(await errorOf(add('aws:team', 'web'))).toMatch(/^ValidationError/);
  const many = Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
  const tooMany = standIn.elb.send(new AddTagsCommand({ ResourceArns, Tags: many }));
  expect(await errorOf(tooMany)).toMatch(/^TooManyTagsException/);
});

test('the limits of the account are told', async () => {
  const { Limits: limits } = await standIn.elb.send(new DescribeAccountLimitsCommand({}));
  expect(limits).toContainEqual({ Name: 'rules-per-application-load-balancer', Max: '100' });
});

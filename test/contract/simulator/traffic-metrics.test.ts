import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ModifyListenerCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
  DeregisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { clientSettings, groupInService, type StandIn } from './stand-in.js';
import { instantOf, nameIn, toWholeMinute } from './watched.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});
let cloudWatch: CloudWatchClient;
let instances: readonly string[];
let other: string;

beforeEach(async () => {
  cloudWatch = new CloudWatchClient(clientSettings(standIn.running.url, '111111111111'));
  instances = await groupInService(standIn, ground);
  const { TargetGroups: made } = await standIn.elb.send(
    new CreateTargetGroupCommand({
      Name: 'other',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: ground.vpcId,
    }),
  );
  other = made?.[0]?.TargetGroupArn ?? '';
  await toWholeMinute(standIn);
});

afterEach(() => cloudWatch.destroy());

/** Ten requests a second, exactly as many as are to be expected. */
async function stream(settings: object = {}): Promise<void> {
  const { status } = await standIn.control('POST', '/traffic', {
    name: 'web',
    requestsPerSecond: 10,
    noise: false,
    ...settings,
  });
  expect(status).toBe(200);
}

/** The values of the last minutes, oldest first; of the load balancer, or of one of its target groups. */
async function metric(
  MetricName: string,
  place: { readonly group?: string; readonly Stat?: string; readonly minutes?: number } = {},
): Promise<readonly number[]> {
  const { group, Stat = 'Sum', minutes = 1 } = place;
  const Dimensions = [
    { Name: 'LoadBalancer', Value: nameIn(ground.loadBalancerArn) },
    ...(group === undefined ? [] : [{ Name: 'TargetGroup', Value: nameIn(group) }]),
  ];
  const end = await instantOf(standIn);
  const Metric = { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions };
  const { MetricDataResults: results } = await cloudWatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat } }],
      StartTime: new Date(end - minutes * 60_000),
      EndTime: new Date(end),
      ScanBy: 'TimestampAscending',
    }),
  );
  return (results?.[0]?.Values ?? []).map((value) => Math.round(value * 1e6) / 1e6);
}

async function weigh(ours: number, theirs: number, stickySeconds?: number): Promise<void> {
  const sticky = { Enabled: true, DurationSeconds: stickySeconds ?? 1 };
  await standIn.elb.send(
    new ModifyListenerCommand({
      ListenerArn: ground.listenerArn,
      DefaultActions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: ground.targetGroupArn, Weight: ours },
              { TargetGroupArn: other, Weight: theirs },
            ],
            ...(stickySeconds === undefined ? {} : { TargetGroupStickinessConfig: sticky }),
          },
        },
      ],
    }),
  );
}

async function fault(body: object): Promise<void> {
  await standIn.control('POST', `/images/${ground.imageId}/fault`, body);
}

describe('a sound group', () => {
  test('answers all requests, told per group and per load balancer', async () => {
    await stream();
    await standIn.advance(60);
    for (const group of [undefined, ground.targetGroupArn]) {
      const place = group === undefined ? {} : { group };
      expect(await metric('RequestCount', place)).toEqual([600]);
      expect(await metric('HTTPCode_Target_2XX_Count', place)).toEqual([600]);
      expect(await metric('HTTPCode_Target_5XX_Count', place)).toEqual([]);
      expect(await metric('TargetConnectionErrorCount', place)).toEqual([]);
    }
    expect(await metric('HTTPCode_ELB_5XX_Count')).toEqual([]);
    const group = ground.targetGroupArn;
    expect(await metric('HealthyHostCount', { group, Stat: 'Average' })).toEqual([3]);
    expect(await metric('UnHealthyHostCount', { group, Stat: 'Average' })).toEqual([0]);
    const [p50 = 0] = await metric('TargetResponseTime', { group, Stat: 'p50' });
    const [p99 = 0] = await metric('TargetResponseTime', { group, Stat: 'p99' });
    expect(p50).toBeCloseTo(0.05, 2);
    expect(p99).toBeGreaterThan(p50 * 2);
  });

  test('wavers from minute to minute, equally for an equal seed, and adds up', async () => {
    await stream({ noise: true });
    await standIn.advance(600);
    const minutes = 10;
    const all = await metric('RequestCount', { minutes });
    expect(new Set(all).size).toBeGreaterThan(5);
    expect(Math.abs(all.reduce((a, b) => a + b, 0) - 6000)).toBeLessThan(400);
    expect(await metric('RequestCount', { minutes, group: ground.targetGroupArn })).toEqual(all);
    expect(await metric('HTTPCode_Target_2XX_Count', { minutes })).toEqual(all);
  });

  test('is listed with its metrics', async () => {
    await stream();
    await standIn.advance(60);
    const { Metrics: metrics } = await cloudWatch.send(
      new ListMetricsCommand({
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'HTTPCode_ELB_5XX_Count',
      }),
    );
    expect(metrics?.map(({ Dimensions }) => Dimensions?.length)).toEqual([1]);
  });
});

describe('a faulty image', () => {
  test('that fails requests is told as target errors', async () => {
    await fault({ errorRate: 0.2, latencyMs: 450 });
    await stream();
    await standIn.advance(60);
    const group = ground.targetGroupArn;
    expect(await metric('HTTPCode_Target_5XX_Count', { group })).toEqual([120]);
    expect(await metric('HTTPCode_Target_2XX_Count', { group })).toEqual([480]);
    expect((await metric('TargetResponseTime', { group, Stat: 'p50' }))[0]).toBeCloseTo(0.5, 1);
    expect(await metric('HTTPCode_ELB_5XX_Count')).toEqual([]);
  });

  test('that crashes after minutes refuses connections, and the load balancer answers 502', async () => {
    await fault({ crashAfterMinutes: 5 });
    await stream();
    await standIn.advance(540);
    const group = ground.targetGroupArn;
    expect(await metric('TargetConnectionErrorCount', { group })).toEqual([600]);
    expect(await metric('HTTPCode_ELB_5XX_Count')).toEqual([600]);
    expect(await metric('HTTPCode_ELB_5XX_Count', { group })).toEqual([]);
    expect(await metric('UnHealthyHostCount', { group, Stat: 'Maximum' })).toEqual([3]);
  });

  test('whose targets are all unhealthy gets all requests: it fails open', async () => {
    await fault({ failedCheck: 'Target.ResponseCodeMismatch' });
    for (const id of instances)
      await standIn.control('POST', `/instances/${id}/health`, { passesHealthChecks: false });
    await standIn.advance(60);
    await stream();
    await standIn.advance(60);
    expect(await metric('HTTPCode_Target_2XX_Count')).toEqual([600]);
    const { body } = await standIn.control<{ streams: { requestsWithNoHealthyTarget: number }[] }>(
      'GET',
      '/traffic',
    );
    expect(body.streams[0]?.requestsWithNoHealthyTarget).toBe(600);
  });
});

describe('weights', () => {
  test('share requests out, and an empty group answers its share with 503', async () => {
    await weigh(90, 10);
    await stream();
    await standIn.advance(60);
    expect(await metric('RequestCount', { group: ground.targetGroupArn })).toEqual([540]);
    expect(await metric('RequestCount', { group: other })).toEqual([]);
    expect(await metric('HTTPCode_ELB_503_Count')).toEqual([60]);
    expect(await metric('HTTPCode_ELB_5XX_Count')).toEqual([60]);
  });

  test('of 0 send nothing', async () => {
    await weigh(1, 0);
    await stream();
    await standIn.advance(60);
    expect(await metric('HTTPCode_ELB_5XX_Count')).toEqual([]);
  });

  test('give way to cookies for as long as these hold', async () => {
    await standIn.elb.send(
      new RegisterTargetsCommand({
        TargetGroupArn: other,
        Targets: [{ Id: instances[0] ?? '' }],
      }),
    );
    await weigh(1, 0, 600);
    await stream({ returningShare: 0.5 });
    await standIn.advance(1200);
    await weigh(0, 1, 600);
    await standIn.advance(60);
    const group = ground.targetGroupArn;
    // Half of the clients keep cookies; after one of ten minutes nineteen of twenty still go to the old group.
    expect((await metric('RequestCount', { group }))[0]).toBeCloseTo(285, 5);
    await standIn.advance(540);
    expect((await metric('RequestCount', { group }))[0]).toBeCloseTo(15, 5);
    await standIn.advance(60);
    expect(await metric('RequestCount', { group })).toEqual([]);
    expect(await metric('RequestCount', { group: other })).toEqual([600]);
  });

  test('leave clients with cookies to an emptied group, which answers 503', async () => {
    await weigh(1, 0, 600);
    await stream({ returningShare: 1 });
    await standIn.advance(60);
    await weigh(0, 1, 600);
    await standIn.elb.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: ground.targetGroupArn,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '0' }],
      }),
    );
    await standIn.elb.send(
      new DeregisterTargetsCommand({
        TargetGroupArn: ground.targetGroupArn,
        Targets: instances.map((Id) => ({ Id })),
      }),
    );
    await standIn.advance(60);
    expect((await metric('HTTPCode_ELB_503_Count'))[0]).toBeCloseTo(600, 5);
  });
});

test('rules share a mix of requests out by host and path', async () => {
  const rule = async (Priority: number, condition: object, action: object) =>
    standIn.elb.send(
      new CreateRuleCommand({
        ListenerArn: ground.listenerArn,
        Priority,
        Conditions: [condition],
        Actions: [
          { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' }, ...action },
        ],
      }),
    );
  await rule(1, { Field: 'path-pattern', Values: ['/health*'] }, {});
  await rule(
    2,
    { Field: 'host-header', Values: ['*.example.org'] },
    {
      Type: 'redirect',
      FixedResponseConfig: undefined,
      RedirectConfig: { StatusCode: 'HTTP_302', Host: 'example.com' },
    },
  );
  await stream({
    mix: [
      { share: 0.5 },
      { share: 0.3, path: '/healthz' },
      { share: 0.15, host: 'www.example.org' },
      { share: 0.05, host: 'www.example.org', path: '/health' },
    ],
  });
  await standIn.advance(60);
  expect(await metric('RequestCount')).toEqual([300]);
  expect(await metric('HTTP_Fixed_Response_Count')).toEqual([210]);
  expect(await metric('HTTP_Redirect_Count')).toEqual([90]);
});

test('a target whose instance has gone costs its share until the group knows', async () => {
  await stream();
  await standIn.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instances[0] ?? ''] }));
  await standIn.advance(60);
  const [refused = 0] = await metric('TargetConnectionErrorCount');
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(200);
});

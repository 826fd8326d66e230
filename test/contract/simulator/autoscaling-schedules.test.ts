import {
  AttachTrafficSourcesCommand,
  BatchDeleteScheduledActionCommand,
  BatchPutScheduledUpdateGroupActionCommand,
  DescribeLoadBalancerTargetGroupsCommand,
  DescribeScheduledActionsCommand,
  DescribeTrafficSourcesCommand,
  DetachLoadBalancerTargetGroupsCommand,
  DetachTrafficSourcesCommand,
  DisableMetricsCollectionCommand,
  EnableMetricsCollectionCommand,
  PutScheduledUpdateGroupActionCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { beforeEach, describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { describeGroup, errorOf, groupInService, targetStates, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

const AutoScalingGroupName = 'web-v000';

beforeEach(async () => {
  await groupInService(standIn, ground, { MinSize: 0, MaxSize: 20, DesiredCapacity: 10 });
});

const desired = async () => (await describeGroup(standIn))?.DesiredCapacity;

async function suspend(...ScalingProcesses: string[]): Promise<void> {
  await standIn.autoScaling.send(
    new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses }),
  );
}

describe('a scheduled action', () => {
  const inSeconds = async (seconds: number) => {
    const { body } = await standIn.control<{ now: string }>('GET', '/clock');
    return new Date(Date.parse(body.now) + seconds * 1000);
  };
  const put = async (settings: object) => {
    await standIn.autoScaling.send(
      new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName,
        ScheduledActionName: 'night',
        ...settings,
      }),
    );
  };
  const actions = async () =>
    (await standIn.autoScaling.send(new DescribeScheduledActionsCommand({ AutoScalingGroupName })))
      .ScheduledUpdateGroupActions;

  test('acts at its time, once, and is gone', async () => {
    await put({ StartTime: await inSeconds(100), DesiredCapacity: 2 });
    await standIn.advance(99);
    expect(await desired()).toBe(10);
    await standIn.advance(2);
    expect(await desired()).toBe(2);
    expect(await actions()).toEqual([]);
  });

  test('recurs, showing its next time, until its end', async () => {
    await put({ Recurrence: '0 * * * *', MinSize: 12, EndTime: await inSeconds(2.5 * 3600) });
    const first = (await actions())?.[0]?.StartTime?.getTime() ?? 0;
    await standIn.advance(3600);
    expect(await desired()).toBe(12);
    expect((await actions())?.[0]?.StartTime?.getTime()).toBe(first + 3_600_000);
    await standIn.advance(7200);
    expect(await actions()).toEqual([]);
  });

  test('is missed while ScheduledActions is suspended', async () => {
    await put({ StartTime: await inSeconds(100), DesiredCapacity: 2 });
    await suspend('ScheduledActions');
    await standIn.advance(200);
    await standIn.autoScaling.send(new ResumeProcessesCommand({ AutoScalingGroupName }));
    await standIn.advance(60);
    expect(await desired()).toBe(10);
  });

  test('of a batch is put or refused for itself, and so it is taken away', async () => {
    const StartTime = await inSeconds(1000);
    const { FailedScheduledUpdateGroupActions: failed } = await standIn.autoScaling.send(
      new BatchPutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName,
        ScheduledUpdateGroupActions: [
          { ScheduledActionName: 'good', StartTime, DesiredCapacity: 1 },
          { ScheduledActionName: 'bad', Recurrence: 'daily', DesiredCapacity: 1 },
        ],
      }),
    );
    expect(failed).toMatchObject([{ ScheduledActionName: 'bad', ErrorCode: 'ValidationError' }]);
    expect(await actions()).toHaveLength(1);
    const { FailedScheduledActions: left } = await standIn.autoScaling.send(
      new BatchDeleteScheduledActionCommand({
        AutoScalingGroupName,
        ScheduledActionNames: ['good', 'bad'],
      }),
    );
    expect(left).toMatchObject([{ ScheduledActionName: 'bad' }]);
    expect(await actions()).toEqual([]);
  });

  test.each([
    [{ Recurrence: '0 0 * * *' }, /At least one of MinSize/],
    [{ DesiredCapacity: 1 }, /start time or a recurrence/],
    [{ StartTime: new Date(0), DesiredCapacity: 1 }, /in the past/],
    [{ Recurrence: '0 0 * * *', TimeZone: 'Mars/Base', MinSize: 1 }, /Invalid time zone/],
    [{ Recurrence: '0 0 * * *', MinSize: 2, MaxSize: 1 }, /Max bound/],
  ])('with %j is refused', async (settings, message) => {
    expect(await errorOf(put(settings))).toMatch(message);
  });
});

test('a target group attached as a traffic source is detached as one', async () => {
  const { autoScaling } = standIn;
  const TargetGroupARNs = [ground.targetGroupArn];
  await autoScaling.send(
    new DetachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs }),
  );
  await standIn.advance(30);
  const TrafficSources = [{ Identifier: ground.targetGroupArn, Type: 'elbv2' }];
  await autoScaling.send(new AttachTrafficSourcesCommand({ AutoScalingGroupName, TrafficSources }));
  await standIn.advance(30);
  expect(new Set(await targetStates(standIn, ground.targetGroupArn))).toEqual(new Set(['healthy']));
  const { TrafficSources: shown } = await autoScaling.send(
    new DescribeTrafficSourcesCommand({ AutoScalingGroupName }),
  );
  expect(shown).toMatchObject([
    { Identifier: ground.targetGroupArn, State: 'InService', Type: 'elbv2' },
  ]);
  const { LoadBalancerTargetGroups: others } = await autoScaling.send(
    new DescribeLoadBalancerTargetGroupsCommand({ AutoScalingGroupName }),
  );
  expect(others).toEqual([]);
  const wrong = autoScaling.send(
    new DetachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs }),
  );
  expect(await errorOf(wrong)).toMatch(/^ValidationError: .*Use DetachTrafficSources/);
  await autoScaling.send(new DetachTrafficSourcesCommand({ AutoScalingGroupName, TrafficSources }));
  await standIn.advance(30);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([]);
});

test('metrics are collected from when they are enabled, and shown', async () => {
  await standIn.autoScaling.send(
    new EnableMetricsCollectionCommand({ AutoScalingGroupName, Granularity: '1Minute' }),
  );
  expect((await describeGroup(standIn))?.EnabledMetrics).toHaveLength(20);
  await standIn.autoScaling.send(
    new DisableMetricsCollectionCommand({
      AutoScalingGroupName,
      Metrics: ['GroupMinSize'],
    }),
  );
  expect((await describeGroup(standIn))?.EnabledMetrics).toHaveLength(19);
  const wrong = standIn.autoScaling.send(
    new EnableMetricsCollectionCommand({ AutoScalingGroupName, Granularity: '5Minute' }),
  );
  expect(await errorOf(wrong)).toMatch(/^ValidationError: /);
});

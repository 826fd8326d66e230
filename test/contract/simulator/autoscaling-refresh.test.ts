import {
  CancelInstanceRefreshCommand,
  type RefreshPreferences,
  ResumeProcessesCommand,
  RollbackInstanceRefreshCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  countInService,
  newestRefresh,
  refreshedGroup as AutoScalingGroupName,
  startRefresh,
  versionOf as version,
  versionsOf,
} from './refreshing.js';
import { eachTestOnNewGround } from './new-ground.js';
import {
  clientSettings,
  describeGroup,
  errorOf,
  groupInService,
  instanceIds,
  type StandIn,
} from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

beforeEach(async () => {
  await standIn.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateName: ground.templateName,
      SourceVersion: '1',
      LaunchTemplateData: { InstanceType: 't3.small' },
    }),
  );
});

const start = (preferences?: RefreshPreferences, to?: string | null) =>
  startRefresh(standIn, preferences, to);
const refresh = () => newestRefresh(standIn);
const versions = () => versionsOf(standIn);
const inServiceDuring = (seconds: number) => countInService(standIn, seconds);

describe('a refresh', () => {
  test('replaces one after another, and sets the group to what was wanted when it has succeeded', async () => {
    const before = await groupInService(standIn, ground);
    await start();
    expect(await refresh()).toMatchObject({
      Status: 'Pending',
      PercentageComplete: 0,
      InstancesToUpdate: 3,
      Preferences: { MinHealthyPercentage: 90, MaxHealthyPercentage: 100, SkipMatching: false },
    });
    await standIn.advance(15);
    expect(await refresh()).toMatchObject({ Status: 'InProgress' });
    expect((await describeGroup(standIn))?.LaunchTemplate?.Version).toBe('1');
    expect(await inServiceDuring(200)).toEqual({ least: 2, largest: 3 });
    expect(await refresh()).toMatchObject({
      Status: 'Successful',
      PercentageComplete: 100,
      InstancesToUpdate: 0,
    });
    expect(await versions()).toEqual(['2', '2', '2']);
    expect((await instanceIds(standIn)).some((id) => before.includes(id))).toBe(false);
    expect((await describeGroup(standIn))?.LaunchTemplate?.Version).toBe('2');
  });

  test('launches first when it may go beyond the wanted size', async () => {
    await groupInService(standIn, ground);
    await start({ MinHealthyPercentage: 100, MaxHealthyPercentage: 200, InstanceWarmup: 20 });
    expect(await inServiceDuring(100)).toEqual({ least: 3, largest: 6 });
    expect(await refresh()).toMatchObject({ Status: 'Successful' });
  });

  test('keeps the zones even, so that nothing has to be moved afterwards', async () => {
    await groupInService(standIn, ground);
    await start({ MinHealthyPercentage: 100, MaxHealthyPercentage: 110, InstanceWarmup: 2 });
    expect(await inServiceDuring(120)).toEqual({ least: 3, largest: 4 });
    const members = (await describeGroup(standIn))?.Instances ?? [];
    expect(new Set(members.map(({ AvailabilityZone: zone }) => zone)).size).toBe(3);
    expect(members).toHaveLength(3);
  });

  test('waits for warm-up, at checkpoints and while it bakes', async () => {
    await groupInService(standIn, ground);
    await start({
      MinHealthyPercentage: 0,
      InstanceWarmup: 100,
      CheckpointPercentages: [34, 100],
      CheckpointDelay: 500,
      BakeTime: 300,
    });
    await standIn.advance(100);
    expect(await refresh()).toMatchObject({ PercentageComplete: 0 });
    await standIn.advance(100);
    expect(await refresh()).toMatchObject({ Status: 'InProgress', PercentageComplete: 66 });
    expect(await versions()).toEqual(['1', '2', '2']);
    await standIn.advance(350);
    expect(await versions()).toEqual(['1', '2', '2']);
    await standIn.advance(300);
    expect(await versions()).toEqual(['2', '2', '2']);
    expect(await refresh()).toMatchObject({ Status: 'Baking', PercentageComplete: 100 });
    await standIn.advance(300);
    expect(await refresh()).toMatchObject({ Status: 'Successful' });
  });

  test('leaves matching and protected instances alone when told to', async () => {
    const before = await groupInService(standIn, ground);
    await start({ SkipMatching: true }, '1');
    await standIn.advance(5);
    expect(await refresh()).toMatchObject({ Status: 'Successful', PercentageComplete: 100 });
    expect(await instanceIds(standIn)).toEqual(before);
    const kept = before.slice(0, 1);
    await standIn.autoScaling.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName,
        InstanceIds: kept,
        ProtectedFromScaleIn: true,
      }),
    );
    await start({ ScaleInProtectedInstances: 'Ignore' });
    await standIn.advance(200);
    expect(await refresh()).toMatchObject({ Status: 'Successful' });
    expect((await instanceIds(standIn)).filter((id) => before.includes(id))).toEqual(kept);
  });

  test.each(['Launch', 'Terminate', 'InstanceRefresh'])(
    'stands still while %s is suspended, and fails after an hour of it',
    async (process) => {
      await groupInService(standIn, ground);
      const processes = { AutoScalingGroupName, ScalingProcesses: [process] };
      await standIn.autoScaling.send(new SuspendProcessesCommand(processes));
      await start();
      await standIn.advance(600);
      expect(await versions()).toEqual(['1', '1', '1']);
      await standIn.autoScaling.send(new ResumeProcessesCommand(processes));
      await standIn.advance(200);
      expect(await refresh()).toMatchObject({ Status: 'Successful' });
      await standIn.autoScaling.send(new SuspendProcessesCommand(processes));
      await start({}, '1');
      await standIn.advance(3700);
      expect(await refresh()).toMatchObject({ Status: 'Failed' });
      expect((await describeGroup(standIn))?.LaunchTemplate?.Version).toBe('2');
    },
  );

  test('is cancelled where it stands', async () => {
    await groupInService(standIn, ground);
    await start();
    await standIn.advance(15);
    await standIn.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName }));
    expect(await refresh()).toMatchObject({ Status: 'Cancelling' });
    await standIn.advance(120);
    expect(await refresh()).toMatchObject({ Status: 'Cancelled' });
    expect(new Set(await versions())).toContain('1');
    const again = standIn.autoScaling.send(
      new CancelInstanceRefreshCommand({ AutoScalingGroupName }),
    );
    expect(await errorOf(again)).toMatch(/^ActiveInstanceRefreshNotFoundFault: /);
  });

  test('is rolled back to what was before, replacing only what it had launched', async () => {
    const before = await groupInService(standIn, ground);
    await start();
    await standIn.advance(15);
    expect(await versions()).toContain('2');
    const kept = ((await describeGroup(standIn))?.Instances ?? [])
      .filter((member) => member.LifecycleState === 'InService')
      .map(({ InstanceId: id }) => id ?? '')
      .filter((id) => before.includes(id));
    expect(kept.length).toBeGreaterThan(0);
    await standIn.autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName }));
    expect(await refresh()).toMatchObject({
      Status: 'RollbackInProgress',
      RollbackDetails: { RollbackReason: 'Rollback requested by user.' },
    });
    await standIn.advance(300);
    expect(await refresh()).toMatchObject({ Status: 'RollbackSuccessful' });
    expect(await versions()).toEqual(['1', '1', '1']);
    expect(await instanceIds(standIn)).toEqual(expect.arrayContaining(kept));
    expect((await describeGroup(standIn))?.LaunchTemplate?.Version).toBe('1');
  });

  test('that cannot launch fails after an hour, and goes back by itself when told to', async () => {
    await groupInService(standIn, ground);
    await standIn.control('POST', '/capacity', {
      region: 'eu-west-1',
      instanceTypes: ['t3.small'],
      available: false,
    });
    await start({ AutoRollback: true });
    await standIn.advance(3600);
    expect(await refresh()).toMatchObject({ Status: 'InProgress' });
    await standIn.advance(200);
    expect(await refresh()).toMatchObject({ Status: 'RollbackInProgress' });
    await standIn.advance(400);
    expect(await refresh()).toMatchObject({ Status: 'RollbackSuccessful' });
    expect(await versions()).toEqual(['1', '1', '1']);
  });
});

test('an alarm brings a refresh back, and does not end the way back', async () => {
  await groupInService(standIn, ground);
  const cloudWatch = new CloudWatchClient(clientSettings(standIn.running.url, '111111111111'));
  const alarm = { AlarmName: 'errors', StateReason: 'test' };
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      Namespace: 'web',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  await start({
    MinHealthyPercentage: 100,
    MaxHealthyPercentage: 110,
    InstanceWarmup: 0,
    AutoRollback: true,
    AlarmSpecification: { Alarms: ['errors'] },
    CheckpointPercentages: [50, 100],
  });
  await standIn.advance(120);
  expect(await versions()).toEqual(['1', '2', '2']);
  await cloudWatch.send(new SetAlarmStateCommand({ ...alarm, StateValue: 'ALARM' }));
  expect((await inServiceDuring(120)).least).toBe(3);
  expect(await refresh()).toMatchObject({
    Status: 'RollbackSuccessful',
    RollbackDetails: { RollbackReason: 'An alarm is in the ALARM state: errors.' },
  });
  expect(await versions()).toEqual(['1', '1', '1']);
  cloudWatch.destroy();
});

describe('refused are', () => {
  test('a second refresh, changes of the launch template and attachments meanwhile', async () => {
    await groupInService(standIn, ground);
    await start();
    expect(await errorOf(start())).toMatch(/^InstanceRefreshInProgressFault: /);
    const update = new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, ...version('2') });
    expect(await errorOf(standIn.autoScaling.send(update))).toMatch(
      /^ValidationError: An active instance refresh with a desired configuration exists/,
    );
  });

  test('a rollback without a configuration, or to a version that is no number', async () => {
    await groupInService(standIn, ground);
    const rollback = () =>
      standIn.autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName }));
    expect(await errorOf(rollback())).toMatch(/^ActiveInstanceRefreshNotFoundFault: /);
    await start({}, null);
    expect(await errorOf(rollback())).toMatch(/^IrreversibleInstanceRefreshFault: /);
    await standIn.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName }));
    await standIn.advance(60);
    await start({}, '$Latest');
    expect(await errorOf(rollback())).toMatch(/^IrreversibleInstanceRefreshFault: /);
  });

  test.each<[RefreshPreferences, RegExp]>([
    [{ MinHealthyPercentage: 101 }, /MinHealthyPercentage/],
    [{ MaxHealthyPercentage: 110 }, /MinHealthyPercentage must be specified/],
    [{ MinHealthyPercentage: 50, MaxHealthyPercentage: 200 }, /difference/],
    [{ CheckpointPercentages: [50, 20] }, /ascending/],
    [{ BakeTime: 172_801 }, /BakeTime/],
    [{ CheckpointDelay: -1 }, /CheckpointDelay/],
    [{ AlarmSpecification: { Alarms: ['none'] } }, /does not exist/],
  ])('preferences %j', async (preferences, message) => {
    await groupInService(standIn, ground);
    const error = await errorOf(start(preferences));
    expect(error).toMatch(/^ValidationError: /);
    expect(error).toMatch(message);
  });
});

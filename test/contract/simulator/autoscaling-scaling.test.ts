import {
  DeleteAutoScalingGroupCommand,
  DeletePolicyCommand,
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  ExecutePolicyCommand,
  PutScalingPolicyCommand,
  type PutScalingPolicyCommandInput,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import {
  clientSettings,
  describeGroup,
  errorOf,
  groupInService,
  lifecycleStates,
  type StandIn,
} from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});
let cloudWatch: CloudWatchClient;
const AutoScalingGroupName = 'web-v000';

beforeEach(async () => {
  cloudWatch = new CloudWatchClient(clientSettings(standIn.running.url, '111111111111'));
  await groupInService(standIn, ground, { MinSize: 0, MaxSize: 20, DesiredCapacity: 10 });
});

afterEach(() => cloudWatch.destroy());

const desired = async () => (await describeGroup(standIn))?.DesiredCapacity;

async function putPolicy(settings: Partial<PutScalingPolicyCommandInput>): Promise<string> {
  const { PolicyARN: arn = '' } = await standIn.autoScaling.send(
    new PutScalingPolicyCommand({ AutoScalingGroupName, PolicyName: 'scale', ...settings }),
  );
  return arn;
}

async function execute(settings: object = {}): Promise<void> {
  await standIn.autoScaling.send(
    new ExecutePolicyCommand({ AutoScalingGroupName, PolicyName: 'scale', ...settings }),
  );
}

async function suspend(...ScalingProcesses: string[]): Promise<void> {
  await standIn.autoScaling.send(
    new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses }),
  );
}

describe('a simple policy', () => {
  test.each([
    ['ChangeInCapacity', 3, {}, 13],
    ['ChangeInCapacity', -30, {}, 0],
    ['ExactCapacity', 4, {}, 4],
    ['PercentChangeInCapacity', 25, {}, 12],
    ['PercentChangeInCapacity', -5, {}, 9],
    ['PercentChangeInCapacity', 10, { MinAdjustmentMagnitude: 4 }, 14],
    ['ChangeInCapacity', 30, {}, 20],
  ])('%s %i (%j) makes 10 into %4$i', async (AdjustmentType, ScalingAdjustment, more, expected) => {
    await putPolicy({ AdjustmentType, ScalingAdjustment, ...more });
    await execute();
    expect(await desired()).toBe(expected);
    await standIn.advance(60);
    expect(await lifecycleStates(standIn)).toHaveLength(expected);
  });

  test('cools down, for those who honour it', async () => {
    await putPolicy({ AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 1, Cooldown: 100 });
    await execute({ HonorCooldown: true });
    expect(await errorOf(execute({ HonorCooldown: true }))).toMatch(
      /^ScalingActivityInProgressFault: /,
    );
    await execute();
    await standIn.advance(100);
    await execute({ HonorCooldown: true });
    expect(await desired()).toBe(13);
    const { Activities: activities } = await standIn.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
    );
    expect(activities?.[0]?.Cause).toMatch(
      /a user request executed policy scale changing the desired capacity from 11 to 12/,
    );
  });
});

test('a step policy takes the step that the breach falls into', async () => {
  await putPolicy({
    PolicyType: 'StepScaling',
    AdjustmentType: 'ChangeInCapacity',
    StepAdjustments: [
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 10, ScalingAdjustment: 4 },
    ],
  });
  await execute({ MetricValue: 55, BreachThreshold: 50 });
  expect(await desired()).toBe(11);
  await execute({ MetricValue: 60, BreachThreshold: 50 });
  expect(await desired()).toBe(15);
  await execute({ MetricValue: 40, BreachThreshold: 50 });
  expect(await desired()).toBe(15);
  expect(await errorOf(execute())).toMatch(/^ValidationError: MetricValue and BreachThreshold/);
});

describe('an alarm', () => {
  const alarmOn = async (action: string) => {
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'busy',
        Namespace: 'shop',
        MetricName: 'load',
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 50,
        ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: [action],
      }),
    );
  };
  const load = async (value: number, minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await cloudWatch.send(
        new PutMetricDataCommand({
          Namespace: 'shop',
          MetricData: [{ MetricName: 'load', Value: value }],
        }),
      );
      await standIn.advance(60);
    }
  };

  test('acts on a policy, and is shown with it', async () => {
    const arn = await putPolicy({ AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 1 });
    await alarmOn(arn);
    await load(80, 3);
    expect(await desired()).toBe(11);
    const { ScalingPolicies: policies } = await standIn.autoScaling.send(
      new DescribePoliciesCommand({ AutoScalingGroupName }),
    );
    expect(policies?.[0]?.Alarms).toMatchObject([{ AlarmName: 'busy' }]);
  });

  test('has no effect while AlarmNotification is suspended or the policy is off', async () => {
    const adjustment = { AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 1 };
    await alarmOn(await putPolicy(adjustment));
    await suspend('AlarmNotification');
    await load(80, 3);
    expect(await desired()).toBe(10);
    await putPolicy({ ...adjustment, Enabled: false });
    await standIn.autoScaling.send(new ResumeProcessesCommand({ AutoScalingGroupName }));
    await load(80, 2);
    expect(await desired()).toBe(10);
    await putPolicy(adjustment);
    await load(80, 2);
    expect(await desired()).toBe(11);
  });
});

describe('target tracking', () => {
  const track = (settings: object = {}) =>
    putPolicy({
      PolicyType: 'TargetTrackingScaling',
      EstimatedInstanceWarmup: 0,
      TargetTrackingConfiguration: {
        TargetValue: 50,
        CustomizedMetricSpecification: {
          Namespace: 'shop',
          MetricName: 'cpu',
          Statistic: 'Average',
        },
        ...settings,
      },
    });
  const cpu = async (value: number, minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await cloudWatch.send(
        new PutMetricDataCommand({
          Namespace: 'shop',
          MetricData: [{ MetricName: 'cpu', Value: value }],
        }),
      );
      await standIn.advance(60);
    }
  };

  test('makes two alarms, scales out and in by them, and takes them along when it goes', async () => {
    await track();
    const alarms = async () =>
      (await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'TargetTracking-' })))
        .MetricAlarms;
    expect((await alarms())?.map(({ Threshold: threshold }) => threshold).toSorted()).toEqual([
      45, 50,
    ]);
    await cpu(75, 5);
    expect(await desired()).toBeGreaterThanOrEqual(15);
    await cpu(20, 20);
    expect(await desired()).toBeLessThan(10);
    await standIn.autoScaling.send(
      new DeletePolicyCommand({ AutoScalingGroupName, PolicyName: 'scale' }),
    );
    expect(await alarms()).toEqual([]);
  });

  test('does not scale in when it is told not to; its alarms go with the group', async () => {
    await track({ DisableScaleIn: true });
    await cpu(10, 20);
    expect(await desired()).toBe(10);
    await standIn.autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }),
    );
    await standIn.advance(60);
    const { MetricAlarms: alarms } = await cloudWatch.send(new DescribeAlarmsCommand({}));
    expect(alarms).toEqual([]);
  });

  test('an alarm that is set by hand moves the size by one', async () => {
    await track();
    const { MetricAlarms: alarms } = await cloudWatch.send(new DescribeAlarmsCommand({}));
    const high = alarms?.find(({ AlarmName: name }) => name?.includes('AlarmHigh'));
    await cloudWatch.send(
      new SetAlarmStateCommand({
        AlarmName: high?.AlarmName,
        StateValue: 'ALARM',
        StateReason: 'by hand',
      }),
    );
    expect(await desired()).toBe(11);
  });
});

test.each<[Partial<PutScalingPolicyCommandInput>, RegExp]>([
  [{ PolicyType: 'Magic' }, /policyType/],
  [{ AdjustmentType: 'ChangeInCapacity' }, /ScalingAdjustment must be specified/],
  [{ AdjustmentType: 'Double', ScalingAdjustment: 1 }, /adjustmentType/],
  [{ PolicyType: 'StepScaling', AdjustmentType: 'ChangeInCapacity' }, /StepAdjustments/],
  [{ PolicyType: 'TargetTrackingScaling' }, /TargetTrackingConfiguration/],
  [{ PolicyType: 'PredictiveScaling' }, /PredictiveScalingConfiguration/],
])('a policy of %j is refused', async (settings, message) => {
  const error = await errorOf(putPolicy(settings));
  expect(error).toMatch(/^ValidationError: /);
  expect(error).toMatch(message);
});

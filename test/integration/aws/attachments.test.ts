import {
  AutoScalingClient,
  EnableMetricsCollectionCommand,
  PutLifecycleHookCommand,
  PutNotificationConfigurationCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
  PutWarmPoolCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, startBench, type AwsBench } from './aws-bench.js';
import { region } from './aws-ground.js';

const AutoScalingGroupName = 'web-v000';
let bench: AwsBench;
let autoScaling: AutoScalingClient;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  bench = await startBench(
    {},
    { adversarial: { pageSize: 2, shuffled: true, staleShare: 0, appStartSeconds: 0 } },
  );
  autoScaling = bench.bare.autoScaling;
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'unused' };
  cloudWatch = new CloudWatchClient({ endpoint: bench.url, credentials, region });
});

afterEach(async () => {
  cloudWatch.destroy();
  await bench.close();
});

async function putPolicy(PolicyName: string, settings: object): Promise<string> {
  const reply = await autoScaling.send(
    new PutScalingPolicyCommand({ AutoScalingGroupName, PolicyName, ...settings }),
  );
  return reply.PolicyARN ?? '';
}

async function putAlarm(AlarmName: string, settings: object): Promise<void> {
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 80,
      ComparisonOperator: 'GreaterThanThreshold',
      ...settings,
    }),
  );
}

const tracking = {
  PolicyType: 'TargetTrackingScaling',
  EstimatedInstanceWarmup: 90,
  TargetTrackingConfiguration: {
    PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
    TargetValue: 50,
    DisableScaleIn: true,
  },
};
const step = {
  PolicyType: 'StepScaling',
  AdjustmentType: 'PercentChangeInCapacity',
  MinAdjustmentMagnitude: 2,
  MetricAggregationType: 'Average',
  StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 20 }],
};

test('reads everything that hangs on a group, whole, in alphabetical order', async () => {
  await bench.makeGroup(AutoScalingGroupName);
  await putPolicy('track', tracking);
  const stepArn = await putPolicy('step', { ...step, Enabled: false });
  await putPolicy('simple', {
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: 1,
    Cooldown: 60,
  });
  await putAlarm('cpu-high', {
    AlarmActions: [stepArn, 'arn:aws:sns:eu-west-1:111111111111:ops'],
    Dimensions: [{ Name: 'AutoScalingGroupName', Value: AutoScalingGroupName }],
    Tags: [
      { Key: 'team', Value: 'web' },
      { Key: 'gennaker:execution', Value: 'an older one' },
    ],
  });
  const attached = await bench.region.describeAttachments(AutoScalingGroupName, {
    ...asWrite,
    withAlarms: true,
  });
  expect(attached.policies).toMatchObject([
    {
      name: 'simple',
      type: 'SimpleScaling',
      members: { AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 1, Cooldown: 60 },
    },
    { name: 'step', arn: stepArn, type: 'StepScaling', members: { Enabled: false } },
    { name: 'track', type: 'TargetTrackingScaling' },
  ]);
  const { PolicyType: _step, ...stepMembers } = step;
  expect(attached.policies[1]?.members).toEqual({ ...stepMembers, Enabled: false });
  const { PolicyType: _tracking, ...trackingMembers } = tracking;
  expect(attached.policies[2]?.members).toEqual({ ...trackingMembers, Enabled: true });
  expect(attached.alarms).toMatchObject([
    {
      name: 'cpu-high',
      members: {
        Threshold: 80,
        Dimensions: [{ Name: 'AutoScalingGroupName', Value: AutoScalingGroupName }],
      },
      actions: {
        alarm: [stepArn, 'arn:aws:sns:eu-west-1:111111111111:ops'],
        ok: [],
        insufficientData: [],
      },
      tags: { team: 'web' },
    },
  ]);
  expect(attached.alarms[0]?.tags).toEqual({ team: 'web' });
});

test('reads schedules, hooks and topics as what a copy is made from', async () => {
  await bench.makeGroup(AutoScalingGroupName);
  await autoScaling.send(
    new PutScheduledUpdateGroupActionCommand({
      AutoScalingGroupName,
      ScheduledActionName: 'night',
      Recurrence: '0 22 * * *',
      TimeZone: 'Europe/Berlin',
      MinSize: 0,
      DesiredCapacity: 1,
    }),
  );
  await autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName,
      LifecycleHookName: 'warm-up',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      HeartbeatTimeout: 120,
      DefaultResult: 'CONTINUE',
      NotificationMetadata: '{"a":1}',
    }),
  );
  for (const type of ['LAUNCH', 'TERMINATE', 'LAUNCH_ERROR']) {
    await autoScaling.send(
      new PutNotificationConfigurationCommand({
        AutoScalingGroupName,
        TopicARN: 'arn:aws:sns:eu-west-1:111111111111:fleet',
        NotificationTypes: [`autoscaling:EC2_INSTANCE_${type}`],
      }),
    );
  }
  const attached = await bench.region.describeAttachments(AutoScalingGroupName, asWrite);
  expect(attached).toMatchObject({
    policies: [],
    alarms: [],
    scheduledActions: [
      {
        name: 'night',
        recurrence: '0 22 * * *',
        timeZone: 'Europe/Berlin',
        endAt: null,
        min: 0,
        max: null,
        desired: 1,
      },
    ],
    lifecycleHooks: [
      {
        name: 'warm-up',
        transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        members: {
          HeartbeatTimeout: 120,
          DefaultResult: 'CONTINUE',
          NotificationMetadata: '{"a":1}',
        },
      },
    ],
    notifications: [
      {
        topicArn: 'arn:aws:sns:eu-west-1:111111111111:fleet',
        types: [
          'autoscaling:EC2_INSTANCE_LAUNCH',
          'autoscaling:EC2_INSTANCE_LAUNCH_ERROR',
          'autoscaling:EC2_INSTANCE_TERMINATE',
        ],
      },
    ],
  });
  expect(attached.scheduledActions[0]?.startAt).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test('target tracking alone asks CloudWatch nothing: Auto Scaling makes those alarms itself', async () => {
  await bench.makeGroup(AutoScalingGroupName);
  await putPolicy('track', tracking);
  await bench.calls(/./);
  const { policies, alarms } = await bench.region.describeAttachments(AutoScalingGroupName, {
    ...asWrite,
    withAlarms: true,
  });
  expect([policies.length, alarms.length]).toEqual([1, 0]);
  const actions = (await bench.calls(/./)).map(({ action }) => action);
  expect(actions).not.toContain('DescribeAlarms');
});

test("gives a copy the group's own settings, and only those that are set", async () => {
  await bench.makeGroup('plain');
  await bench.makeGroup(AutoScalingGroupName, 0, {
    CapacityRebalance: true,
    DefaultInstanceWarmup: 120,
    MaxInstanceLifetime: 86_400,
    NewInstancesProtectedFromScaleIn: true,
    PlacementGroup: 'close',
    InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110 },
    AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-only' },
  });
  await autoScaling.send(new PutWarmPoolCommand({ AutoScalingGroupName, MinSize: 2 }));
  await autoScaling.send(
    new EnableMetricsCollectionCommand({
      AutoScalingGroupName,
      Metrics: ['GroupMaxSize', 'GroupDesiredCapacity'],
      Granularity: '1Minute',
    }),
  );
  const groups = await bench.region.describeServerGroups(['plain', AutoScalingGroupName], asWrite);
  const settings = new Map(groups.map(({ view, settings: own }) => [view.name, own]));
  expect(settings.get('plain')).toMatchObject({ notCarriedOver: [] });
  expect(settings.get('plain')?.carriedOver).toEqual({
    members: {},
    mixedInstances: null,
    enabledMetrics: [],
    warmPool: null,
  });
  expect(settings.get(AutoScalingGroupName)).toMatchObject({ notCarriedOver: [] });
  expect(settings.get(AutoScalingGroupName)?.carriedOver).toEqual({
    members: {
      CapacityRebalance: true,
      DefaultInstanceWarmup: 120,
      MaxInstanceLifetime: 86_400,
      NewInstancesProtectedFromScaleIn: true,
      PlacementGroup: 'close',
      InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110 },
      AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-only' },
    },
    mixedInstances: null,
    enabledMetrics: ['GroupDesiredCapacity', 'GroupMaxSize'],
    warmPool: { MinSize: 2, PoolState: 'Stopped' },
  });
});

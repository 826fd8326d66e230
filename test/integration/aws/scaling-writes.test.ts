import type { PutAlarmRequest } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, startBench, textLike, type AwsBench } from './aws-bench.js';
import { testWrites, type WriteCase } from './standard-write-cases.js';
import { outcomeOf, owner } from './write-requests.js';

const serverGroup = 'web-v001';
let bench: AwsBench;

beforeEach(async () => {
  bench = await startBench();
});

afterEach(async () => {
  await bench.close();
});

const policy = {
  name: 'more',
  type: 'StepScaling',
  members: {
    AdjustmentType: 'ChangeInCapacity',
    StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
  },
};
const nightly = {
  name: 'night',
  recurrence: '0 22 * * *',
  timeZone: 'Europe/Berlin',
  startAt: null,
  endAt: null,
  min: null,
  max: null,
  desired: 1,
};

function alarmRequest(changes: Partial<PutAlarmRequest> = {}): PutAlarmRequest {
  return {
    name: 'web-v001-high',
    serverGroup,
    members: {
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 80,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: serverGroup }],
    },
    actions: { alarm: ['arn:aws:sns:eu-west-1:111111111111:ops'], ok: [], insufficientData: [] },
    tags: { team: 'web' },
    owner,
    ...changes,
  };
}

const group = async (): Promise<void> => bench.makeGroup(serverGroup);
const gone = {
  prepare: async (): Promise<void> => undefined,
  outcome: { code: 'AWS_NOT_FOUND' },
};

const writes: readonly WriteCase[] = [
  {
    action: 'PutScalingPolicy',
    prepare: group,
    run: (options) => bench.region.putScalingPolicy({ serverGroup, policy }, options),
    again: { arn: textLike(/autoScalingGroupName\/web-v001:policyName\/more$/) },
    vanished: gone,
  },
  {
    action: 'BatchPutScheduledUpdateGroupAction',
    prepare: group,
    run: (options) =>
      bench.region.putScheduledActions({ serverGroup, actions: [nightly] }, options),
    again: 'done',
    vanished: gone,
  },
  {
    action: 'PutWarmPool',
    prepare: group,
    run: (options) => bench.region.putWarmPool({ serverGroup, members: { MinSize: 1 } }, options),
    again: 'done',
    vanished: gone,
  },
  {
    action: 'PutNotificationConfiguration',
    prepare: group,
    run: (options) =>
      bench.region.putNotification(
        {
          serverGroup,
          notification: {
            topicArn: 'arn:aws:sns:eu-west-1:111111111111:fleet',
            types: ['autoscaling:EC2_INSTANCE_LAUNCH'],
          },
        },
        options,
      ),
    again: 'done',
    vanished: gone,
  },
  {
    action: 'EnableMetricsCollection',
    prepare: group,
    run: (options) =>
      bench.region.enableMetrics({ serverGroup, metrics: ['GroupMinSize'] }, options),
    again: 'done',
    vanished: gone,
  },
  {
    action: 'PutMetricAlarm',
    prepare: async () => undefined,
    run: (options) => bench.region.putAlarm(alarmRequest(), options),
    again: 'done',
  },
  {
    action: 'DeleteAlarms',
    prepare: async () => bench.region.putAlarm(alarmRequest(), asWrite),
    run: (options) => bench.region.deleteAlarms(['web-v001-high'], options),
    again: 'done',
  },
];

testWrites(() => bench, writes);

test('an alarm is made as it was given, and is tagged with its owner and its server group', async () => {
  await bench.region.putAlarm(alarmRequest(), asWrite);
  const [alarm] = await bench.region.describeAlarms(
    { names: ['web-v001-high'] },
    { ...asWrite, withTags: true },
  );
  const { members, actions } = alarmRequest();
  expect(alarm).toMatchObject({
    members: { ...members, ActionsEnabled: true },
    actions,
    tags: {
      team: 'web',
      'gennaker:execution': owner.executionId,
      'gennaker:stage': owner.stage,
      'gennaker:server-group': serverGroup,
    },
  });
});

test('what is refused within a batch is an error, and names the action', async () => {
  await group();
  const late = { ...nightly, name: 'late', recurrence: null, startAt: '2020-01-01T00:00:00.000Z' };
  const write = bench.region.putScheduledActions(
    { serverGroup, actions: [late, nightly] },
    asWrite,
  );
  expect(await outcomeOf(write)).toMatchObject({
    code: 'AWS_INVALID',
    message: textLike(/scheduled action late of web-v001 .* failed: .*past/),
  });
  const { scheduledActions } = await bench.region.describeAttachments(serverGroup, asWrite);
  expect(scheduledActions.map(({ name }) => name)).toEqual(['night']);
});

test('120 scheduled actions go out in three calls', async () => {
  await group();
  await bench.calls();
  const actions = Array.from({ length: 120 }, (_, index) => ({
    ...nightly,
    name: `night-${index}`,
  }));
  await bench.region.putScheduledActions({ serverGroup, actions }, asWrite);
  const calls = await bench.calls(/^BatchPut/);
  expect(
    calls.map(({ input }) => (input['ScheduledUpdateGroupActions'] as unknown[]).length),
  ).toEqual([50, 50, 20]);
});

test('empty lists of actions, metrics and alarms make no call', async () => {
  await bench.calls(/./);
  await bench.region.putScheduledActions({ serverGroup, actions: [] }, asWrite);
  await bench.region.enableMetrics({ serverGroup, metrics: [] }, asWrite);
  await bench.region.deleteAlarms([], asWrite);
  expect(await bench.calls(/./)).toEqual([]);
});

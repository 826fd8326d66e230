import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, denied, startBench, type AwsBench } from './aws-bench.js';
import { region } from './aws-ground.js';
import { outcomeOf } from './write-requests.js';

let bench: AwsBench;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  bench = await startBench(
    {},
    { adversarial: { pageSize: 2, shuffled: true, staleShare: 0, appStartSeconds: 0 } },
  );
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'unused' };
  cloudWatch = new CloudWatchClient({ endpoint: bench.url, credentials, region });
});

afterEach(async () => {
  cloudWatch.destroy();
  await bench.close();
});

async function putAlarms(...names: readonly string[]): Promise<void> {
  for (const AlarmName of names) {
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
      }),
    );
  }
}

test('reads alarms by name, 100 a call, and leaves out those that are not there', async () => {
  await putAlarms('web-low', 'web-high', 'api-high');
  await bench.calls(/./);
  const names = Array.from({ length: 150 }, (_, index) => `other-${index}`);
  const alarms = await bench.region.describeAlarms(
    { names: ['web-low', 'api-high', ...names] },
    asWrite,
  );
  expect(alarms).toEqual([
    {
      name: 'api-high',
      arn: 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:api-high',
      state: 'INSUFFICIENT_DATA',
      stateReason: 'Unchecked: Initial alarm creation',
      actions: { alarm: [], ok: [], insufficientData: [] },
      members: {
        ActionsEnabled: true,
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 80,
        ComparisonOperator: 'GreaterThanThreshold',
      },
      tags: null,
    },
    expect.objectContaining({ name: 'web-low' }),
  ]);
  const calls = await bench.calls(/^DescribeAlarms$/);
  expect(calls.map(({ input }) => (input['AlarmNames'] as unknown[]).length)).toEqual([100, 52]);
});

test('reads every alarm of a prefix, past small pages', async () => {
  await putAlarms('web-1', 'web-2', 'web-3', 'web-4', 'web-5', 'api-1');
  const alarms = await bench.region.describeAlarms({ namePrefix: 'web-' }, asWrite);
  expect(alarms.map(({ name }) => name)).toEqual(['web-1', 'web-2', 'web-3', 'web-4', 'web-5']);
});

test('an empty list of names makes no call', async () => {
  await bench.calls(/./);
  expect(await bench.region.describeAlarms({ names: [] }, asWrite)).toEqual([]);
  expect(await bench.calls(/./)).toEqual([]);
});

test('says what CloudWatch refuses, and to whom', async () => {
  await bench.fault({ match: { action: 'DescribeAlarms' }, effect: denied });
  const read = bench.region.describeAlarms({ names: ['web-high'] }, asWrite);
  expect(await outcomeOf(read)).toMatchObject({
    code: 'AWS_DENIED',
    details: { service: 'monitoring', refusedAction: 'cloudwatch:DescribeAlarms' },
  });
});

test('is throttled as a passing trouble', async () => {
  await bench.fault({ match: { action: 'DescribeAlarms' }, effect: { kind: 'throttle' } });
  const read = bench.region.describeAlarms({ names: ['web-high'] }, asWrite);
  expect(await outcomeOf(read)).toMatchObject({ code: 'AWS_THROTTLED' });
});

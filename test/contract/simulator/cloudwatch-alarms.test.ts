import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type MetricAlarm,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clientSettings, errorOf, startStandIn, type StandIn } from './stand-in.js';

let standIn: StandIn;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  standIn = await startStandIn();
  cloudWatch = new CloudWatchClient(clientSettings(standIn.running.url, '111111111111'));
});

afterEach(async () => {
  cloudWatch.destroy();
  await standIn.close();
});

const rule: PutMetricAlarmCommandInput = {
  AlarmName: 'errors',
  Namespace: 'Shop',
  MetricName: 'Errors',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 10,
  ComparisonOperator: 'GreaterThanThreshold',
};

async function putAlarm(changes: Partial<PutMetricAlarmCommandInput> = {}): Promise<void> {
  await cloudWatch.send(new PutMetricAlarmCommand({ ...rule, ...changes }));
}

/** One minute with that many errors; `undefined`: with no data. */
async function minute(value: number | undefined): Promise<void> {
  if (value !== undefined) {
    await cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: 'Shop',
        MetricData: [{ MetricName: 'Errors', Value: value }],
      }),
    );
  }
  await standIn.advance(60);
}

async function alarm(name = 'errors'): Promise<MetricAlarm | undefined> {
  const { MetricAlarms: alarms } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [name] }),
  );
  return alarms?.[0];
}

describe('an alarm', () => {
  test('begins without data, goes off after two of three minutes, and ends', async () => {
    await putAlarm();
    expect((await alarm())?.StateValue).toBe('INSUFFICIENT_DATA');
    for (const value of [1, 1, 1]) await minute(value);
    await standIn.advance(60);
    expect((await alarm())?.StateValue).toBe('OK');
    for (const value of [50, 1, 50]) await minute(value);
    await standIn.advance(60);
    const raised = await alarm();
    expect(raised?.StateValue).toBe('ALARM');
    expect(raised?.StateReason).toMatch(/^Threshold Crossed: .* greater than the threshold \(10\)/);
    for (const value of [1, 1, 1]) await minute(value);
    await standIn.advance(60);
    expect((await alarm())?.StateValue).toBe('OK');
  });

  test.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['notBreaching', 'OK'],
    ['breaching', 'ALARM'],
    ['ignore', 'OK'],
  ])('that treats missing data as %s ends in %s when nothing comes', async (treatment, state) => {
    await putAlarm({ TreatMissingData: treatment });
    for (const value of [1, 1, 1]) await minute(value);
    await standIn.advance(60);
    expect((await alarm())?.StateValue).toBe('OK');
    await standIn.advance(600);
    expect((await alarm())?.StateValue).toBe(state);
  });

  test('upon metric math goes off by what the expression gives', async () => {
    const Metric = { Namespace: 'Shop', MetricName: 'Errors' };
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'rate',
        EvaluationPeriods: 1,
        Threshold: 0.5,
        ComparisonOperator: 'GreaterThanThreshold',
        Metrics: [
          { Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
          { Id: 'e1', Expression: 'm1 / 100' },
        ],
      }),
    );
    await minute(60);
    await standIn.advance(60);
    expect((await alarm('rate'))?.StateValue).toBe('ALARM');
  });

  test('that is set by hand keeps that state until the next evaluation', async () => {
    await putAlarm({ TreatMissingData: 'notBreaching' });
    await standIn.advance(61);
    const set = { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'drill' } as const;
    await cloudWatch.send(new SetAlarmStateCommand(set));
    expect(await alarm()).toMatchObject({ StateValue: 'ALARM', StateReason: 'drill' });
    await standIn.advance(60);
    expect((await alarm())?.StateValue).toBe('OK');
    const stranger = cloudWatch.send(new SetAlarmStateCommand({ ...set, AlarmName: 'none' }));
    expect(await errorOf(stranger)).toMatch(/^ResourceNotFound: Alarm none does not exist/);
  });

  test('keeps its state when it is put again, and is gone once deleted', async () => {
    await putAlarm({ TreatMissingData: 'notBreaching' });
    await standIn.advance(60);
    await putAlarm({ Threshold: 99 });
    expect(await alarm()).toMatchObject({ StateValue: 'OK', Threshold: 99 });
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ['errors', 'never-was'] }));
    expect(await alarm()).toBeUndefined();
  });
});

test.each([
  [
    'an operator of anomaly detection',
    { ComparisonOperator: 'GreaterThanUpperThreshold' as const },
  ],
  ['more datapoints than periods', { DatapointsToAlarm: 4 }],
  ['a period of 7 seconds', { Period: 7 }],
  ['no statistic', { Statistic: undefined }],
  ['more than a day', { EvaluationPeriods: 1441, DatapointsToAlarm: 1 }],
  ['a treatment that is none', { TreatMissingData: 'maybe' }],
  ['an action that is no ARN', { AlarmActions: ['mail me'] }],
])('PutMetricAlarm refuses %s', async (_, change) => {
  expect(await errorOf(putAlarm(change))).not.toBe('none');
  expect(await alarm()).toBeUndefined();
});

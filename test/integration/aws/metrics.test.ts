import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { MetricSpec } from '@gennaker/aws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, denied, startBench, textLike, type AwsBench } from './aws-bench.js';
import { region } from './aws-ground.js';
import { outcomeOf } from './write-requests.js';

const minuteMs = 60_000;

let bench: AwsBench;
let cloudWatch: CloudWatchClient;
/** A whole minute some hours ago, by the stand-in's clock. */
let startMs: number;

beforeEach(async () => {
  bench = await startBench(
    {},
    { adversarial: { pageSize: 1, shuffled: true, staleShare: 0, appStartSeconds: 0 } },
  );
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'unused' };
  cloudWatch = new CloudWatchClient({ endpoint: bench.url, credentials, region });
  await bench.region.describeAlarms({ names: ['any'] }, asWrite);
  const nowMs = bench.region.awsNow()?.getTime() ?? 0;
  startMs = Math.floor(nowMs / minuteMs) * minuteMs - 180 * minuteMs;
});

afterEach(async () => {
  cloudWatch.destroy();
  await bench.close();
});

function minute(index: number): string {
  return new Date(startMs + index * minuteMs).toISOString();
}

function spec(metricName: string, changes: Partial<MetricSpec> = {}): MetricSpec {
  return {
    namespace: 'Web',
    metricName,
    dimensions: { Group: 'v1' },
    statistic: 'Sum',
    ...changes,
  };
}

/** One value a minute from the start on. */
async function publish(metricName: string, values: readonly number[]): Promise<void> {
  const MetricData = values.map((Value, index) => ({
    MetricName: metricName,
    Dimensions: [{ Name: 'Group', Value: 'v1' }],
    Timestamp: new Date(minute(index)),
    Value,
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Web', MetricData }));
}

function read(metrics: readonly MetricSpec[], minutes: number) {
  const query = { metrics, from: minute(0), until: minute(minutes), periodSeconds: 60 };
  return bench.region.getMetricData(query, asWrite);
}

test('reads every point past small pages, by metric and oldest first', async () => {
  const counts = Array.from({ length: 50 }, (_, index) => index + 1);
  await publish('requests', counts);
  await publish('errors', [7, 8]);
  const [requests, errors, none] = await read(
    [spec('requests'), spec('errors'), spec('unknown')],
    60,
  );
  expect(requests?.map(({ value }) => value)).toEqual(counts);
  expect(requests?.[0]?.at).toBe(minute(0));
  expect(errors).toEqual([
    { at: minute(0), value: 7 },
    { at: minute(1), value: 8 },
  ]);
  expect(none).toEqual([]);
  expect(await bench.calls(/^GetMetricData$/)).toHaveLength(3);
});

test('a metric of other dimensions is another one, and the end is not included', async () => {
  await publish('requests', [1, 2, 3]);
  const other = spec('requests', { dimensions: { Group: 'v2' } });
  const [mine, others] = await read([spec('requests'), other], 2);
  expect(mine?.map(({ value }) => value)).toEqual([1, 2]);
  expect(others).toEqual([]);
});

test('asks in as few calls as the bounds of one allow', async () => {
  await bench.calls(/./);
  await read(
    Array.from({ length: 501 }, (_, index) => spec(`metric-${index}`)),
    60,
  );
  const hour = await bench.calls(/^GetMetricData$/);
  expect(hour.map(({ input }) => (input['MetricDataQueries'] as unknown[]).length)).toEqual([
    500, 1,
  ]);
  const fifteenDays = 15 * 24 * 60;
  await read(
    Array.from({ length: 5 }, (_, index) => spec(`metric-${index}`)),
    fifteenDays,
  );
  const days = await bench.calls(/^GetMetricData$/);
  expect(days.map(({ input }) => (input['MetricDataQueries'] as unknown[]).length)).toEqual([4, 1]);
});

test('no metrics make no call, and a span that is none is refused', async () => {
  await bench.calls(/./);
  expect(await read([], 60)).toEqual([]);
  expect(await outcomeOf(read([spec('requests')], 0))).toMatchObject({ code: 'INVALID_REQUEST' });
  expect(await outcomeOf(read([spec('requests')], 21_601))).toMatchObject({
    code: 'INVALID_REQUEST',
  });
  expect(await bench.calls(/./)).toEqual([]);
});

test('says what is refused in the words of IAM, and throttling is a passing trouble', async () => {
  await bench.fault({ match: { action: 'GetMetricData' }, effect: denied, times: 1 });
  expect(await outcomeOf(read([spec('requests')], 60))).toMatchObject({
    code: 'AWS_DENIED',
    message: textLike(/cloudwatch:GetMetricData/),
  });
  await bench.fault({ match: { action: 'GetMetricData' }, effect: { kind: 'throttle' }, times: 1 });
  expect(await outcomeOf(read([spec('requests')], 60))).toMatchObject({ code: 'AWS_THROTTLED' });
});

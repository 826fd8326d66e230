import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clientSettings, errorOf } from './stand-in.js';
import {
  errors,
  metricOf,
  MINUTE,
  put,
  read,
  requests,
  startWatched,
  traffic,
  type Watched,
} from './watched.js';

let watched: Watched;

beforeEach(async () => {
  watched = await startWatched();
});

afterEach(async () => {
  await watched.close();
});

function periodic(Period: number): MetricDataQuery {
  const { MetricStat: stat } = requests;
  return { Id: 'm', MetricStat: { Metric: stat?.Metric, Period, Stat: 'Sum' } };
}

describe('a metric', () => {
  test('has a point only in the periods that have data', async () => {
    await traffic(watched);
    expect(await read(watched, { ...requests, ReturnData: true })).toEqual([
      [0, 100],
      [1, 50],
      [3, 200],
    ]);
    expect(await read(watched, { ...errors, ReturnData: true })).toEqual([[1, 5]]);
    expect(await read(watched, { ...metricOf('none', 'Nothing'), ReturnData: true })).toEqual([]);
  });

  test.each([
    ['Sum', 5050],
    ['Average', 50.5],
    ['Minimum', 1],
    ['Maximum', 100],
    ['SampleCount', 100],
    ['p50', 50],
    ['p90', 90],
    ['p99', 99],
    ['p99.9', 100],
  ])('gives %s', async (Stat, expected) => {
    const Values = Array.from({ length: 100 }, (_, index) => index + 1);
    await put(watched, 0, [{ MetricName: 'Latency', Values }]);
    expect(await read(watched, { ...metricOf('m', 'Latency', Stat), ReturnData: true })).toEqual([
      [0, expected],
    ]);
  });

  test('knows no percentiles of a statistic set', async () => {
    const StatisticValues = { SampleCount: 10, Sum: 55, Minimum: 1, Maximum: 10 };
    await put(watched, 0, [{ MetricName: 'Latency', StatisticValues }]);
    expect(await read(watched, { ...metricOf('m', 'Latency', 'p90'), ReturnData: true })).toEqual(
      [],
    );
    expect(
      await read(watched, { ...metricOf('m', 'Latency', 'Average'), ReturnData: true }),
    ).toEqual([[0, 5.5]]);
  });

  test('is another one with other dimensions, and the same with these in another order', async () => {
    const Dimensions = [
      { Name: 'A', Value: '1' },
      { Name: 'B', Value: '2' },
    ];
    await put(watched, 0, [{ MetricName: 'Requests', Dimensions, Value: 7 }]);
    expect(await read(watched, { ...requests, ReturnData: true })).toEqual([]);
    const query = metricOf('m', 'Requests');
    const Metric = { ...query.MetricStat?.Metric, Dimensions: Dimensions.toReversed() };
    const MetricStat = { Metric, Period: 60, Stat: 'Sum' };
    expect(await read(watched, { Id: 'm', MetricStat })).toEqual([[0, 7]]);
  });

  test('is put together in periods on the clock, newest first unless asked otherwise', async () => {
    await traffic(watched);
    const period = 300_000;
    const first = Math.floor(watched.start / period) * period;
    const { MetricDataResults: results } = await watched.cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [{ ...periodic(300), ReturnData: true }],
        StartTime: new Date(first),
        EndTime: new Date(first + 2 * period),
      }),
    );
    const stamps = (results?.[0]?.Timestamps ?? []).map((at) => at.getTime());
    expect(stamps.every((at) => at % period === 0)).toBe(true);
    expect(stamps).toEqual(stamps.toSorted((a, b) => b - a));
    expect((results?.[0]?.Values ?? []).reduce((a, b) => a + b, 0)).toBe(350);
  });

  test('comes in pages when fewer points are asked for', async () => {
    await traffic(watched);
    const ask = async (NextToken?: string) =>
      watched.cloudWatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: [{ ...requests, ReturnData: true }],
          StartTime: new Date(watched.start),
          EndTime: new Date(watched.start + 5 * MINUTE),
          MaxDatapoints: 2,
          NextToken,
        }),
      );
    const first = await ask();
    expect(first.MetricDataResults?.[0]?.Values).toEqual([200, 50]);
    const second = await ask(first.NextToken);
    expect(second.MetricDataResults?.[0]?.Values).toEqual([100]);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('GetMetricStatistics and ListMetrics', () => {
  test('tell the same as GetMetricData', async () => {
    await traffic(watched);
    const { Datapoints: points } = await watched.cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Shop',
        MetricName: 'Requests',
        StartTime: new Date(watched.start),
        EndTime: new Date(watched.start + 5 * MINUTE),
        Period: 60,
        Statistics: ['Sum', 'Maximum'],
      }),
    );
    expect(points?.map(({ Sum, Maximum }) => [Sum, Maximum])).toEqual([
      [100, 100],
      [50, 50],
      [200, 200],
    ]);
    const { Metrics: metrics } = await watched.cloudWatch.send(
      new ListMetricsCommand({ Namespace: 'Shop' }),
    );
    expect(metrics?.map(({ MetricName: name }) => name).toSorted()).toEqual(['Errors', 'Requests']);
  });

  test('give percentiles only under ExtendedStatistics', async () => {
    await put(watched, 0, [{ MetricName: 'Latency', Values: [1, 2, 3, 4] }]);
    const ask = {
      Namespace: 'Shop',
      MetricName: 'Latency',
      StartTime: new Date(watched.start),
      EndTime: new Date(watched.start + MINUTE),
      Period: 60,
    };
    const { Datapoints: points } = await watched.cloudWatch.send(
      new GetMetricStatisticsCommand({ ...ask, ExtendedStatistics: ['p50'] }),
    );
    expect(points?.[0]?.ExtendedStatistics).toEqual({ p50: 2 });
    const neither = watched.cloudWatch.send(new GetMetricStatisticsCommand(ask));
    expect(await errorOf(neither)).toMatch(/At least one of/);
  });
});

test.each([
  ['a namespace of AWS', { Namespace: 'AWS/EC2' }, {}, /^InvalidParameterValueException/],
  ['two kinds of values', {}, { Value: 1, Values: [1] }, /^InvalidParameterCombinationException/],
  ['no value', {}, { Value: undefined }, /^MissingRequiredParameterException/],
  ['counts that do not fit', {}, { Value: undefined, Values: [1], Counts: [1, 2] }, /equal size/],
  ['an instant long ago', {}, { Timestamp: new Date(0) }, /two weeks/],
])('PutMetricData refuses %s', async (_, request, datum, error) => {
  const publishing = watched.cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: 'Shop',
      ...request,
      MetricData: [{ MetricName: 'Requests', Value: 1, ...datum }],
    }),
  );
  expect(await errorOf(publishing)).toMatch(error);
});

test('the query protocol tells the same as JSON', async () => {
  const query = new CloudWatchClient({
    ...clientSettings(watched.standIn.running.url, '111111111111'),
    protocol: new AwsQueryProtocol({
      defaultNamespace: 'com.amazonaws.cloudwatch',
      xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
      version: '2010-08-01',
    }),
  });
  const Timestamp = new Date(watched.start);
  await query.send(
    new PutMetricDataCommand({
      Namespace: 'Shop',
      MetricData: [{ MetricName: 'Requests', Value: 3, Timestamp }],
    }),
  );
  expect(await read(watched, { ...requests, ReturnData: true })).toEqual([[0, 3]]);
  const { MetricDataResults: results } = await query.send(
    new GetMetricDataCommand({
      MetricDataQueries: [{ ...requests, ReturnData: true }],
      StartTime: Timestamp,
      EndTime: new Date(watched.start + MINUTE),
    }),
  );
  expect(results?.[0]).toMatchObject({ Id: 'requests', Timestamps: [Timestamp], Values: [3] });
  query.destroy();
});

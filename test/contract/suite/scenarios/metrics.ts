import assert from 'node:assert/strict';
import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import {
  GetParameterCommand,
  PutParameterCommand,
  DeleteParameterCommand,
} from '@aws-sdk/client-ssm';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';
import { alarmBehaviours } from './alarm-behaviours.js';

const API = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference';
const MATH =
  'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html';
const MINUTE_MS = 60_000;

/** The minute that the metric's points lie in, a while ago by the target's own clock. */
async function pastMinute(stage: Stage): Promise<number> {
  return Math.floor((await targetTime(stage)) / MINUTE_MS) * MINUTE_MS - 5 * MINUTE_MS;
}

/** The target's time: that of the Date header of any reply. */
async function targetTime(stage: Stage): Promise<number> {
  let date = Date.now();
  stage.cloudWatch.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const headers: unknown = Reflect.get(Object(result.response), 'headers');
      const header: unknown = Reflect.get(Object(headers), 'date');
      if (typeof header === 'string') date = Date.parse(header);
      return result;
    },
    { step: 'deserialize', name: 'contract-date', override: true },
  );
  await stage.cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 1 }));
  return date;
}

/** Puts values into one minute; returns their namespace and how to ask for them. */
async function published(stage: Stage, points: readonly number[]) {
  const Namespace = stage.name('Contract');
  const at = await pastMinute(stage);
  await stage.cloudWatch.send(
    new PutMetricDataCommand({
      Namespace,
      MetricData: points.map((Value) => ({
        MetricName: 'latency',
        Timestamp: new Date(at),
        Value,
      })),
    }),
  );
  const query = (Stat: string, Id = 'm1'): MetricDataQuery => ({
    Id,
    MetricStat: { Metric: { Namespace, MetricName: 'latency' }, Period: 60, Stat },
  });
  return { at, query };
}

/** The values of the last query. */
async function values(
  stage: Stage,
  at: number,
  queries: readonly MetricDataQuery[],
): Promise<readonly number[]> {
  const look = async () => {
    const { MetricDataResults: results = [] } = await stage.cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(at - MINUTE_MS),
        EndTime: new Date(at + 2 * MINUTE_MS),
        MetricDataQueries: [...queries],
      }),
    );
    return results.find(({ Id }) => Id === queries.at(-1)?.Id)?.Values ?? [];
  };
  return stage.eventually('a point', look, (found) => found.length > 0);
}

/** One a statistic: of 1, 2, 3 and 10. */
const statistics = (
  [
    ['Sum', 16],
    ['Average', 4],
    ['Minimum', 1],
    ['Maximum', 10],
    ['SampleCount', 4],
  ] as const
).map(([statistic, expected]): Behaviour => ({
  name: `statistic-${statistic.toLowerCase()}`,
  title: `${statistic} of the points of a minute`,
  page: `${API}/API_MetricStat.html`,
  run: async (stage) => {
    const { at, query } = await published(stage, [1, 2, 3, 10]);
    assert.deepEqual(await values(stage, at, [query(statistic)]), [expected]);
  },
}));

const reading: readonly Behaviour[] = [
  {
    name: 'percentile',
    title: 'p50 of equal values is that value',
    page: `${API}/API_MetricStat.html`,
    run: async (stage) => {
      const { at, query } = await published(stage, [7, 7, 7]);
      assert.deepEqual(await values(stage, at, [query('p50')]), [7]);
    },
  },
  {
    name: 'metric-math',
    title: 'An expression is computed over other queries',
    page: MATH,
    run: async (stage) => {
      const { at, query } = await published(stage, [1, 2, 3]);
      const found = await values(stage, at, [
        { ...query('Sum'), ReturnData: false },
        { Id: 'e1', Expression: 'm1 * 2' },
      ]);
      assert.deepEqual(found, [12]);
    },
  },
  {
    name: 'no-data-has-no-point',
    title: 'A metric without data has no point, and that is no error',
    page: `${API}/API_GetMetricData.html`,
    run: async (stage) => {
      const { at, query } = await published(stage, [1]);
      const other = { ...query('Sum'), Id: 'none' };
      const { MetricDataResults: results = [] } = await stage.cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(at - 60 * MINUTE_MS),
          EndTime: new Date(at - 50 * MINUTE_MS),
          MetricDataQueries: [other],
        }),
      );
      assert.deepEqual(results[0]?.Values, []);
    },
  },
];

export const metricScenarios = topic(
  { name: 'metrics', service: 'cloudwatch', documentation: `${API}/API_GetMetricData.html` },
  [...statistics, ...reading, ...alarmBehaviours],
);

const SSM = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference';

const parameters: readonly Behaviour[] = [
  {
    name: 'are-given-back',
    title: 'A parameter is given back with its value and version',
    run: async (stage) => {
      const Name = `/${stage.name('contract')}/image`;
      await stage.ssm.send(new PutParameterCommand({ Name, Value: 'ami-1', Type: 'String' }));
      stage.atEnd(async () => stage.ssm.send(new DeleteParameterCommand({ Name })));
      const { Parameter: found } = await stage.ssm.send(new GetParameterCommand({ Name }));
      assert.equal(found?.Value, 'ami-1');
      assert.equal(found?.Version, 1);
    },
  },
  ...refusals([
    {
      name: 'refuses-unknown',
      title: 'A parameter that is not there is not found',
      code: 'ParameterNotFound',
      call: async (stage) =>
        stage.ssm.send(new GetParameterCommand({ Name: '/no/such/parameter' })),
    },
  ]),
];

export const parameterScenarios = topic(
  { name: 'parameters', service: 'ssm', documentation: `${SSM}/API_GetParameter.html` },
  parameters,
);

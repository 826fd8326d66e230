import {
  CloudWatchClient,
  GetMetricDataCommand,
  PutMetricDataCommand,
  type MetricDataQuery,
  type MetricDatum,
} from '@aws-sdk/client-cloudwatch';
import { clientSettings, startStandIn, type StandIn } from './stand-in.js';

export const MINUTE = 60_000;

/** A stand-in with a CloudWatch client, and five whole minutes that are over. */
export interface Watched {
  readonly standIn: StandIn;
  readonly cloudWatch: CloudWatchClient;
  /** When the first of the minutes begins, epoch milliseconds. */
  readonly start: number;
  readonly close: () => Promise<void>;
}

export type Points = readonly (readonly [minute: number, value: number])[];

export async function startWatched(): Promise<Watched> {
  const standIn = await startStandIn();
  const cloudWatch = new CloudWatchClient(clientSettings(standIn.running.url, '111111111111'));
  const { body } = await standIn.control<{ now: string }>('GET', '/clock');
  return {
    standIn,
    cloudWatch,
    start: Math.floor(Date.parse(body.now) / MINUTE) * MINUTE - 5 * MINUTE,
    close: async () => {
      cloudWatch.destroy();
      await standIn.close();
    },
  };
}

/** Publishes data of that minute. */
export async function put(
  { cloudWatch, start }: Watched,
  minute: number,
  data: readonly MetricDatum[],
): Promise<void> {
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: 'Shop',
      MetricData: data.map((datum) => ({ Timestamp: new Date(start + minute * MINUTE), ...datum })),
    }),
  );
}

/** A query of one statistic of a metric, which only feeds others. */
export function metricOf(Id: string, MetricName: string, Stat = 'Sum'): MetricDataQuery {
  return {
    Id,
    MetricStat: { Metric: { Namespace: 'Shop', MetricName }, Period: 60, Stat },
    ReturnData: false,
  };
}

/** The points of the first result, by minute. */
export async function read(
  { cloudWatch, start }: Watched,
  ...queries: readonly MetricDataQuery[]
): Promise<Points> {
  const { MetricDataResults: results } = await cloudWatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [...queries],
      StartTime: new Date(start),
      EndTime: new Date(start + 5 * MINUTE),
      ScanBy: 'TimestampAscending',
    }),
  );
  return (results?.[0]?.Timestamps ?? []).map((at, index) => [
    (at.getTime() - start) / MINUTE,
    results?.[0]?.Values?.[index] ?? Number.NaN,
  ]);
}

export const errors = metricOf('errors', 'Errors');
export const requests = metricOf('requests', 'Requests');

/** Minutes 0, 1 and 3 have requests; errors only in minute 1; minute 2 has nothing. */
export async function traffic(watched: Watched): Promise<void> {
  await put(watched, 0, [{ MetricName: 'Requests', Value: 100 }]);
  await put(watched, 1, [
    { MetricName: 'Requests', Value: 50 },
    { MetricName: 'Errors', Value: 5 },
  ]);
  await put(watched, 3, [{ MetricName: 'Requests', Value: 200 }]);
}

/** The simulated instant, epoch milliseconds. */
export async function instantOf(standIn: StandIn): Promise<number> {
  return Date.parse((await standIn.control<{ now: string }>('GET', '/clock')).body.now);
}

/** Advances to where the next minute begins. */
export async function toWholeMinute(standIn: StandIn): Promise<void> {
  await standIn.advance((MINUTE - ((await instantOf(standIn)) % MINUTE)) / 1000);
}

/** The end of an ARN, as the metrics' dimensions have it. */
export function nameIn(arn: string): string {
  return (
    arn
      .split(':')
      .at(-1)
      ?.replace(/^loadbalancer\//, '') ?? ''
  );
}

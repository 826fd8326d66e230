import {
  GetMetricDataCommand,
  type MetricDataQuery as SdkQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { epochMs, GennakerError } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import type { MetricDataQuery, MetricPoint, MetricSpec } from './metric-data.js';
import { collectPages } from '../calling/pages.js';

/** Most queries in one GetMetricData (API_GetMetricData). */
const queriesPerCall = 500;

/** Most data points in one GetMetricData (API_GetMetricData); a request that can have more is cut. */
const pointsPerCall = 100_800;

/** Most points that one metric can have in a request: 15 days by the minute, as long as CloudWatch keeps them. */
const pointsPerMetricMax = 21_600;

/** See AwsReads. An empty list of metrics makes no call. */
export async function getMetricData(
  caller: AwsCaller,
  query: MetricDataQuery,
  options: CallOptions,
): Promise<readonly (readonly MetricPoint[])[]> {
  const size = metricsPerCall(query);
  const chunks = Array.from({ length: Math.ceil(query.metrics.length / size) }, (_, index) =>
    query.metrics.slice(index * size, (index + 1) * size),
  );
  const read = chunks.map((metrics) => readChunk(caller, { ...query, metrics }, options));
  return (await Promise.all(read)).flat();
}

/** As many as the bounds of one request allow. Throws INVALID_REQUEST for a span that is none, or too long. */
function metricsPerCall({ from, until, periodSeconds }: MetricDataQuery): number {
  const points = Math.ceil((epochMs(until) - epochMs(from)) / 1000 / periodSeconds);
  if (points >= 1 && points <= pointsPerMetricMax) {
    return Math.min(queriesPerCall, Math.floor(pointsPerCall / points));
  }
  throw new GennakerError(
    'INVALID_REQUEST',
    `Metrics cannot be read from ${from} to ${until} in periods of ${periodSeconds} s: that is ${points} points a ` +
      `metric, and there may be 1 to ${pointsPerMetricMax}.`,
    { details: { from, until, periodSeconds } },
  );
}

async function readChunk(
  caller: AwsCaller,
  query: MetricDataQuery,
  options: CallOptions,
): Promise<readonly (readonly MetricPoint[])[]> {
  const { metrics, from, until } = query;
  const resource = [...new Set(metrics.map((metric) => metric.metricName))].join(', ');
  const results = await collectPages(`metrics ${resource}`, async (NextToken) => {
    const command = new GetMetricDataCommand({
      MetricDataQueries: metrics.map((metric, index) =>
        toSdkQuery(metric, index, query.periodSeconds),
      ),
      StartTime: new Date(from),
      EndTime: new Date(until),
      ScanBy: 'TimestampAscending',
      NextToken,
    });
    const reply = await caller.cloudWatch(command, { ...options, resource });
    const items = reply.MetricDataResults ?? [];
    items.forEach((result) => refuseIncomplete(result, reply.NextToken !== undefined));
    return { items, next: reply.NextToken };
  });
  return metrics.map((_, index) => pointsOf(results.filter(({ Id }) => Id === idOf(index))));
}

function toSdkQuery(metric: MetricSpec, index: number, periodSeconds: number): SdkQuery {
  return {
    Id: idOf(index),
    MetricStat: {
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.metricName,
        Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: metric.statistic,
    },
  };
}

function idOf(index: number): string {
  return `m${index}`;
}

/** A verdict on half of the data would be a verdict on chance: what is not complete is an error. */
function refuseIncomplete({ StatusCode, Label }: MetricDataResult, isMore: boolean): void {
  if (StatusCode === 'Forbidden') {
    throw new GennakerError(
      'AWS_DENIED',
      `CloudWatch lets us read no data of ${Label ?? 'a metric'}: the role lacks cloudwatch:GetMetricData for it.`,
      { details: { refusedAction: 'cloudwatch:GetMetricData', metric: Label ?? null } },
    );
  }
  if (StatusCode === 'InternalError' || (StatusCode === 'PartialData' && !isMore)) {
    throw new GennakerError(
      'AWS_UNAVAILABLE',
      `CloudWatch gave only a part of the data of ${Label ?? 'a metric'} (${StatusCode}).`,
      { details: { status: StatusCode, metric: Label ?? null } },
    );
  }
}

/** The pages of one metric in one list, oldest first; a point that a later page repeats counts once. */
function pointsOf(pages: readonly MetricDataResult[]): readonly MetricPoint[] {
  const values = new Map<string, number>();
  for (const { Timestamps = [], Values = [] } of pages) {
    Timestamps.forEach((at, index) => {
      const value = Values[index];
      if (value !== undefined) values.set(at.toISOString(), value);
    });
  }
  return [...values]
    .map(([at, value]) => ({ at, value }))
    .toSorted((one, other) => (one.at < other.at ? -1 : 1));
}

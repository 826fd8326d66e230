import type {
  Datapoint,
  GetMetricDataInput,
  GetMetricDataOutput,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
  ListMetricsInput,
  ListMetricsOutput,
  MetricDataQuery,
  Statistic,
} from '@aws-sdk/client-cloudwatch';
import { validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import {
  checkDimensions,
  checkPeriod,
  checkText,
  invalid,
  invalidCombination,
  missing,
} from './checks.js';
import { hasDimensions, seriesKey } from './metric-identity.js';
import { evaluateQueries } from './metric-queries.js';
import { readPeriods } from './metric-reading.js';
import type { DataPoint, MetricIdentity } from './records.js';
import { isPercentile, isStatistic, statisticOf } from './summaries.js';

const QUERIES_MAX = 500;
const DATAPOINTS_MAX = 100_800;
const STATISTICS_POINTS_MAX = 1440;
/** Points of one result in a page where pages are small: so many times the length of a small list. */
const POINTS_PER_ITEM = 20;
const LISTED_MS = 14 * 86_400_000;
const THREE_HOURS_MS = 3 * 3_600_000;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/ */
export const metricViewHandlers: Handlers = {
  GetMetricData: ({ scope, reading }: Call, input: GetMetricDataInput): GetMetricDataOutput => {
    const queries = checkedQueries(input.MetricDataQueries);
    const span = spanOf(input);
    const ascending = input.ScanBy === 'TimestampAscending';
    const offset = offsetOf(input.NextToken);
    const limit = input.MaxDatapoints ?? DATAPOINTS_MAX;
    if (limit < 1 || limit > DATAPOINTS_MAX)
      throw validationError(`MaxDatapoints must be between 1 and ${DATAPOINTS_MAX}`);
    const results = evaluateQueries(scope, queries, span).filter(({ returned }) => returned);
    // The limit counts the points of all results together: each gets an equal share a page.
    const fair = Math.max(1, Math.floor(limit / Math.max(1, results.length)));
    const share = Math.min(fair, reading.adversity.pageSize * POINTS_PER_ITEM || fair);
    const isMore = results.some(({ points }) => points.length > offset + share);
    return {
      MetricDataResults: results.map(({ id, label, points }) => {
        const ordered = points.toSorted((a, b) => (ascending ? a.at - b.at : b.at - a.at));
        const page = ordered.slice(offset, offset + share);
        return {
          Id: id,
          Label: label,
          Timestamps: page.map(({ at }) => new Date(at)),
          Values: page.map(({ value }) => value),
          StatusCode: ordered.length > offset + share ? 'PartialData' : 'Complete',
        };
      }),
      ...(isMore ? { NextToken: `at-${offset + share}` } : {}),
      Messages: [],
    };
  },
  GetMetricStatistics: (
    { scope }: Call,
    input: GetMetricStatisticsInput,
  ): GetMetricStatisticsOutput => {
    const statistics = checkedStatistics(input);
    const span = spanOf(input);
    const periodSeconds = input.Period ?? 60;
    if ((span.until - span.from) / 1000 / periodSeconds > STATISTICS_POINTS_MAX)
      throw invalidCombination(
        `You have requested up to ${Math.ceil((span.until - span.from) / 1000 / periodSeconds)} datapoints, which exceeds the limit of ${STATISTICS_POINTS_MAX}.`,
      );
    const metric = {
      namespace: input.Namespace ?? '',
      name: input.MetricName ?? '',
      dimensions: input.Dimensions ?? [],
    };
    const unit = unitOf(scope, metric);
    const periods =
      input.Unit === undefined || input.Unit === unit
        ? readPeriods(scope, metric, { ...span, periodSeconds })
        : [];
    return {
      Label: input.MetricName,
      Datapoints: periods.map((period) => datapointView(period, statistics, unit)),
    };
  },
  ListMetrics: ({ scope, reading }: Call, input: ListMetricsInput): ListMetricsOutput => {
    checkDimensions('Dimensions', input.Dimensions);
    const since = scope.now() - (input.RecentlyActive === 'PT3H' ? THREE_HOURS_MS : LISTED_MS);
    const published = scope.tables.metrics.all().filter(({ lastAt }) => lastAt >= since);
    const derived = scope.world.metricSources.flatMap((source) => source.metrics(scope));
    const rows = [...published, ...derived].filter(
      (metric) =>
        (input.Namespace ?? metric.namespace) === metric.namespace &&
        (input.MetricName ?? metric.name) === metric.name &&
        hasDimensions(metric, input.Dimensions ?? []),
    );
    const page = reading.page({
      rows,
      key: seriesKey,
      token: input.NextToken,
      limit: undefined,
      max: 500,
    });
    return {
      Metrics: page.items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: [...dimensions],
      })),
      NextToken: page.nextToken,
    };
  },
};

/** The queries when all of them are well formed: also for alarms upon several metrics. */
export function checkedQueries(
  queries: readonly MetricDataQuery[] | undefined,
): readonly MetricDataQuery[] {
  const given = queries ?? [];
  if (given.length === 0) throw missing('The parameter MetricDataQueries is required.');
  if (given.length > QUERIES_MAX)
    throw validationError(
      `The collection MetricDataQueries must not have a size greater than ${QUERIES_MAX}.`,
    );
  for (const [index, query] of given.entries()) {
    const label = `MetricDataQueries.member.${index + 1}`;
    if (!/^[a-z]\w{0,254}$/.test(query.Id ?? ''))
      throw validationError(
        `The value '${query.Id}' for parameter ${label}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    if (given.findIndex(({ Id: id }) => id === query.Id) !== index)
      throw validationError(`The values for parameter id in ${label} are not unique.`);
    checkQuery(label, query);
  }
  return given;
}

function checkQuery(label: string, query: MetricDataQuery): void {
  if ((query.MetricStat === undefined) === (query.Expression === undefined))
    throw validationError(
      `The parameters ${label}.Expression and ${label}.MetricStat are mutually exclusive and exactly one is required.`,
    );
  const stat = query.MetricStat;
  if (stat === undefined) {
    checkText(`${label}.Expression`, query.Expression, { max: 2048 });
    return;
  }
  checkPeriod(`${label}.MetricStat.Period`, stat.Period);
  checkDimensions(`${label}.MetricStat.Metric.Dimensions`, stat.Metric?.Dimensions);
  if (!isStatistic(stat.Stat ?? ''))
    throw validationError(
      `The value ${stat.Stat} for parameter ${label}.MetricStat.Stat is not supported.`,
    );
}

function checkedStatistics(input: GetMetricStatisticsInput): readonly string[] {
  checkPeriod('Period', input.Period);
  checkDimensions('Dimensions', input.Dimensions);
  const plain = input.Statistics ?? [];
  const extended = input.ExtendedStatistics ?? [];
  if (plain.length + extended.length === 0)
    throw missing(
      'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
    );
  if (plain.length > 0 && extended.length > 0)
    throw invalidCombination('Statistics and ExtendedStatistics must not be specified together.');
  const wrong =
    plain.find((name) => !isStatistic(name) || isPercentile(name)) ??
    extended.find((name) => !isPercentile(name));
  if (wrong !== undefined) throw invalid(`The value ${wrong} for parameter Statistics is invalid.`);
  return [...plain, ...extended];
}

/** "CloudWatch rounds the specified time stamp" of the start down to the whole minute. */
function spanOf(input: { StartTime?: Date | undefined; EndTime?: Date | undefined }) {
  const from = input.StartTime?.getTime() ?? 0;
  const until = input.EndTime?.getTime() ?? 0;
  if (from >= until)
    throw validationError('The parameter StartTime must be less than the parameter EndTime.');
  return { from: Math.floor(from / 60_000) * 60_000, until };
}

function offsetOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const [, offset] = /^at-(\d{1,6})$/.exec(token) ?? [];
  if (offset === undefined) throw invalid('The value for parameter NextToken is invalid.');
  return Number(offset);
}

function unitOf(scope: Scope, metric: MetricIdentity): string {
  return scope.tables.metrics.find(seriesKey(metric))?.unit ?? derivedUnit(metric.name);
}

function derivedUnit(name: string): string {
  return name === 'TargetResponseTime' ? 'Seconds' : 'Count';
}

function datapointView(period: DataPoint, statistics: readonly string[], unit: string): Datapoint {
  const known = statistics.flatMap((name): readonly (readonly [string, number])[] => {
    const value = statisticOf(period, name);
    return value === undefined ? [] : [[name, value]];
  });
  const extended = known.filter(([name]) => isPercentile(name));
  return {
    Timestamp: new Date(period.at),
    Unit: unit as NonNullable<Datapoint['Unit']>,
    ...(Object.fromEntries(known.filter(([name]) => !isPercentile(name))) as Partial<
      Record<Statistic, number>
    >),
    ...(extended.length === 0 ? {} : { ExtendedStatistics: Object.fromEntries(extended) }),
  };
}

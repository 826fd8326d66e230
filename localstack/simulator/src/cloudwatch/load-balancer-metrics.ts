import type { Dimension } from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../world/scope.js';
import { minutesOf, type GroupMinute, type Minute } from './traffic-minutes.js';
import type { MetricSource, Span } from './metric-source.js';
import type { DataPoint, MetricIdentity, Summary } from './records.js';
import { summaryOf } from './summaries.js';

const NAMESPACE = 'AWS/ApplicationELB';
const MINUTE_MS = 60_000;

/** Metrics of target groups, told per target group and per load balancer. */
const GROUP_METRICS: Readonly<Record<string, (minute: GroupMinute) => Summary | undefined>> = {
  RequestCount: ({ requests }) => counted(requests),
  HTTPCode_Target_2XX_Count: ({ succeeded }) => counted(succeeded),
  HTTPCode_Target_5XX_Count: ({ failed }) => counted(failed),
  TargetConnectionErrorCount: ({ refused }) => counted(refused),
  TargetResponseTime: ({ latencies }) =>
    latencies.length === 0 ? undefined : summaryOf(latencies),
};

/** Metrics of what the load balancer answers by itself; AWS tells them per load balancer only. */
const BALANCER_METRICS: Readonly<Record<string, (minute: Minute) => number>> = {
  HTTPCode_ELB_5XX_Count: (minute) => minute.unserved + refusedIn(minute),
  HTTPCode_ELB_502_Count: refusedIn,
  HTTPCode_ELB_503_Count: (minute) => minute.unserved,
  HTTP_Fixed_Response_Count: (minute) => minute.fixed,
  HTTP_Redirect_Count: (minute) => minute.redirected,
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export const loadBalancerMetrics: MetricSource<Scope> = {
  metrics: (scope) =>
    scope.tables.loadBalancers.all().flatMap(({ arn }) => {
      const segments = scope.world.segments.where('loadBalancer', arn);
      if (segments.length === 0) return [];
      const groups = new Set(
        segments.flatMap(({ reception }) => reception.flows.map((flow) => flow.targetGroupArn)),
      );
      const balancer = { Name: 'LoadBalancer', Value: nameIn(arn) };
      const each = [...groups].map((group) => [
        balancer,
        { Name: 'TargetGroup', Value: nameIn(group) },
      ]);
      const both = [[balancer], ...each];
      return [
        ...Object.keys(GROUP_METRICS).flatMap((name) => both.map((list) => identity(name, list))),
        ...Object.keys(BALANCER_METRICS).map((name) => identity(name, [balancer])),
        ...each.map((list) => identity('RequestCountPerTarget', list.slice(1))),
      ];
    }),
  points: (scope, metric, span) => {
    if (metric.namespace !== NAMESPACE) return [];
    const place = placeOf(metric.dimensions);
    if (place === undefined) return [];
    return minutesIn(scope, place, span).flatMap((minute): readonly DataPoint[] => {
      const summary = summaryIn(metric.name, minute, place);
      return summary === undefined ? [] : [{ ...summary, at: minute.at, seconds: 60 }];
    });
  },
};

interface Place {
  readonly balancer: string | undefined;
  readonly group: string | undefined;
}

/** The dimensions that a metric is told by; others have no data. */
function placeOf(dimensions: readonly Dimension[]): Place | undefined {
  const value = (name: string) => dimensions.find(({ Name }) => Name === name)?.Value;
  const place = { balancer: value('LoadBalancer'), group: value('TargetGroup') };
  const known = [place.balancer, place.group].filter((given) => given !== undefined).length;
  return known === dimensions.length && known > 0 ? place : undefined;
}

function minutesIn(scope: Scope, place: Place, span: Span): readonly Minute[] {
  const until = Math.min(span.until, Math.floor(scope.now() / MINUTE_MS) * MINUTE_MS);
  return scope.tables.loadBalancers
    .all()
    .filter(({ arn }) => place.balancer === undefined || nameIn(arn) === place.balancer)
    .flatMap(({ arn }) => {
      const segments = scope.world.segments
        .where('loadBalancer', arn)
        .filter((segment) => segment.until > span.from && segment.from < until);
      return minutesOf(segments, { from: span.from, until, seed: scope.world.seed });
    });
}

function summaryIn(name: string, minute: Minute, place: Place): Summary | undefined {
  const groups = [...minute.groups].filter(
    ([arn]) => place.group === undefined || nameIn(arn) === place.group,
  );
  if (name === 'RequestCountPerTarget' && place.group !== undefined) {
    const each = groups.reduce(
      (sum, [, group]) => sum + group.requests / Math.max(1, group.healthyHosts),
      0,
    );
    return each === 0 ? undefined : summaryOf([[each, 1]]);
  }
  if (place.balancer === undefined) return undefined;
  const ofGroup = GROUP_METRICS[name];
  if (ofGroup !== undefined) {
    const values = groups.flatMap(([, group]) => ofGroup(group)?.values ?? []);
    return values.length === 0 ? undefined : summaryOf(values);
  }
  const ofBalancer = BALANCER_METRICS[name];
  return ofBalancer === undefined || place.group !== undefined
    ? undefined
    : counted(ofBalancer(minute));
}

/** A count is told as so many ones: its sum is the count, and its average is 1. A count of 0 is not told. */
function counted(count: number): Summary | undefined {
  return count === 0 ? undefined : summaryOf([[1, count]]);
}

function refusedIn({ groups }: Minute): number {
  return [...groups.values()].reduce((sum, { refused }) => sum + refused, 0);
}

function identity(name: string, dimensions: readonly Dimension[]): MetricIdentity {
  return { namespace: NAMESPACE, name, dimensions };
}

/** The end of an ARN, as the metrics' dimensions have it: `app/web/50dc…`, `targetgroup/web/73e2…`. */
export function nameIn(arn: string): string {
  const end = arn.split(':').at(-1) ?? '';
  return end.replace(/^loadbalancer\//, '');
}

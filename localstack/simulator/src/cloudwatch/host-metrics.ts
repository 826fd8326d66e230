import type { HostCount } from '../elb/records.js';
import type { Scope } from '../world/scope.js';
import { nameIn } from './load-balancer-metrics.js';
import type { MetricSource, Span } from './metric-source.js';
import type { DataPoint } from './records.js';
import { summaryOf } from './summaries.js';

const NAMESPACE = 'AWS/ApplicationELB';
const MINUTE_MS = 60_000;

const METRICS: Readonly<Record<string, (count: HostCount) => number>> = {
  HealthyHostCount: ({ healthy }) => healthy,
  UnHealthyHostCount: ({ unhealthy }) => unhealthy,
};

/** "Reported if there are registered targets", per target group and load balancer, traffic or not. */
export const hostMetrics: MetricSource<Scope> = {
  metrics: (scope) =>
    scope.tables.targetGroups.all().flatMap(({ arn }) => {
      const last = scope.tables.hostCounts.where('targetGroup', arn).at(-1);
      return (last?.loadBalancerArns ?? []).flatMap((balancer) =>
        Object.keys(METRICS).map((name) => ({
          namespace: NAMESPACE,
          name,
          dimensions: [
            { Name: 'LoadBalancer', Value: nameIn(balancer) },
            { Name: 'TargetGroup', Value: nameIn(arn) },
          ],
        })),
      );
    }),
  points: (scope, { namespace, name, dimensions }, span) => {
    const of = METRICS[name];
    if (namespace !== NAMESPACE || of === undefined || dimensions.length !== 2) return [];
    const value = (key: string) => dimensions.find(({ Name }) => Name === key)?.Value;
    const group = scope.tables.targetGroups
      .all()
      .find(({ arn }) => nameIn(arn) === value('TargetGroup'));
    if (group === undefined) return [];
    const counts = scope.tables.hostCounts
      .where('targetGroup', group.arn)
      .map((count) =>
        count.loadBalancerArns.some((arn) => nameIn(arn) === value('LoadBalancer'))
          ? count
          : { ...count, registered: 0 },
      );
    return pointsOf(scope, { counts, of }, span);
  },
};

function pointsOf(
  scope: Scope,
  told: { readonly counts: readonly HostCount[]; readonly of: (count: HostCount) => number },
  span: Span,
): readonly DataPoint[] {
  const until = Math.min(span.until, Math.floor(scope.now() / MINUTE_MS) * MINUTE_MS);
  const points: DataPoint[] = [];
  let next = 0;
  let current: HostCount | undefined;
  for (let at = Math.ceil(span.from / MINUTE_MS) * MINUTE_MS; at < until; at += MINUTE_MS) {
    const seen: HostCount[] = [];
    for (; (told.counts[next]?.at ?? Infinity) <= at; next += 1) current = told.counts[next];
    if (current !== undefined) seen.push(current);
    for (; (told.counts[next]?.at ?? Infinity) < at + MINUTE_MS; next += 1) {
      current = told.counts[next];
      if (current !== undefined) seen.push(current);
    }
    const values = seen.filter(({ registered }) => registered > 0);
    if (values.length === 0) continue;
    const summary = summaryOf(
      values.map((count): readonly [number, number] => [told.of(count), 1]),
    );
    points.push({ ...summary, at, seconds: 60 });
  }
  return points;
}

/** How a metric's missing minutes are read, and in which unit it comes. */
export interface CloudWatchMetric {
  /** Name in the namespace AWS/ApplicationELB. */
  readonly metricName: string;
  readonly statistic: string;
  /** `count`: a missing minute is 0 where there were requests. `gauge`: a missing minute is missing. */
  readonly kind: 'count' | 'gauge';
}

/** The namespace of all metrics below; an arm is one target group, so the dimensions are TargetGroup and LoadBalancer. */
export const canaryMetricNamespace = 'AWS/ApplicationELB';

/**
 * What is read of each arm, without any configuration and without instrumentation. Source of names, statistics and
 * reporting rules: Elastic Load Balancing, "CloudWatch metrics for your Application Load Balancer". HealthyHostCount is
 * not read: it says what UnHealthyHostCount says, and falls whenever somebody scales in.
 */
export const canaryMetrics = {
  requests: { metricName: 'RequestCount', statistic: 'Sum', kind: 'count' },
  errors5xx: { metricName: 'HTTPCode_Target_5XX_Count', statistic: 'Sum', kind: 'count' },
  connectionErrors: { metricName: 'TargetConnectionErrorCount', statistic: 'Sum', kind: 'count' },
  unhealthyHosts: { metricName: 'UnHealthyHostCount', statistic: 'Maximum', kind: 'gauge' },
  responseTimeP50: { metricName: 'TargetResponseTime', statistic: 'p50', kind: 'gauge' },
  responseTimeP90: { metricName: 'TargetResponseTime', statistic: 'p90', kind: 'gauge' },
  responseTimeP99: { metricName: 'TargetResponseTime', statistic: 'p99', kind: 'gauge' },
} as const satisfies Readonly<Record<string, CloudWatchMetric>>;

/** Short name of a metric that is read. */
export type CanaryMetricId = keyof typeof canaryMetrics;

/** How a series that can be judged comes from what is read. */
export type CanarySeries =
  | { readonly from: CanaryMetricId; readonly scale: number; readonly unit: string }
  | {
      readonly from: CanaryMetricId;
      readonly per: 'requests';
      readonly scale: number;
      readonly unit: string;
    };

/**
 * The series that a metric of a canary configuration may ask for (`query: { type: 'cloudwatch', series: … }`). Rates, not
 * counts, because arms have different shares of the traffic. Errors per million and milliseconds, not fractions and
 * seconds, because the judge searches with a fixed tolerance of 1e-4: with values near 1e-3 it goes blind (a clean
 * doubling at 1e-5 is found one time in three).
 */
export const canarySeries = {
  requests: { from: 'requests', scale: 1, unit: 'requests a minute' },
  errorsPerMillion: {
    from: 'errors5xx',
    per: 'requests',
    scale: 1_000_000,
    unit: 'errors per million requests',
  },
  connectionErrorsPerMillion: {
    from: 'connectionErrors',
    per: 'requests',
    scale: 1_000_000,
    unit: 'connection errors per million requests',
  },
  unhealthyHosts: { from: 'unhealthyHosts', scale: 1, unit: 'hosts' },
  latencyP50Ms: { from: 'responseTimeP50', scale: 1000, unit: 'ms' },
  latencyP90Ms: { from: 'responseTimeP90', scale: 1000, unit: 'ms' },
  latencyP99Ms: { from: 'responseTimeP99', scale: 1000, unit: 'ms' },
} as const satisfies Readonly<Record<string, CanarySeries>>;

/** Name of a series that can be judged. */
export type CanarySeriesId = keyof typeof canarySeries;

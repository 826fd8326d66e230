/** One statistic of one CloudWatch metric: exactly these dimensions, in any order. */
export interface MetricSpec {
  /** Such as `AWS/ApplicationELB`. */
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Sum, Average, Minimum, Maximum, SampleCount, or a percentile such as p99. */
  readonly statistic: string;
}

/** What is read of several metrics at once. */
export interface MetricDataQuery {
  readonly metrics: readonly MetricSpec[];
  /** ISO 8601, included; at a whole period. */
  readonly from: string;
  /** ISO 8601, not included; at a whole period. */
  readonly until: string;
  /** A multiple of 60: CloudWatch keeps shorter periods for three hours only. */
  readonly periodSeconds: number;
}

/** A metric's value in one period, by the period's beginning (ISO 8601). */
export interface MetricPoint {
  readonly at: string;
  readonly value: number;
}

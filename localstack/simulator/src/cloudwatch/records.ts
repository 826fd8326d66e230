import type { Dimension, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';

/** Which metric: its namespace, its name, and the dimensions that it was published with, all of them. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

/** What is known of the values of some seconds. `values` holds each value with how often it was seen. */
export interface Summary {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Absent when only a statistic set was published: there are no percentiles then. */
  readonly values?: readonly (readonly [value: number, count: number])[] | undefined;
}

/** The values of one granule of time: a minute, or a second of a high-resolution metric. */
export interface DataPoint extends Summary {
  /** When the granule begins, epoch milliseconds. */
  readonly at: number;
  readonly seconds: number;
}

/** A metric that somebody has published. */
export interface MetricSeries extends MetricIdentity {
  readonly key: string;
  readonly unit: string;
  readonly lastAt: number;
}

export interface MetricBucket extends DataPoint {
  readonly series: string;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-concepts.html */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmRecord {
  readonly name: string;
  readonly arn: string;
  /** The call that made it, or changed it last: PutMetricAlarm replaces an alarm whole. */
  readonly request: PutMetricAlarmInput;
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string | undefined;
  readonly stateUpdatedAt: number;
  readonly transitionedAt: number;
  readonly configuredAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

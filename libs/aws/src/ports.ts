import type { CallPriority } from './call-options.js';

/** Structured log lines; the message is a constant and the values are fields. */
export interface AwsLogger {
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** One finished call, for metrics. */
export interface CallMeasure {
  readonly account: string;
  readonly region: string;
  readonly service: ServiceName;
  /** The AWS action, such as DescribeAutoScalingGroups. */
  readonly action: string;
  readonly priority: CallPriority;
  /** `sharedReader`: a look for all who wait; `caller`: one activity's own call. */
  readonly madeBy: 'sharedReader' | 'caller';
  /** `ok`, or the stable error code. */
  readonly outcome: string;
  /** Milliseconds that the call waited for its turn in the rate budget. */
  readonly queuedMs: number;
  /** Milliseconds from sending to the reply. */
  readonly tookMs: number;
}

/** Told of every call that left, after its end. */
export type CallCounter = (measure: CallMeasure) => void;

/** AWS services by their signing names; `monitoring` is CloudWatch. */
export type ServiceName =
  | 'autoscaling'
  | 'ec2'
  | 'elasticloadbalancing'
  | 'monitoring'
  | 'route53'
  | 'servicequotas';

import type { Alarm, TargetTrackingConfiguration } from '@aws-sdk/client-auto-scaling';
import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { deleteAlarm, putAlarm } from '../../cloudwatch/alarm-book.js';
import type { Scope } from '../../world/scope.js';
import type { PolicyRecord } from '../records.js';
import { trackingAlarmName } from './tracking-names.js';

/** Out after three minutes above the target; in after fifteen minutes below nine tenths of it. */
const PERIOD_SECONDS = 60;
const PERIODS_HIGH = 3;
const PERIODS_LOW = 15;
const LOW_SHARE = 0.9;

/**
 * "Amazon EC2 Auto Scaling creates and manages the CloudWatch alarms that trigger the scaling policy"; a policy of
 * another type, or one that is disabled, has none.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
export function putTrackingAlarms(scope: Scope, policy: PolicyRecord): void {
  const configuration = policy.request.TargetTrackingConfiguration;
  dropTrackingAlarms(scope, policy);
  if (configuration === undefined || policy.request.Enabled === false) return;
  const { TargetValue: target = 0 } = configuration;
  const metric = metricOf(policy.group, configuration);
  putAlarm(scope, {
    ...metric,
    AlarmName: trackingAlarmName(policy, 'High'),
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: target,
    EvaluationPeriods: PERIODS_HIGH,
    AlarmActions: [policy.arn],
  });
  putAlarm(scope, {
    ...metric,
    AlarmName: trackingAlarmName(policy, 'Low'),
    ComparisonOperator: 'LessThanThreshold',
    Threshold: target * LOW_SHARE,
    EvaluationPeriods: PERIODS_LOW,
    AlarmActions: [policy.arn],
  });
}

/** Takes a policy's own alarms away; a policy that has none is left as it is. */
export function dropTrackingAlarms(scope: Scope, policy: PolicyRecord): void {
  for (const which of ['High', 'Low'] as const) {
    const name = trackingAlarmName(policy, which);
    if (scope.tables.alarms.find(name) !== undefined) deleteAlarm(scope, name);
  }
}

/** The alarms that trigger a policy: its own, and those that somebody has pointed at it. */
export function alarmsOf(scope: Scope, { arn }: PolicyRecord): readonly Alarm[] {
  return scope.tables.alarms
    .all()
    .filter(({ request }) =>
      [request.AlarmActions, request.OKActions, request.InsufficientDataActions].some(
        (actions) => actions?.includes(arn) === true,
      ),
    )
    .map((alarm) => ({ AlarmName: alarm.name, AlarmARN: alarm.arn }));
}

type Metric = Omit<
  PutMetricAlarmInput,
  'AlarmName' | 'ComparisonOperator' | 'Threshold' | 'EvaluationPeriods'
>;

function metricOf(group: string, configuration: TargetTrackingConfiguration): Metric {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } =
    configuration;
  if (customized?.Metrics !== undefined) {
    return {
      Metrics: customized.Metrics.map((query) => ({
        ...query,
        MetricStat:
          query.MetricStat === undefined
            ? undefined
            : { Period: PERIOD_SECONDS, ...query.MetricStat },
      })) as NonNullable<PutMetricAlarmInput['Metrics']>,
    };
  }
  if (customized !== undefined) {
    return {
      Namespace: customized.Namespace,
      MetricName: customized.MetricName,
      Dimensions: customized.Dimensions,
      Statistic: customized.Statistic,
      Period: customized.Period ?? PERIOD_SECONDS,
    };
  }
  if (predefined?.PredefinedMetricType === 'ALBRequestCountPerTarget') {
    const label = predefined.ResourceLabel ?? '';
    const at = label.indexOf('targetgroup/');
    return {
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'RequestCountPerTarget',
      Dimensions: [
        { Name: 'TargetGroup', Value: label.slice(at) },
        { Name: 'LoadBalancer', Value: label.slice(0, at - 1) },
      ],
      Statistic: 'Sum',
      Period: PERIOD_SECONDS,
    };
  }
  return {
    Namespace: 'AWS/EC2',
    MetricName: EC2_METRICS[predefined?.PredefinedMetricType ?? ''] ?? 'CPUUtilization',
    Dimensions: [{ Name: 'AutoScalingGroupName', Value: group }],
    Statistic: 'Average',
    Period: PERIOD_SECONDS,
  };
}

const EC2_METRICS: Readonly<Record<string, string>> = {
  ASGAverageCPUUtilization: 'CPUUtilization',
  ASGAverageNetworkIn: 'NetworkIn',
  ASGAverageNetworkOut: 'NetworkOut',
};

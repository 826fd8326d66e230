import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';

/** An alarm on a metric that nobody publishes: it is in the state that a test sets it to, and stays there. */
export function errorsAlarm(AlarmName: string): PutMetricAlarmCommand {
  return new PutMetricAlarmCommand({
    AlarmName,
    Namespace: 'Web',
    MetricName: 'errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore',
  });
}

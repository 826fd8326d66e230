import type { AlarmState } from './records.js';

/** The rule of an alarm, as far as one evaluation needs it. */
export interface AlarmRule {
  readonly comparison: string;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: string;
}

/** The value of each period of the evaluation range, newest first; `undefined`: no data. */
export type Range = readonly (number | undefined)[];

/** An evaluation looks at so many more periods than it needs, to fill in for missing ones; an assumption (AWS names no figure). */
export const EXTRA_PERIODS = 2;

/**
 * The state that follows from the evaluation range; `undefined`: the alarm stays as it is.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function judge(rule: AlarmRule, range: Range): AlarmState | undefined {
  const values = range.filter((value) => value !== undefined).slice(0, rule.evaluationPeriods);
  const breaching = values.filter((value) => breaches(rule, value)).length;
  const missing = rule.evaluationPeriods - values.length;
  if (breaching >= rule.datapointsToAlarm) return 'ALARM';
  if (missing === 0 || rule.treatMissingData === 'notBreaching') return 'OK';
  if (rule.treatMissingData === 'breaching')
    return breaching + missing >= rule.datapointsToAlarm ? 'ALARM' : 'OK';
  if (breaching < values.length) return 'OK';
  if (rule.treatMissingData === 'ignore') return undefined;
  if (values.length === 0) return 'INSUFFICIENT_DATA';
  return oldestPlace(range) >= rule.datapointsToAlarm ? 'ALARM' : undefined;
}

/**
 * "It goes to ALARM when the oldest available breaching datapoint … is at least as old as the value of Datapoints to
 * Alarm, and all other more recent data points are breaching or missing."
 */
function oldestPlace(range: Range): number {
  return range.findLastIndex((value) => value !== undefined) + 1;
}

function breaches({ comparison, threshold }: AlarmRule, value: number): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    default:
      return value <= threshold;
  }
}

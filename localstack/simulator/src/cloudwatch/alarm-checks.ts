import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { validationError } from '../wire/aws-error.js';
import {
  checkDimensions,
  checkPeriod,
  checkText,
  invalid,
  invalidCombination,
  missing,
} from './checks.js';
import { parseExpression } from './expression-parser.js';
import { checkedQueries } from './metric-views.js';
import { isPercentile, isStatistic } from './summaries.js';

const COMPARISONS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
];
const TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'];
const ACTIONS_MAX = 5;
/** "EvaluationPeriods × Period can't exceed 86,400" for periods below an hour; a week for others. */
const DAY_SECONDS = 86_400;

/** Refuses what PutMetricAlarm refuses: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export function checkAlarm(input: PutMetricAlarmInput): void {
  checkText('AlarmName', input.AlarmName, { max: 255 });
  checkText('AlarmDescription', input.AlarmDescription || undefined, { max: 1024 });
  checkDimensions('Dimensions', input.Dimensions);
  checkEvaluation(input);
  for (const actions of [input.AlarmActions, input.OKActions, input.InsufficientDataActions]) {
    if ((actions?.length ?? 0) > ACTIONS_MAX)
      throw invalid(`The collection of actions must not have a size greater than ${ACTIONS_MAX}.`);
    const wrong = actions?.find((arn) => !arn.startsWith('arn:'));
    if (wrong !== undefined) throw validationError(`Invalid arn syntax: ${wrong}`);
  }
  if (input.Metrics === undefined) checkMetric(input);
  else checkMetrics(input);
}

function checkEvaluation(input: PutMetricAlarmInput): void {
  if (!COMPARISONS.includes(input.ComparisonOperator ?? ''))
    throw validationError(
      `The value '${input.ComparisonOperator}' for parameter ComparisonOperator is not supported: anomaly detection is not there.`,
    );
  if (input.Threshold === undefined) throw missing('The parameter Threshold is required.');
  const periods = input.EvaluationPeriods ?? 0;
  if (!Number.isInteger(periods) || periods < 1)
    throw invalid('The parameter EvaluationPeriods must be greater than or equal to 1.');
  const datapoints = input.DatapointsToAlarm ?? periods;
  if (!Number.isInteger(datapoints) || datapoints < 1 || datapoints > periods)
    throw validationError('DatapointsToAlarm must be between 1 and EvaluationPeriods.');
  const treatment = input.TreatMissingData;
  if (treatment !== undefined && !TREATMENTS.includes(treatment))
    throw validationError(
      `Option ${treatment} is not supported. Supported options for TreatMissingData are [${TREATMENTS.join(', ')}].`,
    );
}

function checkMetric(input: PutMetricAlarmInput): void {
  if (input.MetricName === undefined || input.Namespace === undefined)
    throw missing('The parameters MetricName and Namespace, or Metrics, are required.');
  checkText('MetricName', input.MetricName, { max: 255 });
  checkText('Namespace', input.Namespace, { max: 255 });
  checkPeriod('Period', input.Period);
  const { Statistic: statistic, ExtendedStatistic: extended } = input;
  if ((statistic === undefined) === (extended === undefined))
    throw invalidCombination('Exactly one of Statistic and ExtendedStatistic must be specified.');
  if (statistic !== undefined && (!isStatistic(statistic) || isPercentile(statistic)))
    throw invalid(`The value ${statistic} for parameter Statistic is invalid.`);
  if (extended !== undefined && !isPercentile(extended))
    throw invalid(`The value ${extended} for parameter ExtendedStatistic is invalid.`);
  const seconds = (input.Period ?? 0) * (input.EvaluationPeriods ?? 0);
  const limit = (input.Period ?? 0) >= 3600 ? 7 * DAY_SECONDS : DAY_SECONDS;
  if (seconds > limit)
    throw validationError(
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).',
    );
}

function checkMetrics(input: PutMetricAlarmInput): void {
  const alone = [
    'MetricName',
    'Namespace',
    'Statistic',
    'ExtendedStatistic',
    'Period',
    'Dimensions',
  ] as const;
  const other = alone.find((name) => input[name] !== undefined);
  if (other !== undefined)
    throw validationError(`Metrics list and ${other} cannot be specified together.`);
  const queries = checkedQueries(input.Metrics);
  if (queries.length > 20) throw validationError('Metrics list can have at most 20 entries.');
  if (queries.filter(({ ReturnData: returned }) => returned !== false).length !== 1)
    throw validationError('Exactly one element of the metrics list should return data.');
  for (const { Expression: expression } of queries)
    if (expression !== undefined) parseExpression(expression);
}

import type { MetricDatum, PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import type { Call, Handlers } from '../world/call.js';
import { checkDimensions, checkText, invalid, invalidCombination, missing } from './checks.js';
import { recordMetric } from './metric-store.js';
import type { Summary } from './records.js';
import { summaryOf } from './summaries.js';

const DATA_MAX = 1000;
const VALUES_MAX = 150;
const TWO_WEEKS_MS = 14 * 86_400_000;
const TWO_HOURS_MS = 2 * 3_600_000;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
export const publishingHandlers: Handlers = {
  PutMetricData: ({ scope }: Call, input: PutMetricDataInput) => {
    const namespace = input.Namespace ?? '';
    checkText('Namespace', input.Namespace, { max: 255, pattern: /^[^:][\w\s./#:-]*$/ });
    if (namespace.startsWith('AWS/'))
      throw invalid(`The value AWS/ for parameter Namespace is invalid.`);
    const data = input.MetricData ?? [];
    if (data.length === 0) throw missing('The parameter MetricData is required.');
    if (data.length > DATA_MAX)
      throw invalid(`The collection MetricData must not have a size greater than ${DATA_MAX}.`);
    for (const [index, datum] of data.entries()) {
      checkDatum(`MetricData.member.${index + 1}`, datum, scope.now());
      recordMetric(scope, {
        namespace,
        name: datum.MetricName ?? '',
        dimensions: datum.Dimensions ?? [],
        unit: datum.Unit,
        at: datum.Timestamp?.getTime() ?? scope.now(),
        seconds: datum.StorageResolution === 1 ? 1 : 60,
        summary: summaryOfDatum(datum),
      });
    }
    return {};
  },
};

function checkDatum(label: string, datum: MetricDatum, now: number): void {
  checkText(`${label}.MetricName`, datum.MetricName, { max: 255 });
  checkDimensions(`${label}.Dimensions`, datum.Dimensions);
  const at = datum.Timestamp?.getTime() ?? now;
  if (at < now - TWO_WEEKS_MS || at > now + TWO_HOURS_MS)
    throw invalid(
      `The value for parameter ${label}.Timestamp must be within two weeks before the current date, and at most two hours after it.`,
    );
  if (datum.StorageResolution !== undefined && ![1, 60].includes(datum.StorageResolution))
    throw invalid(`The parameter ${label}.StorageResolution must be 1 or 60.`);
  const kinds = [datum.Value, datum.StatisticValues, datum.Values].filter(
    (given) => given !== undefined,
  );
  if (kinds.length === 0)
    throw missing(
      `The parameter ${label}.Value, ${label}.Values or ${label}.StatisticValues is required.`,
    );
  if (kinds.length > 1)
    throw invalidCombination(
      `The parameters ${label}.Value, ${label}.Values and ${label}.StatisticValues are mutually exclusive and you have specified more than one.`,
    );
  checkValues(label, datum);
}

function checkValues(
  label: string,
  { Value: value, Values: values, Counts: counts }: MetricDatum,
): void {
  if ((values?.length ?? 0) > VALUES_MAX)
    throw invalid(
      `The collection ${label}.Values must not have a size greater than ${VALUES_MAX}.`,
    );
  if (counts !== undefined && counts.length !== values?.length)
    throw invalid(`The collections ${label}.Values and ${label}.Counts must be of equal size.`);
  if (counts?.some((count) => count < 0) === true)
    throw invalid(`The value for parameter ${label}.Counts must not be negative.`);
  // "Values must be in the range of -2^360 to 2^360": NaN and infinity are not.
  if ([value ?? 0, ...(values ?? [])].some((number) => !(Math.abs(number) <= 2 ** 360)))
    throw invalid(`The value for parameter ${label}.Value is out of range.`);
}

function summaryOfDatum(datum: MetricDatum): Summary {
  const set = datum.StatisticValues;
  if (set !== undefined) {
    return {
      count: set.SampleCount ?? 0,
      sum: set.Sum ?? 0,
      min: set.Minimum ?? 0,
      max: set.Maximum ?? 0,
    };
  }
  if (datum.Value !== undefined) return summaryOf([[datum.Value, 1]]);
  return summaryOf((datum.Values ?? []).map((value, index) => [value, datum.Counts?.[index] ?? 1]));
}

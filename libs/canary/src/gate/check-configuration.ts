import { analysisMetricsMax } from './gate-settings.js';
import { judgingRules } from '../judge/judging-rules.js';
import { canarySeries, type CanarySeriesId } from '../cloudwatch/metric-set.js';
import type {
  CanaryConfiguration,
  CanaryMetricConfiguration,
  ScoreThresholds,
} from '../canary-configuration.js';

/** How far weights may be from 100 in sum: three thirds written with two decimals. */
const weightSumTolerance = 0.05;

/**
 * What Kayenta's judge would take without a word although the answer would mislead: nothing that counts, a metric in no
 * group, groups that do not make up 100, thresholds the wrong way round, two metrics of one name. For people; empty when
 * there is nothing. The judge answers all the same, as the original; the gate refuses.
 */
export function configurationFaults(
  configuration: CanaryConfiguration,
  thresholds: ScoreThresholds,
): readonly string[] {
  const counted = configuration.metrics.filter((metric) => !judgingRules(metric).muted);
  const names = configuration.metrics.map((metric) => metric.name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(counted.length === 0 ? ['no metric counts: there is none, or all are muted'] : []),
    ...counted
      .filter((metric) => metric.groups.length === 0)
      .map((metric) => `metric "${metric.name}" is in no group, so it would never count`),
    ...[...new Set(twice)].map((name) => `two metrics are named "${name}"`),
    ...weightFaults(configuration.classifier.groupWeights, counted),
    ...thresholdFaults(thresholds),
  ];
}

/**
 * Metrics that no series of ours can be judged for, a gap that Kayenta would pass over in silence; and more metrics than a
 * report can hold. No setting lets an analysis go on with these.
 */
export function sourceFaults(configuration: CanaryConfiguration): readonly string[] {
  const count = configuration.metrics.length;
  if (count > analysisMetricsMax)
    return [`there are ${count} metrics, at most ${analysisMetricsMax}`];
  return configuration.metrics
    .filter((metric) => seriesOf(metric) === undefined)
    .map(
      (metric) =>
        `metric "${metric.name}" has no source: its query must be ` +
        `{ "type": "cloudwatch", "series": one of ${Object.keys(canarySeries).join(', ')} }`,
    );
}

/** The series that a metric asks for; undefined when it asks for none that there is. */
export function seriesOf(metric: CanaryMetricConfiguration): CanarySeriesId | undefined {
  const asked = metric.query?.['type'] === 'cloudwatch' ? metric.query['series'] : undefined;
  return typeof asked === 'string' && isCanarySeries(asked) ? asked : undefined;
}

function isCanarySeries(word: string): word is CanarySeriesId {
  return Object.hasOwn(canarySeries, word);
}

function weightFaults(
  groupWeights: Readonly<Record<string, number>>,
  counted: readonly CanaryMetricConfiguration[],
): readonly string[] {
  const weights = Object.entries(groupWeights);
  const groups = new Set(counted.flatMap((metric) => metric.groups));
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  const shared = [...groups].filter((group) => !Object.hasOwn(groupWeights, group));
  const negative = weights.filter(([, weight]) => weight < 0);
  const idle = weights.filter(([group, weight]) => weight > 0 && !groups.has(group));
  const rest = shared.length > 0 ? 'leave something of 100 for the groups without one' : 'be 100';
  const wrongSum =
    shared.length > 0 ? sum >= 100 : groups.size > 0 && Math.abs(sum - 100) > weightSumTolerance;
  return [
    ...negative.map(([group, weight]) => `group "${group}" has weight ${weight}`),
    ...idle.map(([group, weight]) => `group "${group}" has weight ${weight} and no metric`),
    ...(wrongSum ? [`the weights are ${sum} together; they must ${rest}`] : []),
  ];
}

function thresholdFaults({ pass, marginal }: ScoreThresholds): readonly string[] {
  return 0 <= marginal && marginal <= pass && 0 < pass && pass <= 100
    ? []
    : [
        `score thresholds pass ${pass}, marginal ${marginal}: 0 <= marginal <= pass <= 100 must hold`,
      ];
}

import type { CanaryConfiguration, ScoreThresholds } from '../canary-configuration.js';
import { classifyMetric, type MetricClassification } from './classify-metric.js';
import { judgingRules } from './judging-rules.js';
import { pointsPerSeriesMax } from './mann-whitney.js';
import { prepareSeries } from './prepare-series.js';
import { score, type GroupScore, type ScoredMetric } from './score.js';
import { seriesStatistics, type SeriesStatistics } from './series-statistics.js';

/** The two series of a metric. Points are values in the metric's unit, NaN where one is missing; no order is needed. */
export interface MetricPair {
  /** A metric of the configuration; one metric may have several pairs, told apart by id and tags. */
  readonly name: string;
  readonly id?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly control: readonly number[] | undefined;
  readonly experiment: readonly number[] | undefined;
}

/** What is judged. */
export interface JudgeRequest {
  readonly configuration: CanaryConfiguration;
  /** Of the run; those of the configuration are not read. */
  readonly scoreThresholds: ScoreThresholds;
  readonly pairs: readonly MetricPair[];
}

/** A metric as it was judged. */
export interface JudgedMetric extends MetricClassification {
  readonly name: string;
  readonly id?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly muted: boolean;
  readonly groups: readonly string[];
  /** After missing points and outliers were handled. */
  readonly control: SeriesStatistics;
  readonly experiment: SeriesStatistics;
}

/** The answer for a run that was judged. */
export interface Judgement {
  readonly judged: true;
  /** Score points, two decimals. */
  readonly score: number;
  readonly classification: 'Pass' | 'Marginal' | 'Fail';
  /** Why the score was forced to 0; empty where it was not. */
  readonly reason: string;
  readonly groups: readonly GroupScore[];
  /** In the order of the request. */
  readonly metrics: readonly JudgedMetric[];
}

/** A run that the judge refuses as a whole, where Kayenta ends with an exception. */
export interface JudgeRefusal {
  readonly judged: false;
  /** For people: every fault that was found, with its metric. */
  readonly faults: readonly string[];
}

/**
 * Kayenta's judge NetflixACAJudge-v1.0: prepares each pair of series, tests it by Mann-Whitney at 98 %, scores the groups,
 * classifies the score. The same request has the same answer, always; never throws. Refuses a pair whose metric is not
 * configured, a pair with a side that is not there, an outlier factor that is not above 0 (where outliers are removed), and a
 * series of more than 10,080 points.
 *
 * Answers as Kayenta does also where a better judge would not: a configured metric without a pair is simply absent; one
 * point a side is an Error that fails nothing; two points a side are enough to fail; an infinite point passes. Put the
 * gate before it (`analyse` does).
 *
 * Source: spinnaker/spinnaker, kayenta, commit 8f1801da9ec2; certified against 104 answers of the original
 * (`test/vectors/kayenta.json`).
 */
export function judge(request: JudgeRequest): Judgement | JudgeRefusal {
  const faults = request.pairs.flatMap((pair) => faultsOf(pair, request.configuration));
  if (faults.length > 0) return { judged: false, faults };
  const metrics = request.pairs.flatMap((pair) => judgePair(pair, request.configuration));
  const scored: readonly ScoredMetric[] = metrics;
  const { groupWeights } = request.configuration.classifier;
  const result = score(scored, { groupWeights, thresholds: request.scoreThresholds });
  return { judged: true, ...result, metrics };
}

function configured(name: string, configuration: CanaryConfiguration) {
  return configuration.metrics.find((metric) => metric.name === name);
}

function faultsOf(pair: MetricPair, configuration: CanaryConfiguration): readonly string[] {
  const metric = configured(pair.name, configuration);
  if (metric === undefined) return [`metric "${pair.name}" is not in the canary configuration`];
  const { outliers } = judgingRules(metric);
  const factorFaults =
    outliers.keep || outliers.factor > 0
      ? []
      : [`metric "${pair.name}": outlierFactor is ${outliers.factor}, it must be above 0`];
  const sides = { control: pair.control, experiment: pair.experiment };
  const sideFaults = Object.entries(sides).flatMap(([side, values]) => {
    if (values === undefined) return [`metric "${pair.name}" has no ${side} series`];
    return values.length > pointsPerSeriesMax
      ? [`metric "${pair.name}": ${values.length} ${side} points, at most ${pointsPerSeriesMax}`]
      : [];
  });
  return [...factorFaults, ...sideFaults];
}

function judgePair(pair: MetricPair, configuration: CanaryConfiguration): readonly JudgedMetric[] {
  const metric = configured(pair.name, configuration);
  if (metric === undefined || pair.control === undefined || pair.experiment === undefined)
    return [];
  const rules = judgingRules(metric);
  const control = prepareSeries(pair.control, rules.nanStrategy, rules.outliers);
  const experiment = prepareSeries(pair.experiment, rules.nanStrategy, rules.outliers);
  const judged: JudgedMetric = {
    name: pair.name,
    ...(pair.id === undefined ? {} : { id: pair.id }),
    ...(pair.tags === undefined ? {} : { tags: pair.tags }),
    muted: rules.muted,
    groups: metric.groups,
    control: seriesStatistics(control),
    experiment: seriesStatistics(experiment),
    ...classifyMetric({ name: pair.name, control, experiment }, rules),
  };
  return [judged];
}

import type { CanaryMetricConfiguration } from '../canary-configuration.js';
import { canarySeries } from '../cloudwatch/metric-set.js';
import { seriesOf } from '../gate/check-configuration.js';
import type { GateResult } from '../gate/check-gate.js';
import type { GateArm, GateMetric, GateOutcome } from '../gate/gate-input.js';
import { total } from '../gate/minute-blocks.js';
import { judgingRules } from '../judge/judging-rules.js';
import { confidencePercent } from '../judge/mann-whitney.js';
import type { JudgedMetric, Judgement, JudgeRefusal } from '../judge/netflix-judge.js';
import { prepareSeries } from '../judge/prepare-series.js';
import { seriesStatistics } from '../judge/series-statistics.js';
import type { SeriesReading } from '../series/metric-reading.js';
import type {
  AnalysisReport,
  ReportedArm,
  ReportedMetric,
  ReportedSide,
  ReportedTest,
} from './analysis-report.js';
import { boundTexts, fits } from './bound-report.js';
import { downSample, minutesPerPoint, reportedPointsMax, rounded } from './down-sample.js';
import { explainMetric, explainOutcome } from './explain.js';
import type { ReportParts } from './report-parts.js';

/** Significant digits of statistics in a report. */
const statisticDigits = 6;

/**
 * The report of an analysis within its bound: texts and lists are cut to theirs, and series of up to 120 points are made
 * coarser until it fits.
 */
export function buildReport(parts: ReportParts): AnalysisReport {
  const bare = boundTexts(withoutSeries(parts));
  let pointsMax = reportedPointsMax;
  while (pointsMax >= 1) {
    const report = withSeries(bare, parts, pointsMax);
    if (fits(report)) return report;
    pointsMax = Math.floor(pointsMax / 2);
  }
  return bare;
}

/** The metrics of a report are the first of the configuration's, in the same order. */
function withSeries(bare: AnalysisReport, parts: ReportParts, pointsMax: number): AnalysisReport {
  const perPoint = minutesPerPoint(parts.judged.minutes, pointsMax);
  const metrics = bare.metrics.map((metric, index) => {
    const name = parts.request.configuration.metrics[index]?.name;
    const pair = parts.metrics.find((one) => one.name === name);
    const drawn = (reading: SeriesReading | undefined) =>
      downSample(reading?.status === 'read' ? reading.values : [], perPoint);
    return {
      ...metric,
      control: { ...metric.control, series: drawn(pair?.control) },
      experiment: { ...metric.experiment, series: drawn(pair?.experiment) },
    };
  });
  return { ...bare, minutesPerPoint: perPoint, metrics };
}

function withoutSeries(parts: ReportParts): AnalysisReport {
  const { request, judged, gate, judgement } = parts;
  const spoken = judgement?.judged === true ? judgement : undefined;
  const outcome = outcomeOf(gate, judgement);
  const weights = new Map(Object.entries(request.configuration.classifier.groupWeights));
  return {
    version: 1,
    outcome,
    reason: explainOutcome(outcome, parts),
    from: new Date(judged.startMs).toISOString(),
    minutes: judged.minutes,
    minutesPerPoint: 1,
    configurationName: request.configuration.name,
    scoreThresholds: request.scoreThresholds,
    score: spoken?.score ?? null,
    classification: spoken?.classification ?? null,
    groups: (spoken?.groups ?? []).map(({ name, score }) => ({
      name,
      score: rounded(score, statisticDigits) ?? 0,
      weight: weights.get(name) ?? null,
    })),
    gate: gate.checks,
    arms: parts.arms.map(reportedArm),
    metrics: request.configuration.metrics.map((metric) =>
      reportedMetric(metric, {
        pair: parts.metrics.find(({ name }) => name === metric.name),
        judgedMetric: spoken?.metrics.find(({ name }) => name === metric.name),
      }),
    ),
  };
}

function outcomeOf(gate: GateResult, judgement: Judgement | JudgeRefusal | undefined): GateOutcome {
  if (gate.outcome !== 'pass') return gate.outcome;
  if (judgement === undefined || !judgement.judged) return 'inconclusive';
  if (judgement.classification === 'Fail') return 'fail';
  const unjudged = judgement.metrics.some(
    ({ muted, classification }) =>
      !muted && (classification === 'Error' || classification === 'Nodata'),
  );
  return judgement.classification === 'Pass' && !unjudged ? 'pass' : 'inconclusive';
}

function reportedArm({
  role,
  name,
  plannedWeight,
  readBackWeight,
  requests,
}: GateArm): ReportedArm {
  const count = requests.status === 'read' ? total(requests.values) : null;
  return { role, name, plannedWeight, readBackWeight, requests: count };
}

interface MetricParts {
  readonly pair: GateMetric | undefined;
  readonly judgedMetric: JudgedMetric | undefined;
}

function reportedMetric(metric: CanaryMetricConfiguration, parts: MetricParts): ReportedMetric {
  const { pair, judgedMetric } = parts;
  const rules = judgingRules(metric);
  const series = seriesOf(metric);
  const side = (reading: SeriesReading | undefined): ReportedSide => {
    const values = reading?.status === 'read' ? reading.values : [];
    const prepared = prepareSeries(values, rules.nanStrategy, rules.outliers);
    return { ...statistics(prepared), series: [] };
  };
  return {
    name: metric.name,
    unit: series === undefined ? '' : canarySeries[series].unit,
    groups: metric.groups,
    direction: rules.direction,
    critical: rules.critical,
    muted: rules.muted,
    verdict: judgedMetric?.classification ?? 'NotJudged',
    forcedToZero: judgedMetric?.critical === true && !rules.muted,
    reason: explainMetric(rules, pair, judgedMetric),
    ratio: rounded(judgedMetric?.ratio ?? NaN, statisticDigits),
    test: reportedTest(judgedMetric, rules.measure),
    control: side(pair?.control),
    experiment: side(pair?.experiment),
  };
}

function statistics(values: readonly number[]): Omit<ReportedSide, 'series'> {
  const { count, min, max, mean, std } = seriesStatistics(values);
  const shown = (value: number): number | null =>
    count === 0 ? null : rounded(value, statisticDigits);
  return { count, min: shown(min), max: shown(max), mean: shown(mean), std: shown(std) };
}

function reportedTest(
  metric: JudgedMetric | undefined,
  measure: ReportedTest['measure'],
): ReportedTest | null {
  if (metric?.test === undefined) return null;
  const { lower, upper, estimate, effectSize } = metric.test;
  return {
    name: 'mannWhitney',
    confidencePercent,
    lower: rounded(lower, statisticDigits),
    upper: rounded(upper, statisticDigits),
    estimate: rounded(estimate, statisticDigits),
    measure,
    effectSize: rounded(effectSize, statisticDigits),
  };
}

import type { AnalysisArm, AnalysisRequest } from './analysis-request.js';
import type { CanaryConfiguration } from './canary-configuration.js';
import { armSeries, deriveSeries, type ArmSeries } from './cloudwatch/derive-series.js';
import { canarySeries, type CanarySeries } from './cloudwatch/metric-set.js';
import { seriesOf } from './gate/check-configuration.js';
import { checkGate, type GateResult } from './gate/check-gate.js';
import type { ArmRole, FailureCounts, GateArm, GateMetric } from './gate/gate-input.js';
import { analysisArmsMax } from './gate/gate-settings.js';
import { judgingRules } from './judge/judging-rules.js';
import { judge, type Judgement, type JudgeRefusal } from './judge/netflix-judge.js';
import type { AnalysisReport } from './report/analysis-report.js';
import { buildReport } from './report/build-report.js';
import { judgedMinutes } from './series/judged-minutes.js';
import type { SeriesReading } from './series/metric-reading.js';

/**
 * One canary analysis: puts what was read on the judged minutes, asks the gate, lets the judge speak where the gate lets it,
 * and reports. Pass when the score reaches the pass threshold; fail when it is below marginal, or when error totals show
 * harm; inconclusive when the gate refuses, the score is marginal, the judge refuses, or a metric that counts could not be
 * judged. So no error, no gap and no lack of data ever ends in pass. The same request has the same report, always; a report
 * is plain JSON of at most 64 KiB. Never throws. Time grows with metrics and minutes: 6 metrics of an hour take about 4 ms, of a day 40.
 */
export function analyse(request: AnalysisRequest): AnalysisReport {
  const judged = judgedMinutes(request.window);
  const fault = armsFault(request.arms);
  if (fault !== undefined) {
    const check = { check: 'configuration', outcome: 'inconclusive', reason: fault } as const;
    const gate: GateResult = { outcome: 'inconclusive', checks: [check] };
    return buildReport({ request, judged, arms: [], metrics: [], gate, judgement: undefined });
  }
  const arms = request.arms.map((arm) => ({ ...arm, series: armSeries(arm.readings, judged) }));
  const { configuration, scoreThresholds } = request;
  const metrics = gateMetrics(configuration, arms);
  const gate = checkGate({
    settings: request.gate,
    configuration,
    scoreThresholds,
    arms: arms.map(gateArm),
    metrics,
    failures: failureCounts(configuration, arms),
  });
  const judgement = gate.outcome === 'inconclusive' ? undefined : judgeMetrics(request, metrics);
  return buildReport({ request, judged, arms: arms.map(gateArm), metrics, gate, judgement });
}

/** An arm by the minute. */
interface MinutedArm extends AnalysisArm {
  readonly series: ArmSeries;
}

/** What is wrong with the arms; undefined when one control and one experiment can be compared. */
function armsFault(arms: readonly AnalysisArm[]): string | undefined {
  const controls = arms.filter((arm) => arm.role === 'control').length;
  const experiments = arms.filter((arm) => arm.role === 'experiment').length;
  if (controls !== 1 || experiments !== 1) {
    return `there must be one control and one experiment, not ${controls} and ${experiments}`;
  }
  return arms.length > analysisArmsMax
    ? `there are ${arms.length} arms, at most ${analysisArmsMax}`
    : undefined;
}

function gateArm(arm: MinutedArm): GateArm {
  const { role, name, plannedWeight, readBackWeight, series } = arm;
  return { role, name, plannedWeight, readBackWeight, requests: series.requests };
}

/** The same of both sides that are compared. */
function ofBoth(arms: readonly MinutedArm[], read: (series: ArmSeries) => SeriesReading) {
  const none: SeriesReading = { status: 'failed', error: 'there is no such arm' };
  const side = (role: ArmRole): SeriesReading => {
    const arm = arms.find((one) => one.role === role);
    return arm === undefined ? none : read(arm.series);
  };
  return { control: side('control'), experiment: side('experiment') };
}

function gateMetrics(
  configuration: CanaryConfiguration,
  arms: readonly MinutedArm[],
): readonly GateMetric[] {
  return configuration.metrics.flatMap((metric) => {
    const id = seriesOf(metric);
    if (id === undefined) return [];
    const { muted } = judgingRules(metric);
    return [{ name: metric.name, muted, ...ofBoth(arms, (series) => deriveSeries(id, series)) }];
  });
}

/** The counts behind each rate that the configuration judges, each once. */
function failureCounts(
  configuration: CanaryConfiguration,
  arms: readonly MinutedArm[],
): readonly FailureCounts[] {
  const counts = configuration.metrics.flatMap((metric) => {
    const id = seriesOf(metric);
    if (id === undefined || judgingRules(metric).muted) return [];
    const series: CanarySeries = canarySeries[id];
    return 'per' in series ? [series.from] : [];
  });
  return [...new Set(counts)].map((id) => ({ name: id, ...ofBoth(arms, (series) => series[id]) }));
}

function judgeMetrics(
  request: AnalysisRequest,
  metrics: readonly GateMetric[],
): Judgement | JudgeRefusal {
  const pairs = metrics.map(({ name, control, experiment }) => ({
    name,
    control: valuesOf(control),
    experiment: valuesOf(experiment),
  }));
  const { configuration, scoreThresholds } = request;
  return judge({ configuration, scoreThresholds, pairs });
}

/** Only a muted metric can have failed here: it is shown as one without data. */
function valuesOf(reading: SeriesReading): readonly number[] {
  return reading.status === 'read' ? reading.values : [];
}

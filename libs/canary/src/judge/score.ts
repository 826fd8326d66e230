import type { ScoreThresholds } from '../canary-configuration.js';
import type { MetricLabel } from './classify-metric.js';

/** What the score is made of: a judged metric, muted ones included. */
export interface ScoredMetric {
  readonly classification: MetricLabel;
  readonly reason?: string;
  readonly critical: boolean;
  readonly muted: boolean;
  readonly groups: readonly string[];
}

/** Score points, unrounded, of one group: the share of passes among what could be counted. */
export interface GroupScore {
  readonly name: string;
  readonly score: number;
}

/** The answer for the whole run. */
export interface CanaryScore {
  /** Score points, two decimals; above 100 where weights add up to more. */
  readonly score: number;
  readonly classification: 'Pass' | 'Marginal' | 'Fail';
  /** Empty unless the score was forced to 0. */
  readonly reason: string;
  readonly groups: readonly GroupScore[];
}

/** From this share of metrics without data on the score is 0: Kayenta's. */
const nodataPercentMax = 50;

/** How a run is scored: weights by group in percent, and the thresholds of the run. */
export interface ScoringRules {
  readonly groupWeights: Readonly<Record<string, number>>;
  readonly thresholds: ScoreThresholds;
}

interface CountedGroup extends GroupScore {
  /** Nothing in it could be counted: only Nodata or Error. */
  readonly empty: boolean;
}

/**
 * Scores a run as Kayenta's WeightedSumScorer and ThresholdScoreClassifier do. Four faults of the original are kept,
 * because a drop-in must answer alike: a group of Error or Nodata alone counts as 100; weights above 100 make scores
 * above 100, and a share of what is left of 100 is then negative; a run whose metrics are all muted is 0 and Fail; a
 * weighted group without metrics lowers the best score. The gate refuses such configurations and data beforehand.
 */
export function score(metrics: readonly ScoredMetric[], rules: ScoringRules): CanaryScore {
  const counted = metrics.filter((metric) => !metric.muted);
  const groups = countedGroups(counted);
  const forced = forcedToZero(counted);
  const points = forced === undefined ? summary(groups, rules.groupWeights) : 0;
  return {
    score: points,
    classification: classificationOf(points, rules.thresholds),
    reason: forced ?? '',
    groups: groups.map((group) => ({ name: group.name, score: group.score })),
  };
}

/** In the order in which groups first appear; a metric in two groups counts in both. */
function countedGroups(metrics: readonly ScoredMetric[]): readonly CountedGroup[] {
  const labels = new Map<string, MetricLabel[]>();
  for (const metric of metrics) {
    for (const group of metric.groups) {
      const ofGroup = labels.get(group) ?? [];
      labels.set(group, [...ofGroup, metric.classification]);
    }
  }
  return [...labels].map(([name, ofGroup]) => {
    const countable = ofGroup.filter((label) => label !== 'Nodata' && label !== 'Error');
    const passes = countable.filter((label) => label === 'Pass').length;
    const empty = countable.length === 0;
    return { name, empty, score: empty ? 0 : (passes / countable.length) * 100 };
  });
}

function forcedToZero(metrics: readonly ScoredMetric[]): string | undefined {
  const failure = metrics.find((metric) => metric.critical && metric.classification !== 'Pass');
  if (failure !== undefined) return `Canary Failed: ${failure.reason ?? ''}`;
  const nodata = metrics.filter((metric) => metric.classification === 'Nodata').length;
  return metrics.length > 0 && (nodata / metrics.length) * 100 >= nodataPercentMax
    ? `Canary Failed: ${nodataPercentMax}% or more metrics returned NODATA`
    : undefined;
}

function summary(
  groups: readonly CountedGroup[],
  groupWeights: Readonly<Record<string, number>>,
): number {
  const weights = new Map(Object.entries(groupWeights));
  const given = [...weights.values()].reduce((total, weight) => total + weight, 0);
  const without = groups.filter((group) => !weights.has(group.name)).length;
  const share = without > 0 ? (100 - given) / without : 0;
  const points = groups.reduce((total, group) => {
    const effective = group.empty ? 100 : group.score;
    return total + effective * ((weights.get(group.name) ?? share) / 100);
  }, 0);
  return roundHalfAwayFromZero(points);
}

/** To two decimals as they are written, so that 66.665 is 66.67 although its double lies below. */
function roundHalfAwayFromZero(value: number): number {
  const hundredths = timesTenTo(Math.abs(value), 2);
  const rounded = timesTenTo(Math.round(hundredths), -2);
  return value < 0 ? -rounded : rounded;
}

function timesTenTo(value: number, exponent: number): number {
  const [digits = '0', power = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(power) + exponent}`);
}

function classificationOf(
  points: number,
  thresholds: ScoreThresholds,
): CanaryScore['classification'] {
  if (points >= thresholds.pass) return 'Pass';
  return points >= thresholds.marginal ? 'Marginal' : 'Fail';
}

import { spreadConstant } from './constant-spread.js';
import { effectSize, meanRatio } from './effect-size.js';
import type { JudgingRules } from './judging-rules.js';
import { mannWhitney, type MannWhitneyTest } from './mann-whitney.js';

/** Kayenta's labels. `Error`: no test could be made; it counts neither way, which is why a gate stands before the judge. */
export type MetricLabel = 'Pass' | 'High' | 'Low' | 'Nodata' | 'NodataFailMetric' | 'Error';

/** A metric's label with what led to it. */
export interface MetricClassification {
  readonly classification: MetricLabel;
  /** Kayenta's words; absent where it gives none. */
  readonly reason?: string;
  /** A failure that forces the score to 0; not the configured flag. */
  readonly critical: boolean;
  /** Mean of the experiment over mean of the control: NaN when either is 0, 1 where no test was made, absent on Error. */
  readonly ratio?: number;
  /** Absent where no test was reached. */
  readonly test?: MannWhitneyTest & { readonly effectSize: number };
  /** Both sides were constant and were spread a little so that they could be tested. */
  readonly spread: boolean;
}

/** Share of the estimated shift that the interval must clear: Kayenta's dead band, fixed there too. */
const deadBandRatio = 0.25;

/** Two prepared series of one metric: no missing points, outliers handled. */
export interface PreparedPair {
  readonly name: string;
  readonly control: readonly number[];
  readonly experiment: readonly number[];
}

/**
 * Labels one metric as Kayenta's MannWhitneyClassifier does. Two faults of the original are kept, because a drop-in must
 * answer alike: there is no minimum of points (two separated points a side are High), and an Error on a critical metric
 * fails nothing. The gate (`checkGate`) refuses both before a judgement is made.
 */
export function classifyMetric(pair: PreparedPair, rules: JudgingRules): MetricClassification {
  const { name, control, experiment } = pair;
  if (control.length === 0 || experiment.length === 0) return classifyWithoutData(name, rules);
  if (sameValues(control, experiment)) {
    const reason = 'The Canary and Baseline data are identical';
    return { classification: 'Pass', reason, critical: false, ratio: 1, spread: false };
  }
  const [differentInControl, differentInExperiment] = [new Set(control), new Set(experiment)];
  const spread = differentInControl.size === 1 && differentInExperiment.size === 1;
  if (spread && control[0] === experiment[0]) {
    return { classification: 'Pass', critical: false, ratio: 1, spread: false };
  }
  const tested = spread
    ? { name, control: spreadConstant(control), experiment: spreadConstant(experiment) }
    : pair;
  return { ...classifyByTest(tested, rules), spread };
}

function classifyWithoutData(name: string, rules: JudgingRules): MetricClassification {
  const common = { ratio: 1, spread: false };
  if (rules.nanStrategy === 'replace') {
    return { classification: 'Pass', critical: false, ...common };
  }
  const reason = `Missing data for ${name}`;
  return rules.mustHaveData && !rules.critical
    ? { classification: 'NodataFailMetric', reason, critical: false, ...common }
    : { classification: 'Nodata', reason, critical: rules.critical, ...common };
}

function sameValues(one: readonly number[], other: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  const [left, right] = [Float64Array.from(one).toSorted(), Float64Array.from(other).toSorted()];
  return left.every((value, index) => value === right[index]);
}

function classifyByTest(
  pair: PreparedPair,
  rules: JudgingRules,
): Omit<MetricClassification, 'spread'> {
  const { name, control, experiment } = pair;
  const shift = mannWhitney(experiment, control);
  if (shift === undefined) {
    const reason = 'Metric Classification Failed';
    return { classification: 'Error', reason, critical: false };
  }
  const size = effectSize(experiment, control, rules.measure);
  const ratio = meanRatio(experiment, control);
  const test = { ...shift, effectSize: size };
  const label = labelOf(shift, size, rules);
  if (label === 'Pass') return { classification: label, critical: false, ratio, test };
  const critical = rules.critical && reachesCriticalSize(label, size, rules);
  const reason = critical
    ? `The metric ${name} was classified as ${label} (Critical)`
    : `${name} was classified as ${label}`;
  return { classification: label, reason, critical, ratio, test };
}

/** A size that cannot be computed is not asked for. */
function labelOf(
  shift: MannWhitneyTest,
  size: number,
  rules: JudgingRules,
): 'Pass' | 'High' | 'Low' {
  const deadBand = deadBandRatio * Math.abs(shift.estimate);
  const isHigh =
    rules.direction !== 'decrease' &&
    shift.lower > deadBand &&
    (Number.isNaN(size) || size >= rules.allowedIncrease);
  if (isHigh) return 'High';
  const isLow =
    rules.direction !== 'increase' &&
    shift.upper < -deadBand &&
    (Number.isNaN(size) || size <= rules.allowedDecrease);
  return isLow ? 'Low' : 'Pass';
}

function reachesCriticalSize(label: 'High' | 'Low', size: number, rules: JudgingRules): boolean {
  if (Number.isNaN(size)) return true;
  return label === 'High' ? size >= rules.criticalIncrease : size <= rules.criticalDecrease;
}

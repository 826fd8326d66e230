import { checkConfiguration, checkEnoughData, checkMetricReads } from './check-data.js';
import { checkErrorTotals } from './check-error-totals.js';
import { checkEnoughRequests, checkSampleRatio, checkWeights } from './check-traffic.js';
import type { GateCheck, GateInput, GateOutcome } from './gate-input.js';

/** What the gate says. */
export interface GateResult {
  readonly outcome: GateOutcome;
  /** In the order in which they were made; those that need what an earlier one refused are not there. */
  readonly checks: readonly GateCheck[];
}

/**
 * The gate before the judge: it fails closed. Inconclusive, with every reason that can be told at once, when the
 * configuration would mislead, a read failed, the listener does not have the planned weights, an arm had too few requests,
 * the split is not the planned one, or a metric has too little data. Fail only when nothing of that holds and error totals
 * show harm. Needs one control and one experiment; never throws.
 */
export function checkGate(input: GateInput): GateResult {
  const reads = [checkConfiguration(input), checkMetricReads(input)];
  const weights = checkWeights(input.arms);
  if (reads.some(({ outcome }) => outcome !== 'pass')) return resultOf([...reads, weights]);
  const requests = checkEnoughRequests(input);
  // A split needs traffic and a plan that holds; what is wrong with those is the reason to tell.
  const split =
    weights.outcome === 'pass' && requests.outcome === 'pass' ? [checkSampleRatio(input)] : [];
  const before = [...reads, weights, requests, ...split, checkEnoughData(input)];
  if (before.some(({ outcome }) => outcome !== 'pass')) return resultOf(before);
  return resultOf([...before, checkErrorTotals(input)]);
}

function resultOf(checks: readonly GateCheck[]): GateResult {
  const outcomes = new Set(checks.map(({ outcome }) => outcome));
  if (outcomes.has('inconclusive')) return { outcome: 'inconclusive', checks };
  return { outcome: outcomes.has('fail') ? 'fail' : 'pass', checks };
}

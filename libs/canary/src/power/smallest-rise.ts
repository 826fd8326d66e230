import { failingBlocksMin, harmfulShare } from '../gate/check-error-totals.js';
import { minutesPerBlock } from '../gate/minute-blocks.js';
import { normalQuantile } from '../statistics/normal-distribution.js';
import { binomialUpperTail, studentUpperTail } from '../statistics/tail-probabilities.js';

/** Halvings of the search for a rise: to 1e-12 of all requests. */
const halvingsMax = 40;

/** What is known before a comparison of two error rates. */
export interface RateComparison {
  /** Errors per request that both arms have when nothing is wrong, from 0 to 1. */
  readonly errorRate: number;
  /** Requests of each arm. */
  readonly control: number;
  readonly experiment: number;
  /** One-sided level of the test. */
  readonly alpha: number;
  /** Probability with which the rise must be found. */
  readonly power: number;
}

/** A comparison as the gate makes it of error totals. */
export interface TotalsComparison extends RateComparison {
  readonly harmRatio: number;
  /** Judged minutes: the totals are looked at in blocks of five. */
  readonly minutes: number;
}

/**
 * The smallest rise of an error rate, in errors per request, that a test of two proportions finds: what the best test
 * could do with so many requests. Null where not even all requests failing would be found. Source: J. Fleiss, "Statistical
 * Methods for Rates and Proportions", 3.2 (without continuity correction, arms of unequal size).
 */
export function smallestRiseOfProportions(comparison: RateComparison): number | null {
  const { errorRate, control, experiment } = comparison;
  if (control <= 0 || experiment <= 0) return null;
  const zAlpha = normalQuantile(1 - comparison.alpha);
  const zBeta = normalQuantile(comparison.power);
  return smallest(errorRate, (rise) => {
    const raised = errorRate + rise;
    const pooled = (control * errorRate + experiment * raised) / (control + experiment);
    const equal = pooled * (1 - pooled) * (1 / control + 1 / experiment);
    const different =
      (errorRate * (1 - errorRate)) / control + (raised * (1 - raised)) / experiment;
    return rise >= zAlpha * Math.sqrt(equal) + zBeta * Math.sqrt(different);
  });
}

/**
 * The smallest rise of an error rate, in errors per request, that the gate's comparison of totals finds: more than
 * `harmRatio` times the control's rate, by both of its tests, in enough blocks. Larger than the best test could do, because
 * a rise must be harmful and is not believed on one incident. Null where nothing would be found. Assumes errors that come
 * independently; in bursts it takes more. What the judge finds besides may be smaller.
 */
export function smallestHarmfulRise(comparison: TotalsComparison): number | null {
  const { errorRate, control, experiment } = comparison;
  const blocks = Math.floor(comparison.minutes / minutesPerBlock);
  if (control <= 0 || experiment <= 0 || blocks < failingBlocksMin) return null;
  const bound = harmfulShare(experiment / (control + experiment), comparison.harmRatio);
  const zBeta = normalQuantile(comparison.power);
  return smallest(errorRate, (rise) => {
    const failures = experiment * (errorRate + rise);
    const total = failures + control * errorRate;
    // As few whole failures in the experiment as there are in one of five runs (for a power of 80 %).
    const spread = Math.sqrt((1 - bound) ** 2 * failures + bound ** 2 * control * errorRate);
    const part = Math.floor(failures - zBeta * spread);
    if (part <= total * bound) return false;
    const share = part / total;
    const deviation = Math.sqrt(total * Math.max(bound * (1 - bound), share * (1 - share)));
    const dispersed = studentUpperTail((part - total * bound) / deviation, blocks - 1);
    const failing = 1 - Math.exp(-failures / blocks);
    return (
      Math.max(binomialUpperTail(part, total, bound), dispersed) < comparison.alpha &&
      binomialUpperTail(failingBlocksMin, blocks, failing) >= comparison.power
    );
  });
}

/** The smallest rise that is found; a larger one is found, too. */
function smallest(errorRate: number, isFound: (rise: number) => boolean): number | null {
  let [missed, found] = [0, 1 - errorRate];
  if (!isFound(found)) return null;
  for (let halving = 0; halving < halvingsMax; halving += 1) {
    const middle = (missed + found) / 2;
    if (isFound(middle)) found = middle;
    else missed = middle;
  }
  return found;
}

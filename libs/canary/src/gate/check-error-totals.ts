import { testShareAbove } from '../statistics/share-test.js';
import type { SeriesReading } from '../series/metric-reading.js';
import type { FailureCounts, GateCheck, GateInput } from './gate-input.js';
import { minuteBlocks, total } from './minute-blocks.js';

/**
 * Blocks of five minutes in which the experiment must have failed before its totals speak: one incident, however loud, is
 * one event.
 */
export const failingBlocksMin = 3;

/**
 * The share of all failures that the experiment would have if it failed `harmRatio` times as often as the control, with
 * its share of the requests. Above this its harm is shown.
 */
export function harmfulShare(requestShare: number, harmRatio: number): number {
  return (harmRatio * requestShare) / (harmRatio * requestShare + 1 - requestShare);
}

/**
 * Compares totals of failures, because the judge compares medians of minutes and is blind to rare severe ones: errors in 20
 * of 60 minutes against none pass it. Given all failures of both arms, the experiment's number is binomial whatever the
 * traffic did; the test asks whether it fails more than `harmRatio` times as often, with the dispersion that the minutes
 * show. Fail when it does, at `harmAlpha` over all failure metrics, in three blocks of five minutes or more; else pass.
 */
export function checkErrorTotals(input: GateInput): GateCheck {
  const { harmRatio, harmAlpha } = input.settings;
  if (harmRatio === null || input.failures.length === 0) {
    return { check: 'errorTotals', outcome: 'pass', reason: 'totals are left to the judge' };
  }
  const requests = {
    control: requestsOf(input, 'control'),
    experiment: requestsOf(input, 'experiment'),
  };
  const share = requests.experiment / (requests.experiment + requests.control);
  const alpha = harmAlpha / input.failures.length;
  const findings = input.failures.map((failures) => {
    const blocks = minuteBlocks(valuesOf(failures.experiment), valuesOf(failures.control));
    const failing = blocks.filter((block) => block.part > 0).length;
    const test = testShareAbove(blocks, harmfulShare(share, harmRatio));
    return {
      harmful: failing >= failingBlocksMin && test.pValue < alpha,
      words: `${failureWords(failures, requests)} (p ${test.pValue.toPrecision(2)})`,
    };
  });
  const harmful = findings.filter((finding) => finding.harmful);
  return harmful.length > 0
    ? {
        check: 'errorTotals',
        outcome: 'fail',
        reason: `more than ${harmRatio} times the control's rate: ${harmful.map(({ words }) => words).join('; ')}`,
      }
    : {
        check: 'errorTotals',
        outcome: 'pass',
        reason: `not shown to be above ${harmRatio} times the control's rate: ${findings.map(({ words }) => words).join('; ')}`,
      };
}

function failureWords(
  failures: FailureCounts,
  requests: { readonly control: number; readonly experiment: number },
): string {
  return (
    `${failures.name} ${total(valuesOf(failures.experiment))} of ${requests.experiment} requests, ` +
    `control ${total(valuesOf(failures.control))} of ${requests.control}`
  );
}

function requestsOf(input: GateInput, role: 'control' | 'experiment'): number {
  return total(
    input.arms.filter((arm) => arm.role === role).flatMap((arm) => valuesOf(arm.requests)),
  );
}

function valuesOf(reading: SeriesReading): readonly number[] {
  return reading.status === 'read' ? reading.values : [];
}

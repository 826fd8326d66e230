import { otherKind, testShareAbove, type ShareTest } from '../statistics/share-test.js';
import type { SeriesReading } from '../series/metric-reading.js';
import type { GateArm, GateCheck, GateInput } from './gate-input.js';
import { minuteBlocks, total } from './minute-blocks.js';

/** Planned weights are what the listener has: the same shares, in whatever unit. */
export function checkWeights(arms: readonly GateArm[]): GateCheck {
  const unread = arms.filter((arm) => arm.readBackWeight === null).map((arm) => arm.name);
  if (unread.length > 0) {
    return refused('weights', `the weight of ${unread.join(', ')} could not be read back`);
  }
  const idle = arms.filter((arm) => arm.role !== 'other' && arm.plannedWeight <= 0);
  if (idle.length > 0) {
    const names = idle.map((arm) => `${arm.name} (${arm.role})`).join(', ');
    return refused('weights', `no traffic is planned for ${names}, so there is nothing to compare`);
  }
  const planned = arms.reduce((sum, arm) => sum + arm.plannedWeight, 0);
  const found = arms.reduce((sum, arm) => sum + (arm.readBackWeight ?? 0), 0);
  const words = arms.map(
    (arm) => `${arm.name} planned ${arm.plannedWeight}, on the listener ${arm.readBackWeight}`,
  );
  const equal = arms.every(
    (arm) => arm.plannedWeight * found === (arm.readBackWeight ?? 0) * planned,
  );
  return equal && found > 0
    ? { check: 'weights', outcome: 'pass', reason: words.join('; ') }
    : refused('weights', `the listener does not have the planned weights: ${words.join('; ')}`);
}

/** Each compared arm has had enough requests. */
export function checkEnoughRequests({ arms, settings }: GateInput): GateCheck {
  const counts = arms
    .filter((arm) => arm.role !== 'other')
    .map((arm) => ({ name: arm.name, count: total(valuesOf(arm.requests)) }));
  const words = counts.map(({ name, count }) => `${name} had ${count} requests`).join('; ');
  const reason = `${words}; at least ${settings.requestsMin} are needed in each arm`;
  return counts.some(({ count }) => count < settings.requestsMin)
    ? refused('enoughRequests', reason)
    : { check: 'enoughRequests', outcome: 'pass', reason };
}

/**
 * Each arm's share of the requests is the planned one, but for a tolerance. Both directions of every arm are tested (two
 * arms are each other's rest), each at its part of the level. A share that is off means that what is compared is not what
 * was planned: wrong weights, sticky clients, retries, or a target group that somebody else sends traffic to.
 */
export function checkSampleRatio({ arms, settings }: GateInput): GateCheck {
  const planned = arms.reduce((sum, arm) => sum + arm.plannedWeight, 0);
  const tested = arms.length === 2 ? arms.filter((arm) => arm.role === 'experiment') : arms;
  const alpha = settings.sampleRatioAlpha / tested.length / 2;
  const findings = tested.map((arm) => {
    const share = arm.plannedWeight / planned;
    const tolerance = (settings.shareTolerancePercent / 100) * Math.min(share, 1 - share);
    return { arm, share, test: testShare(arm, arms, { share, tolerance }) };
  });
  const off = findings.filter(({ test }) => test.pValue < alpha);
  const words = (off.length > 0 ? off : findings).map(
    ({ arm, share, test }) =>
      `${arm.name} has ${percent(test.part / test.total)} of ${test.total} requests, ` +
      `planned ${percent(share)} (p ${test.pValue.toPrecision(2)}, dispersion ${test.dispersion.toFixed(1)})`,
  );
  return off.length > 0
    ? refused('sampleRatio', `the split is not the planned one: ${words.join('; ')}`)
    : { check: 'sampleRatio', outcome: 'pass', reason: words.join('; ') };
}

/** The more striking of both directions, each against the edge of the tolerance. */
function testShare(
  arm: GateArm,
  arms: readonly GateArm[],
  { share, tolerance }: { readonly share: number; readonly tolerance: number },
): ShareTest {
  const own = valuesOf(arm.requests);
  const rest = arms.filter((other) => other !== arm).map((other) => valuesOf(other.requests));
  const others = own.map((_value, index) => total(rest.map((values) => values[index] ?? NaN)));
  const blocks = minuteBlocks(own, others);
  const above = testShareAbove(blocks, Math.min(share + tolerance, 1), 'steps');
  const below = testShareAbove(otherKind(blocks), Math.min(1 - share + tolerance, 1), 'steps');
  return { ...above, pValue: Math.min(above.pValue, below.pValue) };
}

function valuesOf(reading: SeriesReading): readonly number[] {
  return reading.status === 'read' ? reading.values : [];
}

function refused(check: GateCheck['check'], reason: string): GateCheck {
  return { check, outcome: 'inconclusive', reason };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

import { binomialOf, normalOf, poissonOf } from '../kernel/chance.js';
import type { Flow, TrafficSegment } from '../world/traffic-stream.js';

/** What a target group did in a minute. */
export interface GroupMinute {
  readonly requests: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
  readonly healthyHosts: number;
  /** Response times in seconds, each with how often. */
  readonly latencies: readonly (readonly [seconds: number, count: number])[];
}

/** What a load balancer did in a minute. */
export interface Minute {
  readonly at: number;
  readonly groups: ReadonlyMap<string, GroupMinute>;
  readonly unserved: number;
  readonly fixed: number;
  readonly redirected: number;
}

const MINUTE_MS = 60_000;
/** Response times are spread log-normally; an assumption, as is the width. */
const SPREAD = 0.35;
const QUANTILES = 100;
/** From one minute to the next the median wavers by so much. */
const WAVER = 0.03;

/** The minutes of a span that are over, as far as there were segments in them. */
export function minutesOf(
  segments: readonly TrafficSegment[],
  span: { readonly from: number; readonly until: number; readonly seed: string },
): readonly Minute[] {
  const byMinute = new Map<number, TrafficSegment[]>();
  for (const segment of segments) {
    const first = Math.max(segment.from, span.from);
    const last = Math.min(segment.until, span.until);
    for (let at = Math.floor(first / MINUTE_MS) * MINUTE_MS; at < last; at += MINUTE_MS) {
      const list = byMinute.get(at) ?? [];
      list.push(segment);
      byMinute.set(at, list);
    }
  }
  return [...byMinute]
    .filter(([at]) => at >= span.from && at + MINUTE_MS <= span.until)
    .toSorted(([a], [b]) => a - b)
    .map(([at, list]) => minuteOf(at, list, span.seed));
}

interface Portion {
  readonly flow: Flow;
  readonly requests: number;
}

function minuteOf(at: number, segments: readonly TrafficSegment[], seed: string): Minute {
  const portions = new Map<string, Portion[]>();
  const alone = { unserved: 0, fixed: 0, redirected: 0 };
  for (const { from, until, reception } of segments) {
    const seconds = (Math.min(until, at + MINUTE_MS) - Math.max(from, at)) / 1000;
    for (const flow of reception.flows) {
      const list = portions.get(flow.targetGroupArn) ?? [];
      list.push({ flow, requests: flow.perSecond * seconds });
      portions.set(flow.targetGroupArn, list);
    }
    alone.unserved += reception.unserved * seconds;
    alone.fixed += reception.fixed * seconds;
    alone.redirected += reception.redirected * seconds;
  }
  const [first] = segments;
  const isNoisy = segments.some(({ noise }) => noise);
  const text = `${seed}:${first?.loadBalancerArn}:${at}`;
  const count = (kind: string, expected: number) =>
    isNoisy ? poissonOf(expected, `${text}:${kind}`) : expected;
  return {
    at,
    groups: new Map(
      [...portions].map(([arn, list]) => [
        arn,
        groupMinute(list, isNoisy ? `${text}:${arn}` : undefined),
      ]),
    ),
    unserved: count('unserved', alone.unserved),
    fixed: count('fixed', alone.fixed),
    redirected: count('redirected', alone.redirected),
  };
}

/** `text` undefined: exactly what is to be expected. */
function groupMinute(portions: readonly Portion[], text: string | undefined): GroupMinute {
  const expected = portions.reduce((sum, { requests }) => sum + requests, 0);
  const mean = (of: (flow: Flow) => number): number =>
    expected === 0
      ? 0
      : portions.reduce((sum, { flow, requests }) => sum + of(flow) * requests, 0) / expected;
  const refusedShare = mean((flow) => flow.refusedShare);
  const failedShare = mean((flow) => flow.failedShare) / Math.max(1e-12, 1 - refusedShare);
  const of = (count: number, share: number, kind: string): number =>
    text === undefined ? count * share : binomialOf(count, share, `${text}:${kind}`);
  const requests = text === undefined ? expected : poissonOf(expected, `${text}:requests`);
  const refused = of(requests, refusedShare, 'refused');
  const failed = of(requests - refused, Math.min(1, failedShare), 'failed');
  const waver = text === undefined ? 1 : Math.exp(WAVER * normalOf(`${text}:latency`));
  return {
    requests,
    refused,
    failed,
    succeeded: requests - refused - failed,
    healthyHosts: mean((flow) => flow.healthyHosts),
    latencies: latenciesOf(portions, requests - refused, waver),
  };
}

function latenciesOf(portions: readonly Portion[], answered: number, waver: number) {
  const medians = new Map<number, number>();
  for (const { flow, requests } of portions)
    for (const [median, share] of flow.latencies)
      medians.set(median, (medians.get(median) ?? 0) + share * requests);
  const total = [...medians.values()].reduce((sum, part) => sum + part, 0);
  if (total === 0 || answered === 0) return [];
  return [...medians].flatMap(([median, part]) =>
    DEVIATES.map((deviate): readonly [number, number] => [
      (median / 1000) * waver * Math.exp(SPREAD * deviate),
      (answered * part) / total / QUANTILES,
    ]),
  );
}

/** The middles of a hundred equal parts of the normal distribution. */
const DEVIATES = Array.from({ length: QUANTILES }, (_, index) =>
  normalQuantile((index + 0.5) / QUANTILES),
);

/** Bisection: exact enough, and only ever done once. */
function normalQuantile(probability: number): number {
  let [low, high] = [-6, 6];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The share of a normal distribution below a deviate (Simpson's rule). */
function normalShare(deviate: number): number {
  const steps = 200;
  const width = deviate / steps;
  const density = (x: number): number => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(deviate);
  for (let step = 1; step < steps; step += 1)
    sum += density(step * width) * (step % 2 === 0 ? 2 : 4);
  return 0.5 + (sum * width) / 3;
}

import type { AwsRegion, CallOptions, TargetGroupDetails } from '@gennaker/aws';
import {
  defaultGateSettings,
  expectStep,
  minuteMs,
  minutesPerDay,
  trafficDay,
  unjudgedMinutesAtEnd,
  type GateSettings,
  type StepExpectation,
  type TrafficDay,
} from '@gennaker/canary';
import {
  epochMs,
  isoTime,
  judgedAfterMinutes,
  type CanaryExpectation,
  type CanaryFacts,
  type CanaryStrategy,
  type ListenerRule,
} from '@gennaker/domain';
import { readHealthAliases } from '../observe/health-aliases.js';
import { readForwarding } from '../observe/forwarding-rules.js';
import { targetGroupMetric } from './target-group-metrics.js';

/** Where and what a canary is to run beside. */
export interface CanaryPlace {
  readonly region: AwsRegion;
  /** AWS's time, ISO 8601. */
  readonly now: string;
  /** Of the source. */
  readonly targetGroupArns: readonly string[];
  /** Those of the cluster's largest server group. */
  readonly instances: number;
}

/**
 * Every rule that sends the source its requests, and what the last day's traffic says that each step can show. Reads only;
 * throws what AWS answers.
 */
export async function readCanaryFacts(
  { region, now, targetGroupArns: arns, instances }: CanaryPlace,
  strategy: CanaryStrategy,
  options: CallOptions,
): Promise<CanaryFacts> {
  if (arns.length === 0) return { rules: [], expectations: [], loadBalancers: [] };
  const { rules, targetGroups, loadBalancers } = await readForwarding(region, { arns }, options);
  const nowMs = epochMs(now);
  const [whole, day, aliases] = await Promise.all([
    wholeRules(region, rules, options),
    readTrafficDay(region, { targetGroups, nowMs }, options),
    readHealthAliases(region, { loadBalancers, instances }, options),
  ]);
  return {
    rules: whole,
    expectations: expectationsOf(strategy, day, nowMs),
    loadBalancers: loadBalancers.map(({ dnsName, name }) => dnsName ?? name),
    ...aliases,
  };
}

/** Each again, with the fields that a write would lose: a list of rules does not tell them. */
async function wholeRules(
  region: AwsRegion,
  rules: readonly ListenerRule[],
  options: CallOptions,
): Promise<readonly ListenerRule[]> {
  const details = await Promise.all(rules.map(({ arn }) => region.describeRule(arn, options)));
  return details.map(({ rule }) => rule);
}

async function readTrafficDay(
  region: AwsRegion,
  {
    targetGroups,
    nowMs,
  }: { readonly targetGroups: readonly TargetGroupDetails[]; readonly nowMs: number },
  options: CallOptions,
): Promise<TrafficDay | undefined> {
  const metrics = targetGroups.flatMap((group) => {
    const requests = targetGroupMetric(group, 'requests');
    const errors = targetGroupMetric(group, 'errors5xx');
    return requests === undefined || errors === undefined ? [] : [requests, errors];
  });
  const endMs = Math.floor(nowMs / minuteMs) * minuteMs;
  const minutes = minutesPerDay + unjudgedMinutesAtEnd;
  const series = await region.getMetricData(
    {
      metrics,
      from: isoTime(endMs - minutes * minuteMs),
      until: isoTime(endMs),
      periodSeconds: 60,
    },
    options,
  );
  return trafficDay({
    requests: series.filter((_points, index) => index % 2 === 0).flat(),
    errors: series.filter((_points, index) => index % 2 === 1).flat(),
    nowMs,
  });
}

function expectationsOf(
  { steps, baseline, analysis }: CanaryStrategy,
  day: TrafficDay | undefined,
  nowMs: number,
): readonly CanaryExpectation[] {
  const { pointsMin, requestsMin } = analysis ?? {};
  const settings: GateSettings = {
    ...defaultGateSettings,
    ...(pointsMin !== undefined && { pointsMin }),
    ...(requestsMin !== undefined && { requestsMin }),
  };
  let startMs = nowMs;
  return steps.map(({ weightPercent, pause }) => {
    const minutes = judgedAfterMinutes(pause);
    if (minutes === null) return { enough: null, reason: 'nothing is judged, a person decides' };
    if (day === undefined) {
      return { enough: false, reason: 'there was no request in the last day, so nothing is known' };
    }
    const control = baseline === 'running' ? 'runningFleet' : 'freshBaseline';
    const step = { startMs, minutes, experimentPercent: weightPercent, control } as const;
    startMs += minutes * minuteMs;
    return stated(expectStep(day, step, settings));
  });
}

function stated({ enough, reason }: StepExpectation): CanaryExpectation {
  return { enough, reason };
}

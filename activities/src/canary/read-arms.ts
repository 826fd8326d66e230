import type { AwsRegion, CallOptions, TargetGroupDetails } from '@gennaker/aws';
import {
  minuteMs,
  pointsPerSeriesMax,
  type AnalysisArm,
  type ArmReadings,
  type CanaryMetricId,
  type MetricReading,
} from '@gennaker/canary';
import {
  areArmsWeighted,
  epochMs,
  GennakerError,
  isoTime,
  type CanaryArm,
  type RuleRef,
  type TargetGroupWeight,
  weightsOf,
} from '@gennaker/domain';
import type { Clock } from '@gennaker/platform';
import { observedAt } from '../observe/cluster-view.js';
import { lookAtRule } from '../observe/observed-rule.js';
import { pause } from '../observe/pause.js';
import { canaryMetricIds, targetGroupMetric } from './target-group-metrics.js';

/** Tries of one read before it counts as failed: an analysis that waits for AWS keeps a canary in traffic. */
const readTriesMax = 4;

/** Between two tries, in milliseconds: throttling passes within seconds. */
const readPauseMs = 1_000;

/** Seconds of a period: what every series has. */
const periodSeconds = 60;

/** What is read of a canary, and when. */
export interface ArmsQuery {
  readonly arms: readonly CanaryArm[];
  readonly rules: readonly RuleRef[];
  /** By AWS's time, ISO 8601; what is read ends now. */
  readonly from: string;
}

/** What was read, and the time of AWS before the first metric was. */
export interface ReadArms {
  readonly arms: readonly AnalysisArm[];
  readonly nowMs: number;
}

/**
 * Everything of the arms that an analysis needs, all at once. What cannot be read comes as failed, with AWS's words: an
 * error is told apart from no data. Throws only what is thrown for a cancel.
 */
export async function readArms(
  { region, clock }: { readonly region: AwsRegion; readonly clock: Clock },
  query: ArmsQuery,
  options: CallOptions,
): Promise<ReadArms> {
  const [weights, targetGroups] = await Promise.all([
    readWeights(region, query, options),
    tried(options, () =>
      region.describeTargetGroups(
        { arns: query.arms.map(({ targetGroupArn }) => targetGroupArn) },
        options,
      ),
    ),
  ]);
  const nowMs = epochMs(observedAt(region, clock));
  const span = metricSpan(epochMs(query.from), nowMs);
  const arms = await Promise.all(
    query.arms.map(async (arm) => ({
      role: arm.role,
      name: arm.name,
      plannedWeight: arm.plannedWeight,
      readBackWeight:
        weights?.find((one) => one.targetGroupArn === arm.targetGroupArn)?.weight ?? null,
      readings:
        'failed' in targetGroups
          ? failedReadings(targetGroups.failed)
          : await readArm(region, { span, arm, targetGroups: targetGroups.read }, options),
    })),
  );
  return { arms, nowMs };
}

interface MetricSpan {
  readonly from: string;
  readonly until: string;
}

/** Whole minutes, and no more of them than are ever judged. */
function metricSpan(fromMs: number, nowMs: number): MetricSpan {
  const end = Math.ceil(nowMs / minuteMs);
  const first = Math.max(Math.floor(fromMs / minuteMs), end - pointsPerSeriesMax);
  return { from: isoTime(Math.min(first, end - 1) * minuteMs), until: isoTime(end * minuteMs) };
}

/**
 * The weights of the rules; where the rules differ, those of one that is not as planned. Null where one cannot be read: then
 * nobody knows what that rule does.
 */
async function readWeights(
  region: AwsRegion,
  { rules, arms }: ArmsQuery,
  options: CallOptions,
): Promise<readonly TargetGroupWeight[] | null> {
  const looks = await Promise.all(
    rules.map(({ arn }) =>
      tried(options, async () => {
        const observed = { region, arn, priority: options.priority };
        const { rule } = await lookAtRule(observed, (seen) =>
          areArmsWeighted(arms, weightsOf(seen)),
        );
        return weightsOf(rule);
      }),
    ),
  );
  const read = looks.flatMap((look) => ('read' in look ? [look.read] : []));
  if (read.length < rules.length) return null;
  return read.find((weights) => !areArmsWeighted(arms, weights)) ?? read[0] ?? null;
}

async function readArm(
  region: AwsRegion,
  about: {
    readonly span: MetricSpan;
    readonly arm: CanaryArm;
    readonly targetGroups: readonly TargetGroupDetails[];
  },
  options: CallOptions,
): Promise<ArmReadings> {
  const { arm, targetGroups, span } = about;
  const targetGroup = targetGroups.find(({ arn }) => arn === arm.targetGroupArn);
  const metrics = canaryMetricIds.flatMap((id) => {
    const metric = targetGroup && targetGroupMetric(targetGroup, id);
    return metric === undefined ? [] : [metric];
  });
  if (metrics.length === 0) {
    return failedReadings(`no load balancer uses the target group ${arm.targetGroupArn}`);
  }
  const series = await tried(options, () =>
    region.getMetricData({ metrics, ...span, periodSeconds }, options),
  );
  if ('failed' in series) return failedReadings(series.failed);
  return readingsOf((id) => ({
    status: 'read',
    points: series.read[canaryMetricIds.indexOf(id)] ?? [],
  }));
}

type Tried<T> = { readonly read: T } | { readonly failed: string };

/** A read that is tried again while the fault may pass, then fails in words. A cancel passes. */
async function tried<T>({ signal }: CallOptions, read: () => Promise<T>): Promise<Tried<T>> {
  for (let tries = 1; ; tries += 1) {
    try {
      return { read: await read() };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof GennakerError)) throw error;
      if (error.retry === 'never' || tries >= readTriesMax) return { failed: error.message };
    }
    await pause(readPauseMs, signal);
  }
}

function failedReadings(error: string): ArmReadings {
  return readingsOf(() => ({ status: 'failed', error }));
}

function readingsOf(read: (id: CanaryMetricId) => MetricReading): ArmReadings {
  return {
    requests: read('requests'),
    errors5xx: read('errors5xx'),
    connectionErrors: read('connectionErrors'),
    unhealthyHosts: read('unhealthyHosts'),
    responseTimeP50: read('responseTimeP50'),
    responseTimeP90: read('responseTimeP90'),
    responseTimeP99: read('responseTimeP99'),
  };
}

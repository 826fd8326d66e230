import {
  defaultCanaryConfiguration,
  defaultGateSettings,
  defaultScoreThresholds,
  type AnalysisArm,
  type AnalysisRequest,
  type ArmReadings,
  type ArmRole,
  type CanaryConfiguration,
  type CanaryMetricId,
  type CanarySeriesId,
  type GateSettings,
  type MetricReading,
} from '@gennaker/canary';

import { seededChance, type SeededChance } from './seeded-chance.js';

export const startMs = Date.parse('2026-03-02T10:00:00Z');
const minuteMs = 60_000;

/** What a target group does: per minute, but `errorRate` and `connectionErrorRate` per request. */
export interface Behaviour {
  readonly requests: number;
  readonly errorRate: number;
  readonly connectionErrorRate: number;
  readonly unhealthyHosts: number;
  readonly latencyMs: number;
}

export const healthy: Behaviour = {
  requests: 1000,
  errorRate: 0.002,
  connectionErrorRate: 0.0001,
  unhealthyHosts: 0,
  latencyMs: 80,
};

/** An arm of good behaviour, or of what is told. `readings` replaces what was read of a metric. */
export interface ArmChoice extends Partial<Behaviour> {
  readonly role: ArmRole;
  readonly plannedWeight?: number;
  readonly readBackWeight?: number | null;
  readonly readings?: Partial<ArmReadings>;
}

export interface AnalysisChoice {
  readonly minutes?: number;
  readonly seed?: number;
  readonly arms?: readonly ArmChoice[];
  readonly gate?: Partial<GateSettings>;
  readonly configuration?: AnalysisRequest['configuration'];
  readonly scoreThresholds?: AnalysisRequest['scoreThresholds'];
}

/** An hour of two equal arms, but for what is told otherwise; ready to be judged, its last minutes settled. */
export function analysisRequest(choice: AnalysisChoice = {}): AnalysisRequest {
  const minutes = choice.minutes ?? 60;
  const chance = seededChance(choice.seed ?? 1);
  const arms = choice.arms ?? [{ role: 'control' }, { role: 'experiment' }];
  return {
    configuration: choice.configuration ?? defaultCanaryConfiguration,
    scoreThresholds: choice.scoreThresholds ?? defaultScoreThresholds,
    gate: { ...defaultGateSettings, ...choice.gate },
    window: {
      fromMs: startMs,
      untilMs: startMs + minutes * minuteMs,
      nowMs: startMs + (minutes + 2) * minuteMs,
    },
    arms: arms.map((arm) => analysisArm(arm, minutes, chance)),
  };
}

function analysisArm(choice: ArmChoice, minutes: number, chance: SeededChance): AnalysisArm {
  const behaviour = { ...healthy, ...choice };
  const plannedWeight = choice.plannedWeight ?? 50;
  return {
    role: choice.role,
    name: `shop-${choice.role}`,
    plannedWeight,
    readBackWeight: choice.readBackWeight === undefined ? plannedWeight : choice.readBackWeight,
    readings: { ...armReadings(behaviour, minutes, chance), ...choice.readings },
  };
}

/** As CloudWatch reports: no point where a count is 0, latency in seconds. */
export function armReadings(
  behaviour: Behaviour,
  minutes: number,
  chance: SeededChance,
): ArmReadings {
  const requests = Array.from({ length: minutes }, () => chance.poisson(behaviour.requests));
  const counts = (rate: number): readonly number[] =>
    requests.map((count) => chance.poisson(count * rate));
  const latency = (factor: number): MetricReading =>
    reading(
      requests.map(() => (factor * behaviour.latencyMs * (1 + 0.05 * chance.normal())) / 1000),
    );
  return {
    requests: reading(requests, 'nonzero'),
    errors5xx: reading(counts(behaviour.errorRate), 'nonzero'),
    connectionErrors: reading(counts(behaviour.connectionErrorRate), 'nonzero'),
    unhealthyHosts: reading(requests.map(() => behaviour.unhealthyHosts)),
    responseTimeP50: latency(1),
    responseTimeP90: latency(2),
    responseTimeP99: latency(5),
  };
}

/** Points by the minute from the start on; where only what is not 0 is reported, zeros are left out. */
export function reading(
  values: readonly number[],
  reported: 'all' | 'nonzero' = 'all',
): MetricReading {
  const points = values.map((value, index) => ({
    at: new Date(startMs + index * minuteMs).toISOString(),
    value,
  }));
  return { status: 'read', points: points.filter(({ value }) => reported === 'all' || value > 0) };
}

/** One metric of the default configuration, for many analyses in a row. */
export function onlyMetric(name: CanarySeriesId): CanaryConfiguration {
  const metrics = defaultCanaryConfiguration.metrics.filter((metric) => metric.name === name);
  const groups = metrics.flatMap((metric) => metric.groups);
  const groupWeights = Object.fromEntries(groups.map((group) => [group, 100]));
  return { name, metrics, classifier: { groupWeights } };
}

/** The same request with other readings of one arm. */
export function changed(
  request: AnalysisRequest,
  role: ArmRole,
  readings: Partial<Record<CanaryMetricId, MetricReading>>,
): AnalysisRequest {
  const arms = request.arms.map((arm) =>
    arm.role === role ? { ...arm, readings: { ...arm.readings, ...readings } } : arm,
  );
  return { ...request, arms };
}

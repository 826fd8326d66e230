import { actionsOfAlarm } from '../world/alarm.js';
import type { Scope } from '../world/scope.js';
import type { Transition } from '../world/world.js';
import { EXTRA_PERIODS, judge, type AlarmRule, type Range } from './alarm-verdict.js';
import { readStatistic } from './metric-reading.js';
import { evaluateQueries } from './metric-queries.js';
import type { AlarmState, AlarmRecord } from './records.js';

/** "CloudWatch evaluates alarms every minute"; those of a high-resolution metric every ten seconds. */
const EVALUATION_SECONDS = 60;
const HIGH_RESOLUTION_SECONDS = 10;

/** INSUFFICIENT_DATA → OK ⇄ ALARM, by the data of the last periods. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html */
export const alarmTransitions: Readonly<Record<string, Transition>> = {
  'alarm:evaluated': (scope, name) => {
    const alarm = scope.tables.alarms.find(name);
    if (alarm === undefined) return;
    scheduleEvaluation(scope, alarm);
    const rule = ruleOf(alarm);
    const range = rangeOf(scope, alarm, rule);
    const state = judge(rule, range);
    if (state !== undefined && state !== alarm.state) {
      enterState(scope, name, { state, reason: reasonOf(rule, range, state) });
    } else if (alarm.state === 'ALARM' && actionsOfAlarm(scope, name).length > 0) {
      // Auto Scaling's actions are repeated for as long as the alarm lasts.
      scope.world.alarmActs(scope, name);
    }
  },
};

/** Plans the next evaluation. */
export function scheduleEvaluation(scope: Scope, alarm: AlarmRecord): void {
  const isFine = periodOf(alarm) < EVALUATION_SECONDS;
  scope.reschedule(
    'alarm:evaluated',
    alarm.name,
    isFine ? HIGH_RESOLUTION_SECONDS : EVALUATION_SECONDS,
  );
}

/** Puts an alarm into a state; who listens hears of a change, and its actions are taken. */
export function enterState(
  scope: Scope,
  name: string,
  next: {
    readonly state: AlarmState;
    readonly reason: string;
    readonly reasonData?: string | undefined;
  },
): void {
  const before = scope.tables.alarms.find(name);
  if (before === undefined) return;
  const isChange = before.state !== next.state;
  scope.tables.alarms.update(name, {
    state: next.state,
    reason: next.reason,
    reasonData: next.reasonData,
    stateUpdatedAt: scope.now(),
    transitionedAt: isChange ? scope.now() : before.transitionedAt,
  });
  if (!isChange) return;
  scope.world.alarmChanged(scope, name);
  if (actionsOfAlarm(scope, name).length > 0) scope.world.alarmActs(scope, name);
}

function ruleOf({ request }: AlarmRecord): AlarmRule {
  const evaluationPeriods = request.EvaluationPeriods ?? 1;
  return {
    comparison: request.ComparisonOperator ?? '',
    threshold: request.Threshold ?? 0,
    evaluationPeriods,
    datapointsToAlarm: request.DatapointsToAlarm ?? evaluationPeriods,
    treatMissingData: request.TreatMissingData ?? 'missing',
  };
}

/** The period of the alarm's metric, or the longest of its queries', in seconds. */
function periodOf({ request }: AlarmRecord): number {
  const periods = (request.Metrics ?? []).map(
    ({ MetricStat: stat, Period: period }) => stat?.Period ?? period ?? 0,
  );
  return request.Period ?? Math.max(EVALUATION_SECONDS / 60, ...periods);
}

function rangeOf(scope: Scope, alarm: AlarmRecord, rule: AlarmRule): Range {
  const periodSeconds = periodOf(alarm);
  const periodMs = periodSeconds * 1000;
  const length = rule.evaluationPeriods + EXTRA_PERIODS;
  // Only periods that are over count: the running one may still change.
  const until = Math.floor(scope.now() / periodMs) * periodMs;
  const span = { from: until - length * periodMs, until };
  const points = new Map(
    valuesOf(scope, alarm, { ...span, periodSeconds }).map(({ at, value }) => [at, value]),
  );
  return Array.from({ length }, (_, index) => points.get(until - (index + 1) * periodMs));
}

function valuesOf(
  scope: Scope,
  { request }: AlarmRecord,
  span: { from: number; until: number; periodSeconds: number },
) {
  if (request.Metrics !== undefined && request.Metrics.length > 0) {
    const results = evaluateQueries(scope, request.Metrics, span);
    return results.find(({ returned }) => returned)?.points ?? [];
  }
  return readStatistic(
    scope,
    {
      namespace: request.Namespace ?? '',
      name: request.MetricName ?? '',
      dimensions: request.Dimensions ?? [],
    },
    { ...span, statistic: request.ExtendedStatistic ?? request.Statistic ?? 'Average' },
  );
}

const WORDS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

function reasonOf(rule: AlarmRule, range: Range, state: AlarmState): string {
  const values = range.slice(0, rule.evaluationPeriods).filter((value) => value !== undefined);
  const periods = rule.evaluationPeriods;
  if (state === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${periods} datapoint${periods === 1 ? ' was' : 's were'} unknown.`;
  const told = values.map((value) => value.toString()).join(', ');
  const isAlarm = state === 'ALARM';
  return `Threshold Crossed: ${values.length} out of the last ${periods} datapoints [${told}] ${isAlarm ? 'was' : 'was not'} ${WORDS[rule.comparison]} the threshold (${rule.threshold}) (minimum ${rule.datapointsToAlarm} datapoint${rule.datapointsToAlarm === 1 ? '' : 's'} for ${isAlarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`;
}

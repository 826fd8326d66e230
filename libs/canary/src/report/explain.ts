import type { GateMetric, GateOutcome } from '../gate/gate-input.js';
import type { JudgingRules } from '../judge/judging-rules.js';
import type { JudgedMetric, Judgement } from '../judge/netflix-judge.js';
import { rounded } from './down-sample.js';
import type { ReportParts } from './report-parts.js';

/** One sentence on the whole: what was decided and by what. */
export function explainOutcome(
  outcome: GateOutcome,
  { gate, judgement, request }: ReportParts,
): string {
  if (gate.outcome !== 'pass') {
    const speaking = gate.checks.filter((check) => check.outcome === gate.outcome);
    const what = gate.outcome === 'fail' ? 'harm is shown' : 'no verdict can be trusted';
    return `${what}: ${speaking.map(({ reason }) => reason).join('; ')}`;
  }
  if (judgement === undefined) return 'the judge was not asked';
  if (!judgement.judged) return `the judge refuses the run: ${judgement.faults.join('; ')}`;
  const { pass, marginal } = request.scoreThresholds;
  const score = `score ${judgement.score} (pass from ${pass}, marginal from ${marginal})`;
  const against = judgement.metrics.filter(
    ({ muted, classification }) => !muted && classification !== 'Pass',
  );
  if (against.length === 0) return `${score}: every metric passed`;
  const words = against.map(({ name, classification }) => `${name} ${classification}`).join(', ');
  return outcome === 'inconclusive' && judgement.classification === 'Pass'
    ? `${score}, but not every metric could be judged: ${words}`
    : `${score}: ${words}${forcedWords(judgement)}`;
}

function forcedWords({ reason }: Judgement): string {
  return reason === '' ? '' : `; ${reason}`;
}

/** One sentence on a metric: why it passed, failed or was not judged. */
export function explainMetric(
  rules: JudgingRules,
  pair: GateMetric | undefined,
  metric: JudgedMetric | undefined,
): string {
  if (pair === undefined) return 'it has no source';
  const failed = [pair.control, pair.experiment].flatMap((reading) =>
    reading.status === 'failed' ? [`it could not be read: ${reading.error}`] : [],
  );
  if (failed.length > 0) return [...new Set(failed)].join('; ');
  if (metric === undefined) return 'the gate did not let the judge speak';
  return `${verdictWords(rules, metric)}${metric.muted ? ' (muted: it does not count)' : ''}`;
}

function verdictWords(rules: JudgingRules, metric: JudgedMetric): string {
  if (metric.classification === 'Nodata' || metric.classification === 'NodataFailMetric') {
    return 'there is no data';
  }
  if (metric.classification === 'Error') return 'no test could be made of it';
  if (metric.test === undefined) return 'both arms have the same values';
  const { lower, upper, effectSize } = metric.test;
  const interval = `the shift is between ${digits(lower)} and ${digits(upper)} (98 %)`;
  const size = `${rules.measure === 'cles' ? 'effect size' : 'ratio'} ${digits(effectSize)}`;
  if (metric.classification === 'Pass') {
    const bounds = boundWords(rules);
    return `${interval}, ${size}${bounds}: not shown to be worse`;
  }
  const how = metric.classification === 'High' ? 'higher' : 'lower';
  const critical = metric.critical ? ', critical: the score is 0' : '';
  return `${interval}, ${size}: ${how} than the control${critical}`;
}

function boundWords(rules: JudgingRules): string {
  const up = rules.direction === 'decrease' ? [] : [`up to ${rules.allowedIncrease}`];
  const down = rules.direction === 'increase' ? [] : [`down to ${rules.allowedDecrease}`];
  return ` (allowed ${[...up, ...down].join(', ')})`;
}

function digits(value: number): string {
  return String(rounded(value, 4) ?? 'unknown');
}

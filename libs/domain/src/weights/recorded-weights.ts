import {
  targetGroupName,
  weightsOf,
  type ListenerRule,
  type TargetGroupWeight,
} from './listener-rule.js';
import { isSameWeights } from './rule-weights.js';

/** Tag of the server group that requests were last given to: when, and which weights. A wire contract. */
export const weightsTagKey = 'gennaker:weights';
/** Tag of a server group that stays in service without requests: until when, and its minimum before the pin. */
export const warmTagKey = 'gennaker:warm';

/** Rules of one stage at most: what is recorded of them is one tag, of 256 characters at most (Auto Scaling Tag). */
export const rulesPerStageMax = 6;

/** The weights of one rule. */
export interface RecordedRule {
  readonly ruleArn: string;
  readonly weights: readonly TargetGroupWeight[];
}

/** What one server group's tag says. */
export interface RecordedWeights {
  readonly serverGroup: string;
  /** ISO 8601. */
  readonly writtenAt: string;
  /** Weights by the short names of rule and target group, as in the tag. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** How long a fleet that has no requests is kept, and the minimum that it had before it was pinned for that. */
export interface WarmRecord {
  /** ISO 8601. */
  readonly until: string;
  readonly instancesMin: number;
}

/** The value of {@link weightsTagKey}: `time rule=group:weight,group:weight …`. */
export function weightsTagValue(rules: readonly RecordedRule[], writtenAt: string): string {
  const words = rules.map(({ ruleArn, weights }) => {
    const parts = weights.map((one) => `${shortOf(one.targetGroupArn)}:${one.weight}`);
    return `${shortOf(ruleArn)}=${parts.join(',')}`;
  });
  return [writtenAt, ...words].join(' ');
}

/** What the tag says; null for a value that is none of ours. */
export function readWeightsTag(serverGroup: string, value: string): RecordedWeights | null {
  const [writtenAt = '', ...words] = value.split(' ');
  if (!isIsoTime(writtenAt)) return null;
  const rules = words.map((word) => {
    const [rule = '', text = ''] = word.split('=');
    const weights = text.split(',').map((part) => {
      const [group = '', weight = ''] = part.split(':');
      return [group, Number(weight)] as const;
    });
    return [rule, Object.fromEntries(weights)] as const;
  });
  return { serverGroup, writtenAt, rules: Object.fromEntries(rules) };
}

/** The value of {@link warmTagKey}. */
export function warmTagValue({ until, instancesMin }: WarmRecord): string {
  return `${until} min=${instancesMin}`;
}

/** What the tag says; null for a value that is none of ours. */
export function readWarmTag(value: string): WarmRecord | null {
  const [, until = '', min = ''] = /^(\S+) min=(\d+)$/.exec(value) ?? [];
  return isIsoTime(until) ? { until, instancesMin: Number(min) } : null;
}

/**
 * Whether the rule has the weights that were written last; null where nothing is recorded of it. A target group that the
 * record does not name and that gets nothing is no difference: it was added at weight 0 since, or taken out.
 */
export function isAsRecorded(rule: ListenerRule, recorded: RecordedWeights | null): boolean | null {
  const known = recorded?.rules[shortOf(rule.arn)];
  if (known === undefined) return null;
  const now = weightsOf(rule).filter((one) => one.weight > 0);
  const then = Object.entries(known)
    .filter(([, weight]) => weight > 0)
    .map(([targetGroupArn, weight]) => ({ targetGroupArn, weight }));
  return isSameWeights(
    now.map(({ targetGroupArn, weight }) => ({ targetGroupArn: shortOf(targetGroupArn), weight })),
    then,
  );
}

/** The recorded weights of the rule in words, with the names of the target groups that are known. */
export function recordedInWords(
  rule: ListenerRule,
  recorded: RecordedWeights,
  targetGroupArns: readonly string[],
): string {
  const placeOf = (short: string) => targetGroupArns.findIndex((arn) => shortOf(arn) === short);
  const known = Object.entries(recorded.rules[shortOf(rule.arn)] ?? {});
  const words = known
    .toSorted(([one], [other]) => placeOf(one) - placeOf(other))
    .map(([short, weight]) => {
      const arn = targetGroupArns[placeOf(short)];
      return `${arn === undefined ? short : targetGroupName(arn)} ${weight}`;
    });
  return words.join(', ');
}

/** ELBv2 ids are 16 hexadecimal digits at the end of an ARN; half of them tell the few of one stage apart. */
function shortOf(arn: string): string {
  return arn.slice(-8);
}

function isIsoTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);
}

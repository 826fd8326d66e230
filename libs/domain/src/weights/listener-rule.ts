import type { JsonObject } from '../json.js';

/**
 * One listener rule (ELBv2 rule) by its ARN, or the default action of a listener by the listener's ARN: AWS gives the
 * default action a rule ARN too, but changes it with ModifyListener only.
 */
export interface RuleRef {
  readonly account: string;
  readonly region: string;
  readonly arn: string;
}

/** One target group of a forward action with its weight, 0 to 999 (ELBv2 TargetGroupTuple). */
export interface TargetGroupWeight {
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** A rule as AWS has it now, as plain data: what a write has to leave as it is, and the weights that it may change. */
export interface ListenerRule {
  /** As in {@link RuleRef}. */
  readonly arn: string;
  readonly listenerArn: string;
  /** A number in words, or `default`. */
  readonly priority: string;
  readonly conditions: readonly JsonObject[];
  readonly transforms: readonly JsonObject[];
  /** In the order in which they are performed; never a client secret. */
  readonly actions: readonly RuleAction[];
  /** Fields of its actions that this release does not know and a write would lose, by their path on the wire. */
  readonly unknownFields: readonly string[];
}

export type RuleAction = ForwardAction | OtherAction;

export interface ForwardAction {
  readonly kind: 'forward';
  readonly order: number | null;
  readonly targetGroups: readonly TargetGroupWeight[];
  /** TargetGroupStickinessConfig: a client stays with its target group whatever the weights say. */
  readonly stickiness: { readonly enabled: boolean; readonly durationSeconds: number | null };
}

/** Any action that is no forward, with its settings as AWS shows them. */
export interface OtherAction {
  readonly kind: 'other';
  readonly type: string;
  readonly order: number | null;
  readonly settings: JsonObject;
}

/** Actions that a write gives back as they are; AWS keeps an OIDC client secret when it is told so. */
const writableTypes: readonly string[] = [
  'authenticate-cognito',
  'authenticate-oidc',
  'jwt-validation',
];

/** The rule's forward action; undefined where it answers or redirects by itself. */
export function findForward(rule: ListenerRule): ForwardAction | undefined {
  return rule.actions.find((action) => action.kind === 'forward');
}

/** The weights of the rule's forward action, by target group; empty where it has none. */
export function weightsOf(rule: ListenerRule): readonly TargetGroupWeight[] {
  return findForward(rule)?.targetGroups ?? [];
}

/** The weight of one target group in the rule; undefined where the rule does not name it. */
export function findWeight(rule: ListenerRule, targetGroupArn: string): number | undefined {
  return weightsOf(rule).find((one) => one.targetGroupArn === targetGroupArn)?.weight;
}

/** The rules that forward to one of the target groups, whatever its weight. */
export function rulesForwardingTo(
  rules: readonly ListenerRule[],
  targetGroupArns: readonly string[],
): readonly ListenerRule[] {
  return rules.filter((rule) =>
    weightsOf(rule).some((one) => targetGroupArns.includes(one.targetGroupArn)),
  );
}

/** The rules, by ARN, in which one of the target groups has a weight above 0: emptying it would lose requests. */
export function rulesSendingTo(
  rules: readonly ListenerRule[],
  targetGroupArns: readonly string[],
): readonly string[] {
  return rules
    .filter((rule) =>
      weightsOf(rule).some((one) => one.weight > 0 && targetGroupArns.includes(one.targetGroupArn)),
    )
    .map((rule) => rule.arn);
}

/**
 * Why the weights of the rule cannot be written without losing something of it, in words that name it; null when they
 * can. ModifyRule and ModifyListener replace all actions at once, so every one of them must be understood.
 */
export function unwritableBecause(rule: ListenerRule): string | null {
  const unknown = rule.unknownFields;
  if (unknown.length > 0)
    return `its actions have fields that this release does not know: ${unknown.join(', ')}`;
  const strange = rule.actions.find(
    (action) => action.kind === 'other' && !writableTypes.includes(action.type),
  );
  if (strange?.kind === 'other') return `it has an action of type ${strange.type}`;
  const forwards = rule.actions.filter((action) => action.kind === 'forward').length;
  return forwards === 1 ? null : `it has ${forwards} forward actions`;
}

/** Whether the ARN is a listener's: the rule meant is then its default action. */
export function isListenerArn(arn: string): boolean {
  return /:listener\//.test(arn);
}

/** The name in a target group's ARN; the text itself where it is none. */
export function targetGroupName(targetGroupArn: string): string {
  return /:targetgroup\/([^/]+)\//.exec(targetGroupArn)?.[1] ?? targetGroupArn;
}

/** A rule in words for people: the listener's default action, or the rule by its last ids. */
export function ruleName(arn: string): string {
  const [, kind, name, ids] = /:(listener(?:-rule)?)\/[a-z]+\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (kind === undefined || name === undefined || ids === undefined) return arn;
  const last = ids.split('/').slice(1).join('/');
  return kind === 'listener' ? `default action of ${name}/${last}` : `rule ${name}/${last}`;
}

/** Weights in words, such as `web-blue 90, web-green 10`. */
export function weightsInWords(weights: readonly TargetGroupWeight[]): string {
  return weights
    .map(({ targetGroupArn, weight }) => `${targetGroupName(targetGroupArn)} ${weight}`)
    .join(', ');
}

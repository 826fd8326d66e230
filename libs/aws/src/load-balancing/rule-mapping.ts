import type { Action, Rule, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Json, JsonObject, ListenerRule, RuleAction } from '@gennaker/domain';
import { requiredField } from '../calling/required-field.js';

/** A rule of a listener as domain data; the listener's default one has the listener's ARN. */
export function ruleView(
  rule: Rule,
  listenerArn: string,
  unknownFields: readonly string[] = [],
): ListenerRule {
  const isDefault = rule.IsDefault === true;
  return {
    arn: isDefault ? listenerArn : requiredField(rule.RuleArn, 'RuleArn'),
    listenerArn,
    priority: isDefault ? 'default' : requiredField(rule.Priority, 'Priority'),
    conditions: (rule.Conditions ?? []).map(conditionView),
    transforms: (rule.Transforms ?? []).map((transform) => jsonObject({ ...transform })),
    actions: actionViews(rule.Actions ?? []),
    unknownFields,
  };
}

/** The listener of a rule, from the rule's ARN (ELBv2: `listener-rule/…/listener id/rule id`). */
export function listenerArnOf(ruleArn: string): string {
  return ruleArn.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '');
}

function actionViews(actions: readonly Action[]): readonly RuleAction[] {
  return actions.toSorted((one, other) => (one.Order ?? 1) - (other.Order ?? 1)).map(actionView);
}

function actionView(action: Action): RuleAction {
  const { Type, Order, TargetGroupArn, ForwardConfig, ...settings } = action;
  const type = requiredField(Type, 'Type');
  const order = Order ?? null;
  if (type !== 'forward') {
    const shown = { ...settings, ...withoutSecret(settings.AuthenticateOidcConfig) };
    return { kind: 'other', type, order, settings: jsonObject(shown) };
  }
  const tuples = ForwardConfig?.TargetGroups ?? [];
  const named = tuples.length === 0 ? [{ TargetGroupArn, Weight: undefined }] : tuples;
  const stickiness = ForwardConfig?.TargetGroupStickinessConfig;
  return {
    kind: 'forward',
    order,
    targetGroups: named.map((tuple) => ({
      targetGroupArn: requiredField(tuple.TargetGroupArn, 'TargetGroupArn'),
      weight: tuple.Weight ?? 1,
    })),
    stickiness: {
      enabled: stickiness?.Enabled ?? false,
      durationSeconds: stickiness?.DurationSeconds ?? null,
    },
  };
}

/** AWS does not show the secret; should it do so one day, it goes no further. */
function withoutSecret(config: Action['AuthenticateOidcConfig']) {
  if (config === undefined) return {};
  const { ClientSecret: _secret, UseExistingClientSecret: _use, ...shown } = config;
  return { AuthenticateOidcConfig: shown };
}

/** AWS shows the values of a condition twice, in `Values` and in the field's own configuration; both are kept. */
function conditionView(condition: RuleCondition): JsonObject {
  return jsonObject({ ...condition });
}

/** What the SDK gives is plain data; what is absent is left out. */
function jsonObject(value: object): JsonObject {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, jsonOf(item)]));
}

function jsonOf(value: unknown): Json {
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value === 'object' && value !== null) return jsonObject(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  return null;
}

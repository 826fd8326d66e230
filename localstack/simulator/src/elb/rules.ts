import type {
  CreateRuleInput,
  CreateRuleOutput,
  DeleteRuleInput,
  DescribeRulesInput,
  DescribeRulesOutput,
  ModifyRuleInput,
  ModifyRuleOutput,
  Rule,
  SetRulePrioritiesInput,
  SetRulePrioritiesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { actionView, checkedActions, targetGroupsOf } from './actions.js';
import { checkedConditions, conditionView } from './conditions.js';
import { setElbTags } from './elb-tags.js';
import { getListener, placeOf } from './listeners.js';
import { QUOTAS, requireRoom } from './quotas.js';
import type { ListenerRecord, RuleRecord } from './records.js';
import { refreshUse } from './target-health.js';

const PRIORITY_MAX = 50_000;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
export const ruleHandlers: Handlers = {
  CreateRule: ({ scope }: Call, input: CreateRuleInput): CreateRuleOutput => {
    const listener = getListener(scope, input.ListenerArn);
    const conditions = checkedConditions(input.Conditions);
    const priority = checkedPriority(input.Priority);
    const actions = checkedActions(scope, input.Actions, placeOf(scope, listener));
    requireFree(rulesOf(scope, listener.arn), priority);
    requireRoom('TooManyRules', {
      there: rulesOfLoadBalancer(scope, listener.loadBalancerArn),
      added: 1,
      max: QUOTAS.rulesPerLoadBalancer,
    });
    const arn = `${listener.arn.replace(':listener/', ':listener-rule/')}/${scope.world.nextHex(16)}`;
    const rule = { arn, listenerArn: listener.arn, priority, conditions, actions };
    scope.tables.rules.put(arn, rule);
    setElbTags(scope, arn, input.Tags);
    for (const group of targetGroupsOf(actions)) refreshUse(scope, group);
    return { Rules: [ruleView(rule)] };
  },
  ModifyRule: ({ scope }: Call, input: ModifyRuleInput): ModifyRuleOutput => {
    const before = getRule(scope, input.RuleArn, 'modified');
    const place = placeOf(scope, getListener(scope, before.listenerArn));
    const after: RuleRecord = {
      ...before,
      conditions:
        input.Conditions === undefined ? before.conditions : checkedConditions(input.Conditions),
      actions:
        input.Actions === undefined
          ? before.actions
          : checkedActions(scope, input.Actions, { ...place, before: before.actions }),
    };
    scope.tables.rules.put(after.arn, after);
    for (const group of new Set([
      ...targetGroupsOf(before.actions),
      ...targetGroupsOf(after.actions),
    ]))
      refreshUse(scope, group);
    return { Rules: [ruleView(after)] };
  },
  DeleteRule: ({ scope }: Call, input: DeleteRuleInput) => {
    deleteRule(scope, getRule(scope, input.RuleArn, 'deleted'));
    return {};
  },
  SetRulePriorities: ({ scope }: Call, input: SetRulePrioritiesInput): SetRulePrioritiesOutput => {
    const pairs = (input.RulePriorities ?? []).map(({ RuleArn: arn, Priority: priority }) => ({
      rule: getRule(scope, arn, 'modified'),
      priority: checkedPriority(priority),
    }));
    const listeners = new Set(pairs.map(({ rule }) => rule.listenerArn));
    if (listeners.size > 1)
      throw validationError('Rules of different listeners cannot be changed together');
    if (new Set(pairs.map(({ priority }) => priority)).size < pairs.length)
      throw validationError('A priority cannot be given to several rules');
    const moved = new Set(pairs.map(({ rule }) => rule.arn));
    const others = rulesOf(scope, [...listeners][0] ?? '').filter(({ arn }) => !moved.has(arn));
    for (const { priority } of pairs) requireFree(others, priority);
    for (const { rule, priority } of pairs) scope.tables.rules.update(rule.arn, { priority });
    return { Rules: pairs.map(({ rule, priority }) => ruleView({ ...rule, priority })) };
  },
  DescribeRules: ({ scope, reading }: Call, input: DescribeRulesInput): DescribeRulesOutput => {
    if ((input.ListenerArn === undefined) === (input.RuleArns === undefined))
      throw validationError('You must specify either listener or rule ARNs, and not both');
    const rows =
      input.RuleArns?.map((arn) => findShown(scope, arn)) ??
      allRules(getListener(scope, input.ListenerArn), scope);
    const page = reading.page({
      rows,
      key: ({ RuleArn: arn = '' }) => arn,
      token: input.Marker,
      limit: input.PageSize,
      max: 400,
    });
    return { Rules: [...page.items], NextMarker: page.nextToken };
  },
};

/** The rules of a listener but its default one, first the one that is looked at first. */
export function rulesOf(scope: Scope, listenerArn: string): readonly RuleRecord[] {
  return scope.tables.rules
    .where('listener', listenerArn)
    .toSorted((a, b) => a.priority - b.priority);
}

function deleteRule(scope: Scope, rule: RuleRecord): void {
  scope.tables.rules.delete(rule.arn);
  scope.tables.elbTags.delete(rule.arn);
  for (const group of targetGroupsOf(rule.actions)) refreshUse(scope, group);
}

function getRule(scope: Scope, arn: string | undefined, change: string): RuleRecord {
  const rule = scope.tables.rules.find(arn ?? '');
  if (rule !== undefined) return rule;
  if (scope.tables.listeners.all().some((listener) => defaultRuleArn(listener) === arn))
    throw new AwsError('OperationNotPermitted', `Default rule '${arn}' cannot be ${change}`);
  throw new AwsError('RuleNotFound', `One or more rules not found`);
}

function findShown(scope: Scope, arn: string): Rule {
  const rule = scope.tables.rules.find(arn);
  if (rule !== undefined) return ruleView(rule);
  const listener = scope.tables.listeners.all().find((row) => defaultRuleArn(row) === arn);
  if (listener === undefined) throw new AwsError('RuleNotFound', `One or more rules not found`);
  return defaultRuleView(listener);
}

function allRules(listener: ListenerRecord, scope: Scope): readonly Rule[] {
  return [...rulesOf(scope, listener.arn).map(ruleView), defaultRuleView(listener)];
}

function rulesOfLoadBalancer(scope: Scope, loadBalancerArn: string): number {
  const listeners = scope.tables.listeners.where('loadBalancer', loadBalancerArn);
  return listeners.reduce((sum, { arn }) => sum + rulesOf(scope, arn).length, 0);
}

function checkedPriority(priority: number | undefined): number {
  if (
    !Number.isInteger(priority) ||
    priority === undefined ||
    priority < 1 ||
    priority > PRIORITY_MAX
  )
    throw validationError(`Priority '${priority}' must be between '1' and '${PRIORITY_MAX}'`);
  return priority;
}

function requireFree(rules: readonly RuleRecord[], priority: number): void {
  if (rules.some((rule) => rule.priority === priority))
    throw new AwsError('PriorityInUse', `Priority '${priority}' is currently in use`);
}

function ruleView({ arn, priority, conditions, actions }: RuleRecord): Rule {
  return {
    RuleArn: arn,
    Priority: String(priority),
    Conditions: conditions.map(conditionView),
    Actions: actions.map(actionView),
    IsDefault: false,
  };
}

/** The default rule is the listener's own actions; its ARN follows from the listener's. */
function defaultRuleView(listener: ListenerRecord): Rule {
  return {
    RuleArn: defaultRuleArn(listener),
    Priority: 'default',
    Conditions: [],
    Actions: listener.actions.map(actionView),
    IsDefault: true,
  };
}

function defaultRuleArn({ arn }: ListenerRecord): string {
  return `${arn.replace(':listener/', ':listener-rule/')}/${arn.slice(-16).split('').toReversed().join('')}`;
}

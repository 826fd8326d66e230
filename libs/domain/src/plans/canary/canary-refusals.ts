import type { CanaryStrategy } from '../../canary/canary-strategy.js';
import { GennakerError } from '../../errors.js';
import type { JsonObject } from '../../json.js';
import {
  findForward,
  ruleName,
  targetGroupName,
  unwritableBecause,
  weightsOf,
  type ListenerRule,
} from '../../weights/listener-rule.js';
import type { ServerGroupView } from '../../groups/cluster.js';
import { rulesPerStageMax } from '../../weights/recorded-weights.js';
import type { CanaryExpectation, CanaryFacts } from './canary-facts.js';
import { healthAliasWarnings } from '../health-aliases.js';
import { inServiceCount } from '../source-of.js';
import type { StrategyFacts } from '../strategy-plan.js';

/** What a canary needs and has, once it was not refused. */
export interface CanaryGround {
  readonly source: ServerGroupView;
  readonly targetGroupArn: string;
  readonly rules: readonly ListenerRule[];
}

/**
 * What a canary stands on. Throws INVALID_REQUEST in words: no serving source with its image, not exactly one target group,
 * a rule that splits already or could not be written back, or a step that would show too little.
 */
export function canaryGround(
  { source, target }: StrategyFacts,
  strategy: CanaryStrategy,
  { rules, expectations }: CanaryFacts,
): CanaryGround {
  if (source === null || !source.enabled || inServiceCount(source) === 0) {
    throw refusal('no server group serves that it could be compared with: use redBlack', {});
  }
  if (strategy.baseline !== 'running' && source.imageId === null) {
    const why = `the image of ${source.name} is not known, so no fresh baseline can be made`;
    throw refusal(`${why}: use baseline running`, { serverGroup: source.name });
  }
  const [targetGroupArn, ...others] = target.targetGroupArns;
  if (targetGroupArn === undefined || others.length > 0) {
    const count = target.targetGroupArns.length;
    throw refusal(
      `${source.name} has ${count} target groups, and shares of requests are set for exactly one`,
      { targetGroupArns: [...target.targetGroupArns] },
    );
  }
  refuseRules(rules, targetGroupArn);
  refuseOtherRules(rules, strategy);
  if (strategy.acceptTooLittleTraffic !== true) refuseTooLittle(strategy, expectations);
  return { source, targetGroupArn, rules };
}

function refuseRules(rules: readonly ListenerRule[], targetGroupArn: string): void {
  const name = targetGroupName(targetGroupArn);
  if (rules.length === 0) {
    throw refusal(`no listener rule of an application load balancer forwards to ${name}`, {});
  }
  if (rules.length > rulesPerStageMax) {
    throw refusal(`${rules.length} rules forward to ${name}, at most ${rulesPerStageMax}`, {});
  }
  const faults = rules.flatMap((rule) => {
    const reason =
      unweightedBecause(rule) ?? unwritableBecause(rule) ?? sharedBecause(rule, targetGroupArn);
    return reason === null ? [] : [`the ${ruleName(rule.arn)}: ${reason}`];
  });
  if (faults.length === 0) return;
  throw refusal(
    `every rule that forwards to ${name} must send it all of its requests, and its weights must be ours to write: ${faults.join('; ')}`,
    { ruleArns: rules.map((rule) => rule.arn) },
  );
}

/** What is locked must be what is changed. */
function refuseOtherRules(
  rules: readonly ListenerRule[],
  { ruleArns: named }: CanaryStrategy,
): void {
  if (named === undefined) return;
  const found = rules.map(({ arn }) => arn);
  const unnamed = found.filter((arn) => !named.includes(arn));
  const strange = named.filter((arn) => !found.includes(arn));
  if (unnamed.length + strange.length === 0) return;
  const faults = [
    ...unnamed.map((arn) => `the ${ruleName(arn)} forwards to the source and is not in ruleArns`),
    ...strange.map(
      (arn) => `the ${ruleName(arn)} is in ruleArns and does not forward to the source`,
    ),
  ];
  throw refusal(faults.join('; '), { unnamed, strange });
}

/** Weights and the metrics that are compared: both are the application load balancer's. */
function unweightedBecause({ arn }: ListenerRule): string | null {
  return /:listener(-rule)?\/app\//.test(arn) ? null : 'it is not of an application load balancer';
}

/** Shares can only be planned where the source has all: what others get would not be split as planned. */
function sharedBecause(rule: ListenerRule, targetGroupArn: string): string | null {
  const weights = weightsOf(rule);
  const others = weights.filter((one) => one.weight > 0 && one.targetGroupArn !== targetGroupArn);
  if (others.length > 0) {
    return `it sends requests to ${others.map((one) => targetGroupName(one.targetGroupArn)).join(', ')} too`;
  }
  return weights.some(({ weight }) => weight > 0) ? null : 'its weight is 0';
}

function refuseTooLittle(
  { steps }: CanaryStrategy,
  expectations: readonly CanaryExpectation[],
): void {
  const faults = steps.flatMap(({ weightPercent }, index) => {
    const expected = expectations[index];
    if (expected === undefined || expected.enough !== false) return [];
    return [`step ${weightPercent} %: ${expected.reason}`];
  });
  if (faults.length === 0) return;
  throw refusal(
    `the last day's traffic is too little to judge by. ${faults.join('. ')}. Change share or duration, lower ` +
      'analysis.requestsMin or pointsMin, or accept it by acceptTooLittleTraffic',
    { faults },
  );
}

/** Things a person should know: what each step can show, and clients that stay with their target group. */
export function canaryWarnings(
  { steps }: CanaryStrategy,
  { rules, expectations, loadBalancers, aliases }: CanaryFacts,
): readonly string[] {
  const sticky = rules.filter((rule) => findForward(rule)?.stickiness.enabled === true);
  return [
    ...steps.flatMap(({ weightPercent }, index) => {
      const expected = expectations[index];
      return expected === undefined ? [] : [`Step ${weightPercent} %: ${expected.reason}.`];
    }),
    ...sticky.map(
      (rule) =>
        `Clients of the ${ruleName(rule.arn)} stay with their target group for a while, whatever its weight: shares are ` +
        'reached late, and an analysis may find the split not as planned.',
    ),
    ...healthAliasWarnings({
      empty: ['The temporary target groups are empty before their fleets come and after they go'],
      loadBalancers,
      aliases,
    }),
  ];
}

function refusal(why: string, details: JsonObject): GennakerError {
  return new GennakerError('INVALID_REQUEST', `A canary cannot be planned: ${why}.`, { details });
}

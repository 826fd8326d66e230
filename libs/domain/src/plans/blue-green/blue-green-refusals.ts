import { GennakerError } from '../../errors.js';
import {
  findWeight,
  ruleName,
  targetGroupName,
  unwritableBecause,
  weightsInWords,
  weightsOf,
  type ListenerRule,
} from '../../weights/listener-rule.js';
import type { BlueGreenStrategy } from '../../pipeline/pipeline.js';
import { isAsRecorded, recordedInWords } from '../../weights/recorded-weights.js';
import type { WeightFacts } from './weight-facts.js';

/** What may be wrong with the rules and load balancers of a switch by weights. */
export interface WeightedStage {
  readonly refId: string;
  readonly strategy: Pick<BlueGreenStrategy, 'targetGroupArns' | 'ruleArns' | 'acceptWeights'>;
}

/**
 * Nothing is begun where the weights of the rules could not be changed, or not changed alone: a load balancer without
 * weights, a named rule that is not there or forwards elsewhere, too, one that the stage does not name, one that cannot be
 * written back. Throws INVALID_REQUEST naming it, with what to do.
 */
export function refuseRules({ refId, strategy }: WeightedStage, facts: WeightFacts): void {
  const { targetGroupArns, ruleArns } = strategy;
  const colours = targetGroupArns.map(targetGroupName).join(' and ');
  const without = facts.loadBalancers.filter(({ type }) => type !== 'application');
  if (without.length > 0) {
    throw invalid(
      `${without.map(({ name, type }) => `${name} (${type})`).join(', ')} cannot be switched by weights here, only application ` +
        'load balancers can, since connections of a network load balancer stay where they are for up to an hour after it: use ' +
        'the strategy redBlack, which moves registration.',
      { loadBalancers: without.map(({ name }) => name) },
    );
  }
  const missing = ruleArns.filter((arn) => !facts.rules.some((rule) => rule.arn === arn));
  if (missing.length > 0) {
    throw invalid(
      `Stage ${refId} names rules that are not there: ${missing.join(', ')}. The default action of a listener goes by ` +
        "the listener's own ARN. Correct ruleArns.",
      { ruleArns: missing },
    );
  }
  const unnamed = facts.rules.filter((rule) => !ruleArns.includes(rule.arn));
  if (unnamed.length > 0) {
    throw invalid(
      `Stage ${refId} does not name every rule that forwards to ${colours}: ${listed(unnamed)} would keep its requests ` +
        'where they are. Add it to ruleArns, or take the target groups out of it.',
      { ruleArns: unnamed.map((rule) => rule.arn) },
    );
  }
  for (const rule of facts.rules) refuseRule(rule, targetGroupArns);
}

function refuseRule(rule: ListenerRule, targetGroupArns: readonly string[]): void {
  const reason = unwritableBecause(rule);
  if (reason !== null) {
    throw invalid(`The weights of the ${ruleName(rule.arn)} cannot be changed: ${reason}.`, {
      ruleArn: rule.arn,
    });
  }
  const others = weightsOf(rule)
    .map((one) => one.targetGroupArn)
    .filter((arn) => !targetGroupArns.includes(arn));
  if (others.length > 0) {
    throw invalid(
      `The ${ruleName(rule.arn)} forwards to ${others.map(targetGroupName).join(', ')}, too, which is none of the ` +
        "stage's target groups: its requests are not this deploy's to move. Take it out of the rule first.",
      { ruleArn: rule.arn, targetGroupArns: others },
    );
  }
}

/**
 * Weights that somebody else has written since are named and refused, and so is a share of the idle target group, unless the
 * stage accepts exactly these weights. Throws CHANGED_BY_SOMEONE_ELSE.
 */
export function refuseForeignWeights(
  { refId, strategy }: WeightedStage,
  facts: WeightFacts,
  colours: { readonly idle: string },
): void {
  const accepted = strategy.acceptWeights ?? [];
  const foreign = facts.rules.flatMap((rule) => {
    const words = ruleWeightsInWords(rule, strategy.targetGroupArns);
    const idle = { arn: colours.idle, targetGroupArns: strategy.targetGroupArns };
    const why = foreignBecause(rule, facts, idle);
    return why === null || accepted.includes(words) ? [] : [{ rule, words, why }];
  });
  if (foreign.length === 0) return;
  throw new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `Stage ${refId} was not begun: ${foreign
      .map(({ rule, words, why }) => `the ${ruleName(rule.arn)} has the weights "${words}", ${why}`)
      .join('; ')}. Set them right, or accept them as they are written here by acceptWeights.`,
    {
      details: {
        rules: foreign.map(({ rule, words }) => ({ ruleArn: rule.arn, weights: words })),
      },
    },
  );
}

/** The weights as a stage accepts them: in the order of its target groups. */
export function ruleWeightsInWords(rule: ListenerRule, targetGroupArns: readonly string[]): string {
  const placeOf = (arn: string) => targetGroupArns.indexOf(arn);
  return weightsInWords(
    weightsOf(rule).toSorted(
      (one, other) => placeOf(one.targetGroupArn) - placeOf(other.targetGroupArn),
    ),
  );
}

function foreignBecause(
  rule: ListenerRule,
  { recorded }: WeightFacts,
  idle: { readonly arn: string; readonly targetGroupArns: readonly string[] },
): string | null {
  if (recorded !== null && isAsRecorded(rule, recorded) === false) {
    const then = recordedInWords(rule, recorded, idle.targetGroupArns);
    return `and "${then}" were written last (${recorded.writtenAt}, for ${recorded.serverGroup})`;
  }
  return (findWeight(rule, idle.arn) ?? 0) > 0
    ? `which send requests to ${targetGroupName(idle.arn)}, too`
    : null;
}

function listed(rules: readonly ListenerRule[]): string {
  return rules.map((rule) => `the ${ruleName(rule.arn)} (${rule.arn})`).join(', ');
}

function invalid(message: string, details: Record<string, string | string[]>): GennakerError {
  return new GennakerError('INVALID_REQUEST', message, { details });
}

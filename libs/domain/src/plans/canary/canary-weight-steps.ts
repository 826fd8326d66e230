import type { ClusterRef } from '../../groups/cluster.js';
import {
  ruleName,
  weightsOf,
  type ListenerRule,
  type TargetGroupWeight,
} from '../../weights/listener-rule.js';
import type { WeightGuard } from '../../weights/rule-change.js';
import { canaryWeights, type CanaryFleet, type CanaryFleets } from './canary-arms.js';
import type { PlannedRuleUndo, PlanStep } from '../plan-step.js';
import { subjectIn } from '../steps.js';

/** A canary's way through the weights of the rules that forward to the source. */
export interface CanaryWay {
  readonly cluster: ClusterRef;
  /** As they were read: each sends the source's target group all of its requests. */
  readonly rules: readonly ListenerRule[];
  readonly fleets: CanaryFleets;
  /** The canary's shares, rising. */
  readonly percents: readonly number[];
  /** Instances that the canary, and the fresh baseline, must have healthy before they get more requests. */
  readonly instancesHealthyMin: number;
  /** Instances that the source must have healthy before it gets all requests back, unless the canary has fewer. */
  readonly runningHealthyMin: number;
}

/** Ids of the steps that {@link restSteps} and the first {@link shareSteps} are, and of what undoes them. */
export function weightStepIds({ rules, percents }: CanaryWay): {
  readonly rest: readonly string[];
  readonly shares: readonly string[];
} {
  return {
    rest: rules.map((_rule, index) => idOf('attach', rules, index)),
    shares: rules.map((_rule, index) => idOf(`weights:${percents[0] ?? 0}`, rules, index)),
  };
}

/** The temporary target groups join the rules at weight 0: only then are their targets health-checked. */
export function attachSteps(way: CanaryWay): readonly PlanStep[] {
  const { cluster, rules, fleets } = way;
  return rules.map((rule, index) => {
    const before = weightsOf(rule);
    const weights = restWeights(way, rule);
    const undo: PlannedRuleUndo = {
      title: `Take the temporary target groups out of the ${ruleName(rule.arn)} again`,
      change: { captured: rule, weights: before, expected: [weights] },
      guards: [],
    };
    return {
      id: idOf('attach', rules, index),
      operation: 'setRuleWeights',
      title: `Add the temporary target groups to the ${ruleName(rule.arn)} at weight 0`,
      subject: subjectIn(cluster, fleets.running.serverGroup),
      rule: { account: cluster.account, region: cluster.region, arn: rule.arn },
      change: { captured: rule, weights, expected: [before] },
      guards: [],
      undo,
    };
  });
}

/** The steps, one a rule, that set the share number `index`; the first ones carry what undoes the whole way. */
export function shareSteps(way: CanaryWay, index: number): readonly PlanStep[] {
  const { cluster, rules, fleets, percents } = way;
  const percent = percents[index];
  if (percent === undefined) return [];
  const before = percents[index - 1];
  return rules.map((rule, place) => ({
    id: idOf(`weights:${percent}`, rules, place),
    operation: 'setRuleWeights',
    title: `Give ${percent} % of the requests of the ${ruleName(rule.arn)} to ${fleets.canary.serverGroup}${besides(way, percent)}`,
    subject: subjectIn(cluster, fleets.canary.serverGroup),
    rule: { account: cluster.account, region: cluster.region, arn: rule.arn },
    change: {
      captured: rule,
      weights: canaryWeights(fleets, rule, percent),
      expected: [
        before === undefined ? restWeights(way, rule) : canaryWeights(fleets, rule, before),
      ],
    },
    guards: risingGuards(way),
    undo: index === 0 ? undoOf(way, rule) : null,
  }));
}

function besides({ fleets }: CanaryWay, percent: number): string {
  return fleets.fresh === null ? '' : `, and ${percent} % to ${fleets.fresh.serverGroup}`;
}

/** Nothing for the temporary ones; the source's target group keeps the number that it has. */
function restWeights({ fleets }: CanaryWay, rule: ListenerRule): readonly TargetGroupWeight[] {
  const temporary = [fleets.canary, ...(fleets.fresh === null ? [] : [fleets.fresh])];
  return [
    ...weightsOf(rule),
    ...temporary.map(({ targetGroupArn }) => ({ targetGroupArn, weight: 0 })),
  ];
}

function risingGuards({ fleets, instancesHealthyMin }: CanaryWay): readonly WeightGuard[] {
  const guard = ({ serverGroup, targetGroupArn }: CanaryFleet): WeightGuard => ({
    targetGroupArn,
    serverGroup,
    instancesHealthyMin,
  });
  return [guard(fleets.canary), ...(fleets.fresh === null ? [] : [guard(fleets.fresh)])];
}

function undoOf(way: CanaryWay, rule: ListenerRule): PlannedRuleUndo {
  const { fleets, percents, runningHealthyMin } = way;
  return {
    title: `Give the requests of the ${ruleName(rule.arn)} back to ${fleets.running.serverGroup}`,
    change: {
      captured: rule,
      weights: restWeights(way, rule),
      expected: percents.map((percent) => canaryWeights(fleets, rule, percent)),
    },
    guards: [
      {
        targetGroupArn: fleets.running.targetGroupArn,
        serverGroup: fleets.running.serverGroup,
        instancesHealthyMin: runningHealthyMin,
        relieves: fleets.canary.serverGroup,
      },
    ],
  };
}

/** Several rules are told apart by their place. */
function idOf(id: string, rules: readonly ListenerRule[], index: number): string {
  return rules.length === 1 ? id : `${id}:${index + 1}`;
}

import type { ClusterRef } from '../../groups/cluster.js';
import {
  findWeight,
  ruleName,
  targetGroupName,
  weightsOf,
  type ListenerRule,
  type TargetGroupWeight,
} from '../../weights/listener-rule.js';
import type { WeightGuard } from '../../weights/rule-change.js';
import { isSameWeights, weightPercentMax, weightsAtPercent } from '../../weights/rule-weights.js';
import type { PlannedRuleUndo, PlanStep } from '../plan-step.js';
import { subjectIn } from '../steps.js';

/** One of the two target groups of a switch, and the server group that stands behind it. */
export interface WeightSide {
  readonly targetGroupArn: string;
  readonly serverGroup: string;
  /** Instances that must be healthy before requests are given back to it, unless the other has fewer. */
  readonly instancesHealthyMin: number;
}

/** A switch of requests from one target group to another by the weights of some rules. */
export interface WeightSwitch {
  readonly cluster: ClusterRef;
  /** As they were read, before any change. */
  readonly rules: readonly ListenerRule[];
  /** What serves. */
  readonly from: WeightSide;
  /** What takes over. */
  readonly to: WeightSide;
}

/** What the side whose share rises must have, besides its names. */
export type MoveGuard = Omit<WeightGuard, 'targetGroupArn' | 'serverGroup'>;

/** The way from nothing to a share, in percent of the requests of each rule. */
export interface WeightWay {
  /** Shares of the side that takes over, in the order in which they are set, each 1 to 100. */
  readonly percents: readonly number[];
  readonly guard: MoveGuard;
}

/** The weights at which the side that takes over gets nothing: what serves keeps the number that it has. */
export function restWeights(
  rule: ListenerRule,
  toTargetGroupArn: string,
): readonly TargetGroupWeight[] {
  const others = weightsOf(rule).filter((one) => one.targetGroupArn !== toTargetGroupArn);
  return [...others, { targetGroupArn: toTargetGroupArn, weight: 0 }];
}

/**
 * Brings every rule to {@link restWeights}, so that the new fleet is health-checked and gets no request: no step for a rule
 * that has them. The undo takes a target group that was added out again; a weight above 0 that was accepted stays 0.
 */
export function restSteps(move: WeightSwitch): readonly PlanStep[] {
  const { cluster, rules, from, to } = move;
  return rules.flatMap((rule, index): readonly PlanStep[] => {
    const before = weightsOf(rule);
    const weights = restWeights(rule, to.targetGroupArn);
    if (isSameWeights(before, weights)) return [];
    const colour = targetGroupName(to.targetGroupArn);
    const had = findWeight(rule, to.targetGroupArn);
    const undo: PlannedRuleUndo | null =
      had === undefined
        ? {
            title: `Take ${colour} out of the ${ruleName(rule.arn)} again`,
            change: { captured: rule, weights: before, expected: [weights] },
            guards: [],
          }
        : null;
    return [
      {
        id: idOf('colour', rules, index),
        operation: 'setRuleWeights',
        title:
          had === undefined
            ? `Add ${colour} to the ${ruleName(rule.arn)} at weight 0`
            : `Set ${colour} from weight ${had} to 0 in the ${ruleName(rule.arn)}`,
        subject: subjectIn(cluster, from.serverGroup),
        rule: refOf(cluster, rule),
        change: { captured: rule, weights, expected: [before] },
        guards: had === undefined ? [] : [backGuard(move)],
        undo,
      },
    ];
  });
}

/**
 * The steps, one a rule, that set the share number `index` of the way. The first share's carry what undoes all of the way:
 * the weights at rest, from any state that the way can be in.
 */
export function moveSteps(move: WeightSwitch, way: WeightWay, index: number): readonly PlanStep[] {
  const { cluster, rules, to } = move;
  const percent = way.percents[index];
  if (percent === undefined) return [];
  return rules.map((rule, place) => ({
    id: idOf(`weights:${percent}`, rules, place),
    operation: 'setRuleWeights',
    title: `Give ${percent} % of the requests of the ${ruleName(rule.arn)} to ${to.serverGroup}`,
    subject: subjectIn(cluster, to.serverGroup),
    rule: refOf(cluster, rule),
    change: {
      captured: rule,
      weights: atPercent(move, rule, percent),
      expected: [atPercent(move, rule, way.percents[index - 1] ?? 0)],
    },
    guards: [{ targetGroupArn: to.targetGroupArn, serverGroup: to.serverGroup, ...way.guard }],
    undo: index === 0 ? undoOf(move, rule, way) : null,
  }));
}

/** Fresh looks at every rule after the last move: somebody may have changed the weights since. */
export function verifyWeightsSteps(move: WeightSwitch, percent: number): readonly PlanStep[] {
  const { cluster, rules, to } = move;
  return rules.map((rule, place) => ({
    id: idOf('verify:weights', rules, place),
    operation: 'verifyRuleWeights',
    title: `Verify that ${to.serverGroup} gets ${percent} % of the requests of the ${ruleName(rule.arn)}`,
    subject: subjectIn(cluster, to.serverGroup),
    rule: refOf(cluster, rule),
    change: { captured: rule, weights: atPercent(move, rule, percent), expected: [] },
  }));
}

function undoOf(move: WeightSwitch, rule: ListenerRule, { percents }: WeightWay): PlannedRuleUndo {
  const { from } = move;
  return {
    title: `Give the requests of the ${ruleName(rule.arn)} back to ${from.serverGroup}`,
    change: {
      captured: rule,
      weights: atPercent(move, rule, 0),
      expected: percents.map((percent) => atPercent(move, rule, percent)),
    },
    guards: [backGuard(move)],
  };
}

/** Requests go back to what had them as soon as that is as good as what has them now. */
function backGuard({ from, to }: WeightSwitch): WeightGuard {
  return { ...from, relieves: to.serverGroup };
}

function atPercent(
  { from, to }: WeightSwitch,
  rule: ListenerRule,
  percent: number,
): readonly TargetGroupWeight[] {
  if (percent === 0) return restWeights(rule, to.targetGroupArn);
  const colours = { from: from.targetGroupArn, to: to.targetGroupArn };
  return weightsAtPercent(colours, Math.min(percent, weightPercentMax));
}

function refOf({ account, region }: ClusterRef, { arn }: ListenerRule) {
  return { account, region, arn };
}

/** Several rules are told apart by their place in the stage. */
function idOf(id: string, rules: readonly ListenerRule[], index: number): string {
  return rules.length === 1 ? id : `${id}:${index + 1}`;
}

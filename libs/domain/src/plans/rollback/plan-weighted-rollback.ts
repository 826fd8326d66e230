import { requiredHealthy } from '../../groups/capacity.js';
import type { Capacity, ServerGroupView } from '../../groups/cluster.js';
import { ruleName } from '../../weights/listener-rule.js';
import { weightPercentMax, weightsAtPercent, withWeights } from '../../weights/rule-weights.js';
import { stickySecondsOf } from '../blue-green/blue-green-facts.js';
import { ruleWeightsInWords } from '../blue-green/blue-green-refusals.js';
import type { PlannedEnd, PlanPromise } from '../plan-promise.js';
import type { PlanStep } from '../plan-step.js';
import { coverStep, enableStep } from './rollback-steps.js';
import type { RollbackPair } from './rollback-target.js';
import type { WeightedRollback } from './weighted-rollback.js';
import { lastingUpCount } from '../source-of.js';
import {
  defaultZoneFloorPercent,
  disableStep,
  healthyMinOf,
  pinStep,
  subjectIn,
  unpinStep,
  verifyStep,
} from '../steps.js';
import type { SwitchFacts } from '../strategy-plan.js';
import type { PlannedWeights } from '../blue-green/weight-facts.js';
import {
  moveSteps,
  restSteps,
  verifyWeightsSteps,
  type WeightSwitch,
} from '../blue-green/weight-steps.js';

/** What a rollback by weights adds to the plan of a rollback. */
export interface WeightedRollbackParts {
  readonly disables: readonly string[];
  readonly steps: readonly PlanStep[];
  readonly promise: PlanPromise;
  readonly weights: PlannedWeights;
  readonly warnings: readonly string[];
}

/**
 * The target is brought up behind its own target group, without requests, as large as what serves; then all requests are
 * switched to it at once, and what served leaves its target group, unless clients stick to it.
 */
export function weightedRollbackParts(
  facts: SwitchFacts,
  { weights, ...rollback }: WeightedRollback,
  serverGroups: readonly ServerGroupView[],
): WeightedRollbackParts {
  const { pair } = rollback;
  const stickySeconds = stickySecondsOf(weights);
  const move = switchOf(facts, { weights, ...rollback });
  const disabled = stickySeconds === 0 ? pair.others : [];
  return {
    disables: disabled.map((group) => group.name),
    steps: [
      ...restSteps(move),
      ...bringUpSteps(facts, { weights, ...rollback }),
      ...switchSteps(facts, move, pair),
      ...(stickySeconds === 0
        ? disableSteps(facts, rollback)
        : keptSteps(facts, pair, stickySeconds)),
      recordStep(facts, { weights, ...rollback }),
    ],
    promise: promiseOf(facts, { pair, stickySeconds }, serverGroups),
    weights: plannedWeights({ weights, ...rollback }, stickySeconds),
    warnings:
      stickySeconds === 0
        ? []
        : [
            `Clients stay with ${pair.others.map(({ name }) => name).join(', ')} for up to ${stickySeconds} s whatever the ` +
              'weights say (stickiness): it stays in service, and the next deploy ends that.',
          ],
  };
}

function switchOf(
  { cluster, target }: SwitchFacts,
  { weights, from, to, pair }: WeightedRollback,
): WeightSwitch {
  const { serving } = pair;
  const healthy = serving === null ? 0 : lastingUpCount(serving);
  return {
    cluster,
    rules: weights.rules,
    from: {
      targetGroupArn: from,
      serverGroup: serving?.name ?? target.serverGroup,
      instancesHealthyMin: healthy,
    },
    to: {
      targetGroupArn: to,
      serverGroup: target.serverGroup,
      instancesHealthyMin: target.capacity.desired,
    },
  };
}

function bringUpSteps(facts: SwitchFacts, { to, pair }: WeightedRollback): readonly PlanStep[] {
  const { cluster } = facts;
  return [
    ...shrinkable(pair.others).map((group) => pinStep(cluster, group)),
    enableStep(facts, pair, [to]),
    coverStep(facts, pair.others),
  ];
}

function switchSteps(
  facts: SwitchFacts,
  move: WeightSwitch,
  { serving }: RollbackPair,
): readonly PlanStep[] {
  const { stage, target } = facts;
  const zoneFloorPercent = stage.zoneFloorPercent ?? defaultZoneFloorPercent;
  const guard = {
    instancesHealthyMin: healthyMinOf(facts),
    ...(serving !== null && {
      replaces: serving.name,
      coveringPercent: target.targetHealthyPercent,
    }),
    ...(serving !== null && zoneFloorPercent > 0 && { zoneFloorPercent }),
  };
  return [
    ...moveSteps(move, { percents: [weightPercentMax], guard }, 0),
    ...verifyWeightsSteps(move, weightPercentMax),
  ];
}

/** The last step: an undo destroys nothing here, and would leave a record of weights that it has given back. */
function recordStep(
  { cluster }: SwitchFacts,
  { weights, from, to, pair: { target } }: WeightedRollback,
): PlanStep {
  const after = weightsAtPercent({ from, to }, weightPercentMax);
  return {
    id: 'record',
    operation: 'recordWeights',
    title: `Record on ${target.name} which weights it has got`,
    subject: subjectIn(cluster, target.name),
    arn: target.arn,
    weights: weights.rules.map((rule) => ({ ruleArn: rule.arn, weights: after })),
  };
}

function disableSteps(
  facts: SwitchFacts,
  { from, pair }: Pick<WeightedRollback, 'from' | 'pair'>,
): readonly PlanStep[] {
  return [
    ...pair.others.map((group) => ({ ...disableStep(facts, group), weightless: [from] })),
    verifyStep(facts),
    ...unpinBack(facts, pair),
    ...shrinkable(pair.others).map((group) => unpinStep(facts.cluster, group)),
  ];
}

/** Taken out of its target group it would leave the clients that stick to it without an answer. */
function keptSteps(
  facts: SwitchFacts,
  pair: RollbackPair,
  warmSeconds: number,
): readonly PlanStep[] {
  return [
    verifyStep(facts),
    ...unpinBack(facts, pair),
    ...pair.others.map((group): PlanStep => ({
      id: `warm:${group.name}`,
      operation: 'keepWarm',
      title: `Keep ${group.name} in service for the clients that stick to it, ${warmSeconds} s`,
      subject: subjectIn(facts.cluster, group.name),
      arn: group.arn,
      warmSeconds,
      instancesMin: group.capacity.min,
    })),
  ];
}

function unpinBack({ cluster, target }: SwitchFacts, { others }: RollbackPair) {
  const { capacity } = target;
  const canGrow = others.some((group) => group.capacity.desired < group.capacity.max);
  const back = { name: target.serverGroup, arn: null, capacity };
  return capacity.min < capacity.desired || canGrow ? [unpinStep(cluster, back)] : [];
}

/** At every moment as much has requests as had at the start, or as must be healthy of the target where that is less. */
function promiseOf(
  facts: SwitchFacts,
  { pair, stickySeconds }: { readonly pair: RollbackPair; readonly stickySeconds: number },
  serverGroups: readonly ServerGroupView[],
): PlanPromise {
  const { target } = facts;
  const present = serverGroups.filter((group) => !group.deleting);
  const now = ({ name, enabled, capacity }: ServerGroupView): PlannedEnd => ({
    serverGroup: name,
    state: enabled ? 'enabled' : 'disabled',
    capacity,
  });
  const pinned = ({ min, desired, max }: Capacity) => ({
    min: Math.max(min, desired),
    desired,
    max,
  });
  const fateOf = (group: ServerGroupView): PlannedEnd => {
    if (group.name === target.serverGroup) {
      return { serverGroup: group.name, state: 'enabled', capacity: target.capacity };
    }
    if (!pair.others.includes(group)) return now(group);
    return stickySeconds === 0
      ? { ...now(group), state: 'disabled' }
      : { ...now(group), capacity: pinned(group.capacity) };
  };
  const serving = pair.others.reduce((sum, group) => sum + lastingUpCount(group), 0);
  return {
    instancesServingMin: Math.min(
      serving,
      requiredHealthy(target.capacity.desired, target.targetHealthyPercent),
    ),
    succeeded: { serverGroups: present.map(fateOf) },
    undone: { serverGroups: present.map(now) },
  };
}

function plannedWeights(
  { weights, from, to }: WeightedRollback,
  stickySeconds: number,
): PlannedWeights {
  const arns = weights.targetGroups.map((group) => group.arn);
  const after = weightsAtPercent({ from, to }, weightPercentMax);
  return {
    from,
    to,
    warmSeconds: stickySeconds,
    rules: weights.rules.map((rule) => ({
      ruleArn: rule.arn,
      listenerArn: rule.listenerArn,
      title: ruleName(rule.arn),
      before: ruleWeightsInWords(rule, arns),
      after: ruleWeightsInWords(withWeights(rule, after), arns),
    })),
  };
}

function shrinkable(groups: readonly ServerGroupView[]): readonly ServerGroupView[] {
  return groups.filter(({ capacity }) => capacity.min < capacity.desired);
}

import type { Capacity } from '../../groups/cluster.js';
import type { BlueGreenStrategy } from '../../pipeline/pipeline.js';
import { weightPercentMax, weightsAtPercent } from '../../weights/rule-weights.js';
import {
  shrinkableOf,
  stickySecondsLeft,
  stickySecondsOf,
  switchOf,
  warmSecondsOf,
  type BlueGreenFacts,
} from './blue-green-facts.js';
import type { PlanStep } from '../plan-step.js';
import { attachScalingStep, releaseScalingStep } from '../scaling-steps.js';
import {
  defaultZoneFloorPercent,
  delayStep,
  disableStep,
  healthyMinOf,
  healthyStep,
  matchStep,
  pinStep,
  resizeStep,
  subjectIn,
  unpinStep,
  verifyStep,
  watchStep,
} from '../steps.js';
import { moveSteps, verifyWeightsSteps, type WeightWay } from './weight-steps.js';

/** An earlier deploy's old fleet leaves the idle target group, and has its own minimum again. */
export function endWarmSteps(facts: BlueGreenFacts): readonly PlanStep[] {
  const { cluster, colours, weights } = facts;
  const seconds = stickySecondsLeft(facts);
  const [first] = colours.waiting;
  if (first === undefined) return [];
  const before = `${first.name} leaves: clients still stick to it`;
  return [
    ...delayStep(facts, { id: 'delay:sticky', seconds, before }),
    ...colours.waiting.flatMap((group): readonly PlanStep[] => {
      const { capacity } = group;
      const min = weights.warm[group.name]?.instancesMin ?? capacity.min;
      return [
        {
          id: `disable:${group.name}`,
          operation: 'disableServerGroup',
          title: `Disable ${group.name}, which was kept warm`,
          subject: subjectIn(cluster, group.name),
          guard: null,
          weightless: [colours.idle],
        },
        ...(min < capacity.min
          ? [
              unpinStep(cluster, {
                ...group,
                capacity: { ...capacity, min },
                pinnedMin: capacity.min,
              }),
            ]
          : []),
      ];
    }),
  ];
}

/** The new group behind the idle target group, whole and healthy, with what an undo needs recorded. */
export function bringUpSteps(facts: BlueGreenFacts): readonly PlanStep[] {
  const { cluster, target, source } = facts;
  const { desired, max } = target.capacity;
  const pinned: Capacity = { min: desired, desired, max };
  return [
    ...shrinkableOf(facts).map((group) => pinStep(cluster, group)),
    resizeStep(facts, 'resize', pinned),
    healthyStep(facts, {
      id: 'healthy',
      instancesHealthyMin: healthyMinOf(facts),
      of: desired,
    }),
    ...attachScalingStep(facts),
    recordStep(facts),
    ...(source === null ? [] : [matchStep(facts, source)]),
  ];
}

function recordStep(facts: BlueGreenFacts): PlanStep {
  const { cluster, target, weights, colours } = facts;
  const { active: from, idle: to } = colours;
  return {
    id: 'record',
    operation: 'recordWeights',
    title: `Record on ${target.serverGroup} which weights it is about to get`,
    subject: subjectIn(cluster, target.serverGroup),
    arn: null,
    weights: weights.rules.map((rule) => ({
      ruleArn: rule.arn,
      weights: weightsAtPercent({ from, to }, weightPercentMax),
    })),
  };
}

/** Each share is held for its pause; an alarm in it stops the deploy. */
export function switchSteps(
  facts: BlueGreenFacts,
  strategy: BlueGreenStrategy,
): readonly PlanStep[] {
  const { source, stage } = facts;
  const { alarms = [] } = strategy;
  const shares = sharesOf(strategy);
  const zoneFloorPercent = stage.zoneFloorPercent ?? defaultZoneFloorPercent;
  const way: WeightWay = {
    percents: shares.map(({ percent }) => percent),
    guard: {
      instancesHealthyMin: healthyMinOf(facts),
      ...(source !== null &&
        stage.capacity === undefined && { coveringPercent: facts.target.targetHealthyPercent }),
      ...(source !== null && zoneFloorPercent > 0 && { zoneFloorPercent }),
      ...(source !== null && { replaces: source.name }),
    },
  };
  return [
    ...watchStep(facts, { id: 'alarms:switch', alarms, seconds: 0, when: 'before the switch' }),
    ...shares.flatMap(({ percent, pauseSeconds: seconds }, index) => [
      ...moveSteps(switchOf(facts), way, index),
      ...(percent === weightPercentMax && seconds === 0
        ? []
        : pauseSteps(facts, { percent, seconds, alarms })),
    ]),
    ...watchStep(facts, {
      id: 'bake',
      alarms,
      seconds: strategy.bakeSeconds ?? 0,
      when: 'after the switch',
    }),
    ...verifyWeightsSteps(switchOf(facts), weightPercentMax),
  ];
}

function pauseSteps(
  facts: BlueGreenFacts,
  pause: { readonly percent: number; readonly seconds: number; readonly alarms: readonly string[] },
): readonly PlanStep[] {
  const { percent, seconds, alarms } = pause;
  if (alarms.length > 0) {
    const when = `at ${percent} % of the requests`;
    return watchStep(facts, { id: `alarms:${percent}`, alarms, seconds, when });
  }
  const before = percent < weightPercentMax ? 'it gets more requests' : 'the switch is verified';
  return delayStep(facts, { id: `pause:${percent}`, seconds, before });
}

/** Rising, each once, up to 100. */
export function sharesOf({ weightSteps = [] }: BlueGreenStrategy) {
  const steps = weightSteps.map(({ percent, pauseSeconds = 0 }) => ({ percent, pauseSeconds }));
  return steps.at(-1)?.percent === weightPercentMax
    ? steps
    : [...steps, { percent: weightPercentMax, pauseSeconds: 0 }];
}

/** What becomes of the old fleet: it stays as large as it was, without requests, or leaves its target group. */
export function afterSteps(
  facts: BlueGreenFacts,
  strategy: BlueGreenStrategy,
): readonly PlanStep[] {
  const { cluster, colours, target, source } = facts;
  const { min, desired } = target.capacity;
  const warmSeconds = warmSecondsOf(strategy);
  const newGroup = { name: target.serverGroup, arn: null, capacity: target.capacity };
  const canGrow = source !== null && source.capacity.desired < source.capacity.max;
  const unpinNew = min < desired || canGrow ? [unpinStep(cluster, newGroup)] : [];
  if (warmSeconds === 0) {
    return [
      ...delayStep(facts, {
        id: 'delay:stuck',
        seconds: stickySecondsOf(facts.weights),
        before: 'the old fleet leaves: clients still stick to it',
      }),
      ...colours.serving.map((group) => ({
        ...disableStep(facts, group),
        weightless: [colours.active],
      })),
      verifyStep(facts),
      ...unpinNew,
      ...shrinkableOf(facts).map((group) => unpinStep(cluster, group)),
      ...releaseScalingStep(facts),
    ];
  }
  return [
    verifyStep(facts),
    ...unpinNew,
    ...releaseScalingStep(facts),
    ...colours.serving.map((group): PlanStep => ({
      id: `warm:${group.name}`,
      operation: 'keepWarm',
      title: `Keep ${group.name} in service without requests for ${warmSeconds} s`,
      subject: subjectIn(cluster, group.name),
      arn: group.arn,
      warmSeconds,
      instancesMin: group.capacity.min,
    })),
  ];
}

import type { CanaryPause, CanaryStep, CanaryStrategy } from '../../canary/canary-strategy.js';
import { judgedAfterMinutes } from '../../canary/canary-strategy.js';
import { heldAnalyses } from '../../canary/held-analysis.js';
import { requiredHealthy } from '../../groups/capacity.js';
import { canaryArms } from './canary-arms.js';
import { shareSteps, weightStepIds, type CanaryWay } from './canary-weight-steps.js';
import type { PlannedServerGroup } from '../planned-server-group.js';
import type { PlanStep, PlannedCanaryWatch } from '../plan-step.js';
import { subjectIn } from '../steps.js';
import type { StrategyFacts } from '../strategy-plan.js';

/** A fleet that is there for the comparison only, with its own target group. */
export interface TemporaryFleet {
  /** `canary` or `baseline`: part of its names and of its steps' ids. */
  readonly suffix: string;
  /** The target group that its own is a copy of. */
  readonly copyOf: string;
  readonly targetGroupName: string;
  readonly target: PlannedServerGroup & { readonly expiresAt: string };
}

/** A target group for each, as the source's is: it belongs to the rules before there is anything in it. */
export function targetGroupSteps(
  { cluster }: StrategyFacts,
  temporary: readonly TemporaryFleet[],
): readonly PlanStep[] {
  return temporary.map(({ suffix, copyOf, targetGroupName, target }) => ({
    id: `targetGroup:${suffix}`,
    operation: 'createTargetGroup',
    title: `Create the temporary target group ${targetGroupName}`,
    subject: subjectIn(cluster, target.serverGroup),
    targetGroupName,
    copyOf,
    expiresAt: target.expiresAt,
  }));
}

/** All are made and grown at once, then all have to be healthy: they should be of the same age. */
export function fleetSteps(
  { cluster }: StrategyFacts,
  temporary: readonly TemporaryFleet[],
): readonly PlanStep[] {
  const subject = ({ target }: TemporaryFleet) => subjectIn(cluster, target.serverGroup);
  return [
    ...temporary.map((fleet): PlanStep => ({
      id: `create:${fleet.suffix}`,
      operation: 'createServerGroup',
      title: `Create the temporary ${fleet.target.serverGroup} with ${fleet.target.imageId}`,
      subject: subject(fleet),
      temporary: fleet.target,
      weightless: fleet.target.targetGroupArns,
    })),
    ...temporary.map((fleet): PlanStep => {
      const { capacity, serverGroup } = fleet.target;
      const { min, desired, max } = capacity;
      return {
        id: `resize:${fleet.suffix}`,
        operation: 'resizeServerGroup',
        title: `Resize ${serverGroup} to ${min}/${desired}/${max}`,
        subject: subject(fleet),
        capacity,
      };
    }),
    ...temporary.map((fleet): PlanStep => {
      const { capacity, serverGroup, targetHealthyPercent } = fleet.target;
      const instancesHealthyMin = requiredHealthy(capacity.desired, targetHealthyPercent);
      return {
        id: `healthy:${fleet.suffix}`,
        operation: 'awaitHealthy',
        title: `Wait until ${instancesHealthyMin} of ${capacity.desired} instances of ${serverGroup} are healthy`,
        subject: subject(fleet),
        instancesHealthyMin,
      };
    }),
  ];
}

/** For each step: the share, the time that it is given, the analysis, and, where one is asked, a person. */
export function measuringSteps(
  facts: StrategyFacts,
  strategy: CanaryStrategy,
  way: CanaryWay,
): readonly PlanStep[] {
  return strategy.steps.flatMap((step, index) => [
    ...shareSteps(way, index),
    ...judgingSteps(facts, { strategy, step, way }),
  ]);
}

function judgingSteps(
  { cluster, target }: StrategyFacts,
  of: {
    readonly strategy: CanaryStrategy;
    readonly step: CanaryStep;
    readonly way: CanaryWay;
  },
): readonly PlanStep[] {
  const { strategy, way } = of;
  const { alarms = [], onInconclusive = 'hold' } = strategy;
  const { weightPercent: percent, pause } = of.step;
  const { account, region } = cluster;
  const subject = subjectIn(cluster, way.fleets.canary.serverGroup);
  const since = `since:${percent}`;
  const compared = {
    subject,
    since,
    rules: way.rules.map(({ arn }) => ({ account, region, arn })),
    arms: canaryArms(way.fleets, percent),
  };
  const held = heldAnalyses(strategy);
  const noted: PlanStep = {
    id: since,
    operation: 'beginCanaryStep',
    title: `Note when ${percent} % of the requests went to the canary`,
    subject,
  };
  const watch = watchOf(strategy, pause);
  const judged: readonly PlanStep[] =
    watch === null
      ? []
      : [
          {
            id: `watch:${percent}`,
            operation: 'watchCanary',
            title: `Watch the canary at ${percent} % ${pauseInWords(pause)}`,
            ...compared,
            ...watch,
          },
          {
            id: `analyse:${percent}`,
            operation: 'analyseCanary',
            title: `Judge the canary at ${percent} %`,
            ...compared,
            onInconclusive,
            alarms,
            held,
          },
        ];
  if (!('approval' in pause)) return [noted, ...judged];
  const approved: PlanStep = {
    id: `approve:${percent}`,
    operation: 'awaitApproval',
    title: `Wait for a person to go on from ${percent} %`,
    ...compared,
    alarms,
    held,
    instructions:
      `The canary of ${target.serverGroup} has ${percent} % of the requests. Continue goes on with the deploy, ` +
      'stop undoes it.',
  };
  return [noted, ...judged, approved];
}

/** Null where a person alone decides. */
function watchOf(
  { alarms = [], analysis }: CanaryStrategy,
  pause: CanaryPause,
): PlannedCanaryWatch | null {
  const minutesMax = judgedAfterMinutes(pause);
  if (minutesMax === null) return null;
  return {
    requestsWanted: 'requests' in pause ? pause.requests : null,
    minutesMax,
    analyseEveryMinutes: analysis?.everyMinutes ?? null,
    alarms,
  };
}

function pauseInWords(pause: CanaryPause): string {
  return 'requests' in pause
    ? `until it has had ${pause.requests} requests, ${pause.minutesMax} minutes at most`
    : `for ${judgedAfterMinutes(pause) ?? 0} minutes`;
}

/** Everything temporary goes by the very entries that an undo would use, last first. */
export function endSteps(
  { cluster }: StrategyFacts,
  way: CanaryWay,
  temporary: readonly TemporaryFleet[],
): readonly PlanStep[] {
  const { rest, shares } = weightStepIds(way);
  const ids = (step: string) => temporary.map(({ suffix }) => `${step}:${suffix}`);
  return [
    {
      id: 'giveBack',
      operation: 'undoEarly',
      title: 'Give the requests back and remove everything that was made for the canary',
      subject: subjectIn(cluster, way.fleets.running.serverGroup),
      entryIds: [...shares, ...ids('create'), ...rest, ...ids('targetGroup')],
    },
  ];
}

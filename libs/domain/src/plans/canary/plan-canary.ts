import type { Capacity } from '../../groups/cluster.js';
import type { CanaryStrategy } from '../../canary/canary-strategy.js';
import { requiredHealthy } from '../../groups/capacity.js';
import { epochMs, isoTime } from '../../iso-time.js';
import type { CanaryFleets } from './canary-arms.js';
import type { CanaryFacts } from './canary-facts.js';
import { canaryGround, canaryWarnings, type CanaryGround } from './canary-refusals.js';
import {
  endSteps,
  fleetSteps,
  measuringSteps,
  targetGroupSteps,
  type TemporaryFleet,
} from './canary-steps.js';
import { attachSteps, type CanaryWay } from './canary-weight-steps.js';
import type { PlannedServerGroup } from '../planned-server-group.js';
import { madeTargetGroup, targetGroupNameFor } from './made-target-group.js';
import { planRedBlack } from '../red-black/plan-red-black.js';
import type { PlanPromise } from '../plan-promise.js';
import { inServiceCount, lastingCount } from '../source-of.js';
import { pinStep } from '../steps.js';
import type { StrategyFacts, StrategyPlan } from '../strategy-plan.js';

/** Seconds after the stage's deadline until which temporary things may be needed: its undo, and a person's look. */
const expirySlackSeconds = 3600;

/** What a canary is planned from. */
export interface CanaryPlanFacts extends StrategyFacts {
  readonly canary: CanaryFacts;
  /** AWS's time when the cluster was read, ISO 8601. */
  readonly now: string;
  /** What the source launches, where that is not as its launch template has it. */
  readonly sourceLaunch: { readonly instanceType: string | null };
}

/**
 * First the canary, all of it temporary: its fleet (and a fresh one of the old version as large), each behind a target group of
 * its own, get their shares of the requests and are judged; then requests, rule, fleets and target groups are given back.
 * What passed is deployed as a red/black: the new fleet is whole and healthy, in every zone, before anything leaves traffic.
 * The old fleet keeps its size, pinned, all the time, so that it can take everything back at any moment. Throws
 * INVALID_REQUEST.
 */
export function planCanary(facts: CanaryPlanFacts, strategy: CanaryStrategy): StrategyPlan {
  const { cluster, enabled } = facts;
  const ground = canaryGround(facts, strategy, facts.canary);
  const temporary = temporaryFleets(facts, strategy, ground);
  const way = wayOf(facts, strategy, { ground, temporary });
  const { alarms, bakeSeconds } = strategy;
  const promoting = planRedBlack(facts, {
    type: 'redBlack',
    ...(alarms !== undefined && { alarms }),
    ...(bakeSeconds !== undefined && { bakeSeconds }),
  });
  const shrinkable = enabled.filter(({ capacity }) => capacity.min < capacity.desired);
  return {
    disables: promoting.disables,
    destroys: promoting.destroys ?? [],
    steps: [
      ...targetGroupSteps(facts, temporary),
      ...attachSteps(way),
      ...fleetSteps(facts, temporary),
      ...shrinkable.map((group) => pinStep(cluster, group)),
      ...measuringSteps(facts, strategy, way),
      ...endSteps(facts, way, temporary),
      // Pinned already: from before the first request moved until the switch is verified.
      ...promoting.steps.filter(({ operation }) => operation !== 'pinServerGroup'),
    ],
    promise: withTemporary(promoting.promise, temporary),
    warnings: canaryWarnings(strategy, facts.canary),
  };
}

/** The canary first, then the fresh baseline if there is one. */
function temporaryFleets(
  facts: CanaryPlanFacts,
  strategy: CanaryStrategy,
  { source, targetGroupArn }: CanaryGround,
): readonly TemporaryFleet[] {
  const { target, stage, now } = facts;
  const largest = Math.max(...strategy.steps.map(({ weightPercent }) => weightPercent));
  const whole = Math.max(target.capacity.desired, inServiceCount(source));
  const instances = strategy.instances ?? Math.max(1, Math.ceil((whole * largest) / 100));
  const expiresMs = epochMs(now) + (stage.timeoutSeconds + expirySlackSeconds) * 1000;
  const expiresAt = isoTime(expiresMs);
  const fleet = (
    suffix: keyof typeof targetGroupSuffixes,
    changes: Partial<PlannedServerGroup>,
  ): TemporaryFleet => {
    const serverGroup = `${target.serverGroup}-${suffix}`;
    const targetGroupName = targetGroupNameFor(target.serverGroup, targetGroupSuffixes[suffix]);
    const capacity: Capacity = { min: instances, desired: instances, max: instances };
    const made = {
      ...target,
      ...changes,
      serverGroup,
      capacity,
      targetGroupArns: [madeTargetGroup(targetGroupName)],
      expiresAt,
    };
    return { suffix, copyOf: targetGroupArn, targetGroupName, target: unscaled(made) };
  };
  const canary = fleet('canary', {});
  if (strategy.baseline === 'running') return [canary];
  const { instanceType } = facts.sourceLaunch;
  const launchTemplate = { ...target.launchTemplate, instanceType };
  return [canary, fleet('baseline', { imageId: source.imageId ?? '', launchTemplate })];
}

/** Short, since the name of a target group is. */
const targetGroupSuffixes = { canary: 'canary', baseline: 'base' } as const;

/** A fleet whose size is part of a comparison has nothing that moves it. */
function unscaled(target: PlannedServerGroup & { readonly expiresAt: string }) {
  const { carriedOver } = target;
  if (carriedOver === undefined) return target;
  const scaling = { policies: [], alarms: [], scheduledActions: [], warmPool: null };
  return { ...target, carriedOver: { ...carriedOver, notifications: [], scaling } };
}

function wayOf(
  { cluster, target }: CanaryPlanFacts,
  strategy: CanaryStrategy,
  of: { readonly ground: CanaryGround; readonly temporary: readonly TemporaryFleet[] },
): CanaryWay {
  const { source, targetGroupArn, rules } = of.ground;
  const [canary, fresh = null] = of.temporary.map((one) => ({
    serverGroup: one.target.serverGroup,
    targetGroupArn: madeTargetGroup(one.targetGroupName),
  }));
  if (canary === undefined) throw new Error('a canary without a fleet');
  const fleets: CanaryFleets = {
    baseline: strategy.baseline ?? 'fresh',
    running: { serverGroup: source.name, targetGroupArn },
    canary,
    fresh,
  };
  const instances = of.temporary[0]?.target.capacity.desired ?? 1;
  return {
    cluster,
    rules,
    fleets,
    percents: strategy.steps.map(({ weightPercent }) => weightPercent),
    instancesHealthyMin: requiredHealthy(instances, target.targetHealthyPercent),
    runningHealthyMin: requiredHealthy(lastingCount(source), target.targetHealthyPercent),
  };
}

function withTemporary(promise: PlanPromise, temporary: readonly TemporaryFleet[]): PlanPromise {
  const gone = temporary.map(({ target }) => ({
    serverGroup: target.serverGroup,
    state: 'gone' as const,
    capacity: null,
  }));
  const { succeeded, undone } = promise;
  return {
    ...promise,
    succeeded: { ...succeeded, serverGroups: [...succeeded.serverGroups, ...gone] },
    undone: { ...undone, serverGroups: [...undone.serverGroups, ...gone] },
  };
}

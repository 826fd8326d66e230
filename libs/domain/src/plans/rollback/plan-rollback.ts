import type { Capacity, ServerGroupView } from '../../groups/cluster.js';
import { GennakerError } from '../../errors.js';
import type { DeployPlan } from '../deploy-plan.js';
import type { PlannedServerGroup } from '../planned-server-group.js';
import type { PlannedEnd, PlanPromise } from '../plan-promise.js';
import type { PlanStep } from '../plan-step.js';
import { keptSettings } from '../planned-target.js';
import { rolledBackCapacity } from './rollback-capacity.js';
import type { RollbackFacts } from './rollback-facts.js';
import { coverStep, enableStep } from './rollback-steps.js';
import type { RollbackPair } from './rollback-target.js';
import { rollbackWarnings } from './rollback-warnings.js';
import { lastingUpCount } from '../source-of.js';
import { disableStep, healthyMinOf, pinStep, unpinStep, verifyStep } from '../steps.js';
import type { SwitchFacts } from '../strategy-plan.js';
import { weightedRollbackParts } from './plan-weighted-rollback.js';
import { weightedRollback } from './weighted-rollback.js';

/**
 * The plan of a rollback, pure: the group that comes back is enabled and grown beside what serves, all at once (the way back
 * takes no steps: DESIGN promise 2 is kept by what still serves), healthy in every zone, and only then what serves is
 * disabled. Both fleets are pinned meanwhile, since each has half of the load. Throws INVALID_REQUEST when it would take
 * traffic away: no size, a target group of what serves that the target is not in, one that no listener uses.
 */
export function planRollback(facts: RollbackFacts, asked: RollbackPair): DeployPlan {
  const { stage, cluster } = facts;
  const weighted = weightedRollback(facts, asked);
  const pair = weighted?.pair ?? asked;
  const { others, serving } = pair;
  const target = targetOf(facts, pair);
  refuseEmpty(pair.target, target);
  if (weighted === null) refuseOtherTargetGroups(facts, pair);
  const { account, region } = stage;
  const ref = { account, region, cluster: stage.cluster };
  const switched: SwitchFacts = { stage, cluster: ref, target, source: serving };
  const parts =
    weighted === null ? null : weightedRollbackParts(switched, weighted, cluster.serverGroups);
  return {
    planVersion: 2,
    strategy: 'rollback',
    cluster: ref,
    source: serving && { serverGroup: serving.name, arn: serving.arn, imageId: serving.imageId },
    target,
    disables: parts?.disables ?? others.map((other) => other.name),
    observedServerGroups: cluster.serverGroups.map(({ name }) => name),
    steps: parts?.steps ?? stepsOf(switched, pair),
    ...(parts !== null && { weights: parts.weights }),
    promise: parts?.promise ?? promiseOf(switched, pair, cluster.serverGroups),
    warnings: [...rollbackWarnings(facts, pair, target), ...(parts?.warnings ?? [])],
  };
}

function targetOf(facts: RollbackFacts, pair: RollbackPair): PlannedServerGroup {
  const { stage, settings, imageId, weights } = facts;
  const isWarm = pair.target.enabled && weights?.warm[pair.target.name] !== undefined;
  return {
    serverGroup: pair.target.name,
    imageId,
    // What is recorded of a warm fleet is older than what is known of it: it was never taken out.
    capacity: rolledBackCapacity(pair, isWarm ? null : unpinnedRestore(facts, pair)),
    targetHealthyPercent: stage.targetHealthyPercent,
    ...keptSettings(settings),
  };
}

/** A fleet that was taken out after its warm time was recorded with the minimum that it was pinned at. */
function unpinnedRestore({ recorded, weights }: RollbackFacts, { target }: RollbackPair) {
  if (recorded === null) return null;
  const { restore } = recorded;
  const min = weights?.warm[target.name]?.instancesMin;
  const isPinned = restore.capacity.min === restore.capacity.desired;
  if (min === undefined || !isPinned || min > restore.capacity.min) return restore;
  return { ...restore, capacity: { ...restore.capacity, min } };
}

function stepsOf(switched: SwitchFacts, pair: RollbackPair): readonly PlanStep[] {
  const { cluster, target } = switched;
  const { others } = pair;
  const shrinkable = others.filter(({ capacity }) => capacity.min < capacity.desired);
  const canGrow = others.some(({ capacity }) => capacity.desired < capacity.max);
  const { capacity } = target;
  const back = { name: target.serverGroup, arn: null, capacity };
  return [
    ...shrinkable.map((group) => pinStep(cluster, group)),
    enableStep(switched, pair),
    coverStep(switched, others),
    ...others.map((group) => disableStep(switched, group)),
    verifyStep(switched),
    ...(capacity.min < capacity.desired || canGrow ? [unpinStep(cluster, back)] : []),
    ...shrinkable.map((group) => unpinStep(cluster, group)),
  ];
}

/** At every moment as much serves healthily as did at the start, or as must be healthy of the target where that is less. */
function promiseOf(
  switched: SwitchFacts,
  { target, others }: RollbackPair,
  serverGroups: readonly ServerGroupView[],
): PlanPromise {
  const present = serverGroups.filter((group) => !group.deleting);
  const servingNow = present
    .filter((group) => group.enabled)
    .reduce((sum, group) => sum + lastingUpCount(group), 0);
  const end = (
    { name, enabled, capacity }: ServerGroupView,
    changed: { readonly enabled?: boolean; readonly capacity?: Capacity } = {},
  ): PlannedEnd => ({
    serverGroup: name,
    state: (changed.enabled ?? enabled) ? 'enabled' : 'disabled',
    capacity: changed.capacity ?? capacity,
  });
  return {
    instancesServingMin: Math.min(servingNow, healthyMinOf(switched)),
    succeeded: {
      serverGroups: present.map((group) => {
        if (group.name === target.name) {
          return end(group, { enabled: true, capacity: switched.target.capacity });
        }
        return end(group, others.includes(group) ? { enabled: false } : {});
      }),
    },
    undone: { serverGroups: present.map((group) => end(group)) },
  };
}

function refuseEmpty({ name }: ServerGroupView, { capacity }: PlannedServerGroup): void {
  if (capacity.desired > 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `${name} has no instances, nothing serves in its place, and no deploy has recorded its size: resize it first.`,
    { details: { serverGroup: name } },
  );
}

/** A target group that only the replaced fleet is in would be left without a target. */
function refuseOtherTargetGroups(facts: RollbackFacts, { target, others }: RollbackPair): void {
  const unused = target.targetGroupArns.filter((arn) => facts.unusedTargetGroupArns.includes(arn));
  if (unused.length > 0) {
    throw new GennakerError(
      'INVALID_REQUEST',
      `${target.name} could never get healthy: no listener forwards to ${unused.join(', ')}. Add a listener or a rule for ` +
        'it, or detach it from the server group.',
      { details: { targetGroupArns: unused } },
    );
  }
  const served = others.filter((group) => group.instances.length > 0);
  const left = [...new Set(served.flatMap((group) => group.targetGroupArns))].filter(
    (arn) => !target.targetGroupArns.includes(arn),
  );
  if (left.length === 0) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `${target.name} is not in ${left.join(', ')}, where ${served.map(({ name }) => name).join(', ')} serves: the rollback ` +
      'would leave that without a target. Attach it to the server group first.',
    { details: { serverGroup: target.name, targetGroupArns: left } },
  );
}

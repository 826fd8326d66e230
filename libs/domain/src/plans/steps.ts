import { requiredHealthy } from '../capacity.js';
import type { Capacity, ClusterRef, ServerGroupRef, ServerGroupView } from '../cluster.js';
import type { PlanStep } from './plan-step.js';
import type { StrategyFacts } from './strategy-plan.js';

/** The server group of that name in the cluster's account and region. */
function subjectIn(cluster: ClusterRef, serverGroup: string): ServerGroupRef {
  return { account: cluster.account, region: cluster.region, serverGroup };
}

/** Healthy instances that the new group must have. */
export function healthyMinOf({ target }: StrategyFacts): number {
  return requiredHealthy(target.capacity.desired, target.targetHealthyPercent);
}

export function createStep({ cluster, target, source }: StrategyFacts): PlanStep {
  const from = source === null ? '' : ` from ${source.name}`;
  return {
    id: 'create',
    operation: 'createServerGroup',
    title: `Create ${target.serverGroup} at 0/0/0${from}`,
    subject: subjectIn(cluster, target.serverGroup),
  };
}

/** `id` tells apart the steps of a group that grows more than once. */
export function resizeStep(facts: StrategyFacts, id: string, capacity: Capacity): PlanStep {
  const { cluster, target } = facts;
  const { min, desired, max } = capacity;
  return {
    id,
    operation: 'resizeServerGroup',
    title: `Resize ${target.serverGroup} to ${min}/${desired}/${max}`,
    subject: subjectIn(cluster, target.serverGroup),
    capacity,
  };
}

export function healthyStep(
  { cluster, target }: StrategyFacts,
  wait: { readonly id: string; readonly instancesHealthyMin: number; readonly of: number },
): PlanStep {
  const { id, instancesHealthyMin } = wait;
  return {
    id,
    operation: 'awaitHealthy',
    title: `Wait until ${instancesHealthyMin} of ${wait.of} instances of ${target.serverGroup} are healthy`,
    subject: subjectIn(cluster, target.serverGroup),
    instancesHealthyMin,
  };
}

export function disableStep(facts: StrategyFacts, group: ServerGroupView): PlanStep {
  const { cluster, target } = facts;
  return {
    id: `disable:${group.name}`,
    operation: 'disableServerGroup',
    title: `Disable ${group.name}`,
    subject: subjectIn(cluster, group.name),
    guard: { serverGroup: target.serverGroup, instancesHealthyMin: healthyMinOf(facts) },
  };
}

export function verifyStep(facts: StrategyFacts): PlanStep {
  const { cluster, target } = facts;
  const instancesHealthyMin = healthyMinOf(facts);
  return {
    id: 'verify',
    operation: 'verifyDeploy',
    title: `Verify that ${target.serverGroup} serves with at least ${instancesHealthyMin} healthy instances`,
    subject: subjectIn(cluster, target.serverGroup),
    instancesHealthyMin,
  };
}

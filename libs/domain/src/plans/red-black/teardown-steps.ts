import type { ServerGroupView } from '../../groups/cluster.js';
import type { DisableGuard } from '../../groups/disable-guard.js';
import type { RedBlackStrategy, ScalesDown } from '../../pipeline/pipeline.js';
import type { PlanStep } from '../plan-step.js';
import { scaledDownCapacity } from '../plan-promises.js';
import { delayStep, healthyMinOf, subjectIn } from '../steps.js';
import type { StrategyFacts } from '../strategy-plan.js';

/**
 * Scales the disabled groups to nothing (Spinnaker's scaleDownCluster), behind the verified switch and the unpinning. What
 * they had is in what the disable has recorded: a rollback grows them to it.
 */
export function scaleDownSteps(
  facts: StrategyFacts,
  { scaleDown = false, delayBeforeScaleDownSeconds: seconds = 0 }: ScalesDown,
  disabled: readonly ServerGroupView[],
): readonly PlanStep[] {
  if (!scaleDown || disabled.length === 0) return [];
  const before = 'the old groups are scaled down';
  const delays = delayStep(facts, { id: 'delay:scaleDown', seconds, before });
  return [...delays, ...disabled.map((group) => scaleDownStep(facts, group))].map(asTeardown);
}

function scaleDownStep(facts: StrategyFacts, group: ServerGroupView): PlanStep {
  const capacity = scaledDownCapacity(group);
  const { min, desired, max } = capacity;
  return {
    id: `scaleDown:${group.name}`,
    operation: 'scaleDownServerGroup',
    title: `Scale ${group.name} down to ${min}/${desired}/${max}`,
    subject: subjectIn(facts.cluster, group.name),
    arn: group.arn,
    capacity,
    guard: servingGuard(facts),
  };
}

/** Surplus groups to destroy, and what a person should know of it. */
export interface Surplus {
  readonly groups: readonly ServerGroupView[];
  readonly warnings: readonly string[];
}

/**
 * Which groups are more than the cluster is to keep, the oldest first: only such as were disabled when this was planned,
 * and never the source, which a rollback needs. Pure.
 */
export function surplusOf(
  { present, source }: StrategyFacts,
  { maxRemainingServerGroups: kept, shrinkBefore = false }: RedBlackStrategy,
): Surplus {
  if (kept === undefined) return { groups: [], warnings: [] };
  const surplus = Math.max(0, present.length + 1 - kept);
  const mayGo = present.filter((group) => !group.enabled && group.name !== source?.name);
  const groups = mayGo.slice(0, surplus);
  const left = surplus - groups.length;
  const names = groups.map((group) => group.name).join(', ');
  return {
    groups,
    warnings: [
      ...(left === 0
        ? []
        : [
            `${kept + left} server groups remain instead of ${kept}: only those that are disabled when the deploy begins ` +
              'are destroyed, and never its source.',
          ]),
      ...(shrinkBefore && groups.length > 0
        ? [`Destroyed before the switch, and gone even if the deploy fails afterwards: ${names}.`]
        : []),
    ],
  };
}

/** The steps that destroy them; after the switch nothing that fails of it undoes the switch. */
export function shrinkSteps(
  facts: StrategyFacts,
  { groups }: Surplus,
  when: 'before' | 'after',
): readonly PlanStep[] {
  const steps = groups.map((group): PlanStep => ({
    id: `destroy:${group.name}`,
    operation: 'destroyServerGroup',
    title: `Destroy ${group.name} (cannot be undone)`,
    subject: subjectIn(facts.cluster, group.name),
    arn: group.arn,
    owner: group.owner,
    guard: servingGuard(facts),
  }));
  return when === 'after' ? steps.map(asTeardown) : steps;
}

/** Nothing is torn down unless a fresh look shows the new group as healthy as it must be. */
function servingGuard(facts: StrategyFacts): DisableGuard {
  const { serverGroup } = facts.target;
  return { serverGroup, instancesHealthyMin: healthyMinOf(facts) };
}

function asTeardown(step: PlanStep): PlanStep {
  return { ...step, teardown: true };
}

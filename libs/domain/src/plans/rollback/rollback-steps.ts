import type { ServerGroupView } from '../../groups/cluster.js';
import type { DisableGuard } from '../../groups/disable-guard.js';
import type { PlanStep } from '../plan-step.js';
import type { RollbackPair } from './rollback-target.js';
import { lastingUpCount } from '../source-of.js';
import { defaultZoneFloorPercent, healthyMinOf, subjectIn } from '../steps.js';
import type { SwitchFacts } from '../strategy-plan.js';

/**
 * The group comes back at once as large as it has to be, and no smaller until the switch is verified. `weightless`: behind
 * target groups that no rule may send requests to when an undo takes it out again.
 */
export function enableStep(
  { cluster, target }: SwitchFacts,
  pair: RollbackPair,
  weightless?: readonly string[],
): PlanStep {
  const { desired, max } = target.capacity;
  const { name, arn, enabled } = pair.target;
  const how = enabled ? 'Keep' : 'Enable';
  const where = weightless === undefined ? 'in traffic ' : 'in service ';
  return {
    id: 'enable',
    operation: 'enableServerGroup',
    title: `${how} ${name} ${enabled ? where : ''}at ${desired}/${desired}/${max}`,
    subject: subjectIn(cluster, name),
    arn,
    capacity: { min: desired, desired, max },
    suspendedProcesses: target.suspendedProcesses,
    undoGuard: undoGuardOf(pair),
    ...(weightless !== undefined && { weightless }),
  };
}

/** The undo takes the group out again only while what served at the start still does, as healthy as it was. */
function undoGuardOf({ serving }: RollbackPair): DisableGuard | null {
  if (serving === null) return null;
  return { serverGroup: serving.name, instancesHealthyMin: lastingUpCount(serving) };
}

/** All of it is healthy, in every zone, and covers what serves as that is by then. */
export function coverStep(facts: SwitchFacts, others: readonly ServerGroupView[]): PlanStep {
  const { cluster, target, stage } = facts;
  const names = others.map((group) => group.name);
  const covered = names.length === 0 ? '' : ` and covers ${names.join(', ')}, in every zone`;
  return {
    id: 'match',
    operation: 'matchServerGroup',
    title: `Wait until ${target.serverGroup} is healthy${covered}`,
    subject: subjectIn(cluster, target.serverGroup),
    others: names,
    instancesHealthyMin: healthyMinOf(facts),
    targetHealthyPercent: target.targetHealthyPercent,
    zoneFloor: { serverGroups: names, percent: stage.zoneFloorPercent ?? defaultZoneFloorPercent },
  };
}

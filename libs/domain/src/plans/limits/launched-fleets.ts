import type { DeployPlan } from '../deploy-plan.js';
import type { PlannedServerGroup } from '../planned-server-group.js';

/** What a plan adds to what runs. */
export interface AddedInstances {
  readonly added: number;
  /** Those that are registered in each target group, where they are more: a warm fleet runs and is not registered. */
  readonly targetsAdded?: number;
  /** As of the stage. */
  readonly zoneFloorPercent?: number;
}

/** A fleet that is launched beside what runs. */
export interface LaunchedFleet {
  readonly target: PlannedServerGroup;
  /** Instances that are launched for it. */
  readonly instances: number;
  /** Targets that it adds to each of its target groups. */
  readonly targets: number;
  /** It is there for a comparison only, behind target groups of its own. */
  readonly isTemporary: boolean;
}

/**
 * Which fleets there are beside what runs, each time that one more is made: the temporary ones of a canary are gone before
 * the new fleet is made. A plan that makes no group has one entry: what it adds to the group that is there. Pure.
 */
export function fleetsAtOnce(
  { steps, target }: DeployPlan,
  { added, targetsAdded = added }: AddedInstances,
): readonly (readonly LaunchedFleet[])[] {
  const own: LaunchedFleet = {
    target,
    instances: Math.max(0, added),
    targets: Math.max(0, targetsAdded),
    isTemporary: false,
  };
  const alive = new Map<string, LaunchedFleet>();
  const moments = steps.flatMap((step) => {
    if (step.operation === 'undoEarly') step.entryIds.forEach((id) => alive.delete(id));
    if (step.operation !== 'createServerGroup') return [];
    alive.set(step.id, step.temporary === undefined ? own : temporaryFleet(step.temporary));
    return [[...alive.values()]];
  });
  return moments.length === 0 ? [[own]] : moments;
}

function temporaryFleet(target: PlannedServerGroup): LaunchedFleet {
  const { desired } = target.capacity;
  return { target, instances: desired, targets: desired, isTemporary: true };
}

/** The largest that the fleets of one moment make together. Pure. */
export function mostAtOnce(
  moments: readonly (readonly LaunchedFleet[])[],
  count: (fleet: LaunchedFleet) => number,
): number {
  return Math.max(...moments.map((fleets) => fleets.reduce((sum, fleet) => sum + count(fleet), 0)));
}

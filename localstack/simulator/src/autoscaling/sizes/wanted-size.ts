import type { Scope } from '../../world/scope.js';
import { isActive, membersOf } from '../groups/group-access.js';
import { refreshSurge, surgeMax } from '../refreshes/refresh-plan.js';
import type { GroupRecord } from '../records.js';

/** The group's wanted size with what replacements ask for on top, in units. */
export function wantedUnits(scope: Scope, group: GroupRecord): number {
  return group.desired + Math.max(maintenanceSurge(scope, group), refreshSurge(scope, group));
}

/** True when the group's maintenance policy says "launch before terminating". */
export function launchesFirst(group: GroupRecord): boolean {
  const policy = group.extras.InstanceMaintenancePolicy;
  return (policy?.MinHealthyPercentage ?? -1) >= 100 && (policy?.MaxHealthyPercentage ?? -1) > 100;
}

/** How many units may be launched before unhealthy members are ended. */
function maintenanceSurge(scope: Scope, group: GroupRecord): number {
  if (!launchesFirst(group)) return 0;
  const unhealthy = membersOf(scope, group.name).filter(
    (member) => isActive(member) && !member.healthy,
  );
  return Math.min(
    unhealthy.length,
    surgeMax(group.desired, group.extras.InstanceMaintenancePolicy),
  );
}

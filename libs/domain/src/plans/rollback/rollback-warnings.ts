import type { ServerGroupView } from '../../groups/cluster.js';
import type { PlannedServerGroup } from '../planned-server-group.js';
import type { RollbackFacts } from './rollback-facts.js';
import type { RollbackPair } from './rollback-target.js';
import { refreshWarnings } from '../refresh-beside.js';
import { inServiceCount } from '../source-of.js';

/** Things a person should know before a rollback runs; none of them refuses it. */
export function rollbackWarnings(
  { cluster, recorded, stage, refreshesBeside = [] }: RollbackFacts,
  { target: group, others, serving }: RollbackPair,
  target: PlannedServerGroup,
): readonly string[] {
  const deleting = cluster.serverGroups.filter((one) => one.deleting);
  const running = inServiceCount(group);
  const { desired } = target.capacity;
  return [
    deleting.length > 0 && `Being deleted and left out: ${namesOf(deleting)}.`,
    others.length > 1 &&
      `More than one server group is enabled and will be disabled: ${namesOf(others)}.`,
    running < desired &&
      `${group.name} has ${running} instances and is grown to ${desired} first: until they are healthy nothing is switched.`,
    recorded === null &&
      `No execution has recorded what ${group.name} was like in traffic: its sizes are its own and those of what serves.`,
    serving !== null &&
      serving.imageId !== null &&
      serving.imageId === target.imageId &&
      `${group.name} and ${serving.name} run the same image, ${target.imageId}.`,
    ...refreshWarnings(refreshesBeside),
    stage.zoneFloorPercent === 0 && 'Zones do not count: zoneFloorPercent is 0.',
  ].filter((warning) => typeof warning === 'string');
}

function namesOf(groups: readonly ServerGroupView[]): string {
  return groups.map((group) => group.name).join(', ');
}

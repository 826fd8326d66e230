import type { Aws } from '@gennaker/aws';
import type { AwaitHealthyInput } from '@gennaker/contract/wire';
import { zoneShortages, type ServerGroupView, type ZoneShortage } from '@gennaker/domain';
import { look } from '../observe/look.js';
import { observedSubject } from '../observe/observed-subject.js';

/**
 * Zones in which the group has too little beside what it will replace; none where the wait has no zone floor. Old groups that
 * are gone by now ask for nothing.
 */
export async function lookAtZones(
  aws: Aws,
  { context, subject, zoneFloor }: AwaitHealthyInput,
  incoming: ServerGroupView,
): Promise<readonly ZoneShortage[]> {
  if (zoneFloor === undefined || zoneFloor.percent === 0) return [];
  const seen = await Promise.all(
    zoneFloor.serverGroups.map((serverGroup) =>
      look(observedSubject(aws, { ...subject, serverGroup }, context.priority)),
    ),
  );
  const outgoing = seen.filter((group) => group !== null);
  return zoneShortages({ incoming, outgoing, percent: zoneFloor.percent });
}

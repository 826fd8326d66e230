import type { Aws } from '@gennaker/aws';
import type { DisableServerGroupInput } from '@gennaker/contract/wire';
import { GennakerError, isUp } from '@gennaker/domain';
import { observedSubject } from '../observe/observed-subject.js';
import { throwTrouble, vanishedLooksMin } from '../observe/look.js';
import { watchServerGroup } from '../observe/watch-server-group.js';

/** How many looks may show too little capacity before the disable is refused: one alone may be a flicker. */
const guardLooksMax = 3;

/**
 * Returns once a fresh look shows that the guarding server group has the healthy instances that it must have, enabled and
 * in service. Throws TRAFFIC_GUARD with what was found; nothing was changed then.
 */
export async function assertTrafficGuard(
  aws: Aws,
  input: DisableServerGroupInput,
  guard: NonNullable<DisableServerGroupInput['guard']>,
): Promise<void> {
  const { context, subject } = input;
  const observed = observedSubject(
    aws,
    { ...subject, serverGroup: guard.serverGroup },
    context.priority,
  );
  let found = 'is not there';
  let looks = 0;
  for await (const event of watchServerGroup(observed, 0)) {
    throwTrouble(event);
    if (event.kind === 'seen' && !event.withHealth) continue;
    looks += 1;
    if (event.kind === 'seen') {
      const { serverGroup: group } = event;
      const healthy = group.instances.filter((instance) => isUp(instance, group)).length;
      if (group.enabled && !group.deleting && healthy >= guard.instancesHealthyMin) return;
      found = `has ${healthy} of ${guard.instancesHealthyMin} healthy instances${stateOf(group)}`;
    }
    if (looks >= Math.max(guardLooksMax, vanishedLooksMin)) break;
  }
  throw new GennakerError(
    'TRAFFIC_GUARD',
    `${subject.serverGroup} was not disabled, since ${guard.serverGroup} ${found}. Nothing was changed.`,
    { details: { serverGroup: subject.serverGroup, guard: { ...guard }, found } },
  );
}

function stateOf(group: { readonly enabled: boolean; readonly deleting: boolean }): string {
  if (group.deleting) return ' and is being deleted';
  return group.enabled ? '' : ' and is disabled';
}

import type { Aws } from '@gennaker/aws';
import type { DisableServerGroupInput } from '@gennaker/contract/wire';
import {
  GennakerError,
  inServiceCount,
  isUp,
  requiredHealthy,
  zoneShortages,
  zoneShortageWords,
  type DisableGuard,
  type ServerGroupView,
} from '@gennaker/domain';
import { observedSubject } from '../../observe/observed-subject.js';
import { look, throwTrouble, vanishedLooksMin } from '../../observe/look.js';
import { watchServerGroup, type Observed } from '../../observe/watch-server-group.js';

/** How many looks may show too little capacity before the disable is refused: one alone may be a flicker. */
const guardLooksMax = 3;

/**
 * Returns once a fresh look shows that the guarding server group has the healthy instances that it must have, enabled and
 * in service: the stated number, what the subject has in service at this moment, and every zone's share. Gives the target
 * groups of the subject that the guarding one is not in: there it takes nothing over. Throws TRAFFIC_GUARD with what was
 * found; nothing was changed then.
 */
export async function assertTrafficGuard(
  aws: Aws,
  input: Pick<DisableServerGroupInput, 'context' | 'subject'>,
  guard: DisableGuard,
): Promise<readonly string[]> {
  const { context, subject } = input;
  const replaced = await look(observedSubject(aws, subject, context.priority));
  const serverGroup = guard.serverGroup;
  const observed = observedSubject(aws, { ...subject, serverGroup }, context.priority);
  let left: readonly string[] = [];
  const found = await lackUntil(observed, (group) => {
    left = (replaced?.targetGroupArns ?? []).filter((arn) => !group.targetGroupArns.includes(arn));
    return lackOf(group, replaced, guard);
  });
  if (found === null) return left;
  throw new GennakerError(
    'TRAFFIC_GUARD',
    `${subject.serverGroup} keeps its traffic, since ${guard.serverGroup} ${found}. Nothing was changed.`,
    { details: { serverGroup: subject.serverGroup, guard: { ...guard }, found } },
  );
}

/**
 * Looks at the server group with its health until nothing is lacking, a few times; then what is, in words. Null: nothing.
 */
export async function lackUntil(
  observed: Observed,
  lackIn: (group: ServerGroupView) => string | null,
): Promise<string | null> {
  let found: string | null = 'is not there';
  let looks = 0;
  for await (const event of watchServerGroup(observed, 0)) {
    throwTrouble(event);
    if (event.kind === 'seen' && !event.withHealth) continue;
    looks += 1;
    if (event.kind === 'seen') found = lackIn(event.serverGroup);
    if (found === null || looks >= Math.max(guardLooksMax, vanishedLooksMin)) return found;
  }
  throw new Error('the watch ended without a look');
}

/** What keeps the group from covering what it replaces, in words; null when it does. */
export function lackOf(
  group: ServerGroupView,
  replaced: ServerGroupView | null,
  guard: DisableGuard,
): string | null {
  if (group.deleting) return 'is being deleted';
  if (!group.enabled) return 'is disabled';
  const healthy = group.instances.filter((instance) => isUp(instance, group)).length;
  const required = requiredNow(replaced, guard);
  if (healthy < required) return `has ${healthy} of ${required} healthy instances`;
  const outgoing = replaced === null ? [] : [replaced];
  const percent = guard.zoneFloorPercent ?? 0;
  const shortages = zoneShortages({ incoming: group, outgoing, percent });
  return shortages.length === 0 ? null : `is short: ${zoneShortageWords(shortages)}`;
}

function requiredNow(replaced: ServerGroupView | null, guard: DisableGuard): number {
  if (replaced === null || guard.coveringPercent === undefined) return guard.instancesHealthyMin;
  const covering = requiredHealthy(inServiceCount(replaced), guard.coveringPercent);
  return Math.max(guard.instancesHealthyMin, covering);
}

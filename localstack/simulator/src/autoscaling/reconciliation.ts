import type { Scope } from '../world/scope.js';
import type { Transition } from '../world/world.js';
import { awaken, isActive, isSuspended, membersOf } from './group-access.js';
import { countByZone, launchMember, launchMembers, zonesByNeed } from './launching.js';
import type { GroupRecord } from './records.js';
import { chooseForScaleIn } from './scale-in.js';
import { hurryMember, terminateMember } from './terminating.js';

/**
 * A group brings itself to its wanted size: it ends unhealthy members, launches what is missing, ends what is too
 * much, and evens out its zones; each only as far as its processes are not suspended.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-suspend-resume-processes.html
 */
export const reconciliationTransitions: Readonly<Record<string, Transition>> = {
  'group:reconciled': (scope, name) => {
    const group = scope.tables.groups.find(name);
    if (group === undefined) return;
    if (group.deleting) {
      finishDeletion(scope, group);
      return;
    }
    replaceUnhealthy(scope, group);
    resize(scope, group);
  },
};

/** Ends every member, by force, and in the end the group. */
export function beginDeletion(scope: Scope, group: GroupRecord): void {
  scope.tables.groups.update(group.name, { deleting: true, desired: 0, minSize: 0 });
  const cause = `At ${scope.timestamp()} a user request force deleted the AutoScalingGroup before all instances and lifecycle hooks were terminated.`;
  for (const member of membersOf(scope, group.name))
    terminateMember(scope, member, { cause, withoutDraining: true });
  // Members that were already draining, or that hooks hold, do not go on waiting either.
  for (const member of membersOf(scope, group.name)) hurryMember(scope, member);
  awaken(scope, group.name);
}

function finishDeletion(scope: Scope, group: GroupRecord): void {
  if (membersOf(scope, group.name).length > 0) return;
  const { policies, scheduledActions, hooks, lifecycleActions, warmPools, notifications } =
    scope.tables;
  for (const table of [
    policies,
    scheduledActions,
    hooks,
    lifecycleActions,
    warmPools,
    notifications,
  ]) {
    for (const key of table.keysWhere('group', group.name)) table.delete(key);
  }
  for (const activity of scope.tables.activities.where('group', group.name)) {
    scope.tables.activities.update(activity.id, { groupDeleted: true });
  }
  for (const kind of ['group:health-checked', 'group:attachments-settled'])
    scope.cancel(kind, group.name);
  scope.tables.groups.delete(group.name);
}

function replaceUnhealthy(scope: Scope, group: GroupRecord): void {
  if (isSuspended(group, 'Terminate') || isSuspended(group, 'ReplaceUnhealthy')) return;
  for (const member of membersOf(scope, group.name)) {
    if (member.healthy || !isActive(member)) continue;
    const cause = `At ${scope.timestamp()} an instance was taken out of service in response to ${member.unhealthyBecause}.`;
    terminateMember(scope, member, { cause });
  }
}

function resize(scope: Scope, group: GroupRecord): void {
  const active = membersOf(scope, group.name).filter(isActive).length;
  if (active < group.desired) grow(scope, group, group.desired - active);
  else if (active > group.desired) shrink(scope, group, active - group.desired);
  else rebalance(scope, group);
}

function grow(scope: Scope, group: GroupRecord, count: number): void {
  if (isSuspended(group, 'Launch')) return;
  if (scope.now() < group.launchNotBefore) {
    scope.schedule('group:reconciled', group.name, (group.launchNotBefore - scope.now()) / 1000);
    return;
  }
  launchMembers(scope, group, count);
}

function shrink(scope: Scope, group: GroupRecord, count: number): void {
  if (isSuspended(group, 'Terminate')) return;
  const active = group.desired + count;
  for (let ended = 0; ended < count; ended += 1) {
    const member = chooseForScaleIn(scope, group);
    if (member === undefined) return;
    const at = scope.timestamp();
    const cause = `${group.lastChange}  At ${at} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${active} to ${group.desired}.  At ${at} instance ${member.instanceId} was selected for termination.`;
    terminateMember(scope, member, { cause: cause.trimStart() });
  }
}

/** Launches in the emptiest zone before the fullest gives one up; the group is one too large in between. */
function rebalance(scope: Scope, group: GroupRecord): void {
  const isOff = (['AZRebalance', 'Launch', 'Terminate'] as const).some((process) =>
    isSuspended(group, process),
  );
  const members = membersOf(scope, group.name);
  if (isOff || members.some(({ state }) => state !== 'InService')) return;
  const zone = zonesByNeed(scope, group)[0];
  const counts = countByZone(scope, group);
  if (zone === undefined || Math.max(...counts.values()) - (counts.get(zone) ?? 0) < 2) return;
  const instanceType = members[0]?.instanceType ?? '';
  if (!scope.world.capacity.has(scope.region, zone, instanceType)) return;
  const cause = `At ${scope.timestamp()} instances were launched to balance instances in zones ${[...counts.keys()].join(' ')} with other zones resulting in more than desired number of instances in the group.`;
  if (launchMember(scope, group, { zone, cause })) awaken(scope, group.name);
}

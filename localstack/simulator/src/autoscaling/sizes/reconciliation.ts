import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import {
  awaken,
  isActive,
  isArriving,
  isSuspended,
  membersOf,
  unitsOf,
} from '../groups/group-access.js';
import { findActiveRefresh } from '../refreshes/active-refresh.js';
import { countByZone, launchMember, launchMembers, zonesByNeed } from '../members/launching.js';
import type { GroupRecord } from '../records.js';
import { chooseForScaleIn } from './scale-in.js';
import { hurryMember, terminateMember } from '../members/terminating.js';
import { dropTrackingAlarms } from '../policies/tracking-alarms.js';
import { launchesFirst, wantedUnits } from './wanted-size.js';

/** What may be planned for a group, and is not any more once it is gone. */
const GROUP_EVENTS = [
  'group:health-checked',
  'group:attachments-settled',
  'group:detached',
  'refresh:advanced',
  'refresh:stuck',
];

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
    if (findActiveRefresh(scope, name) !== undefined) scope.schedule('refresh:advanced', name, 0);
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
  const {
    policies,
    scheduledActions,
    hooks,
    lifecycleActions,
    warmPools,
    notifications,
    refreshes,
  } = scope.tables;
  for (const policy of policies.where('group', group.name)) dropTrackingAlarms(scope, policy);
  for (const key of scheduledActions.keysWhere('group', group.name))
    scope.cancel('schedule:due', key);
  const hanging = [policies, scheduledActions, hooks, lifecycleActions, warmPools, notifications];
  for (const table of [...hanging, refreshes]) {
    for (const key of table.keysWhere('group', group.name)) table.delete(key);
  }
  for (const activity of scope.tables.activities.where('group', group.name)) {
    scope.tables.activities.update(activity.id, { groupDeleted: true });
  }
  for (const kind of GROUP_EVENTS) scope.cancel(kind, group.name);
  scope.tables.groups.delete(group.name);
}

/**
 * Ends unhealthy members; others are launched for them. A maintenance policy that keeps at least 100 % healthy has
 * the others launched first.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-maintenance-policy.html
 */
function replaceUnhealthy(scope: Scope, group: GroupRecord): void {
  if (isSuspended(group, 'Terminate') || isSuspended(group, 'ReplaceUnhealthy')) return;
  const members = membersOf(scope, group.name);
  const unhealthy = members.filter((member) => isActive(member) && !member.healthy);
  const serving = members.filter(({ state, healthy }) => state === 'InService' && healthy).length;
  const spare = serving - (group.desired - unhealthy.length);
  const count = launchesFirst(group) ? Math.max(0, spare) : unhealthy.length;
  for (const member of unhealthy.slice(0, count)) {
    const cause = `At ${scope.timestamp()} an instance was taken out of service in response to ${member.unhealthyBecause}.`;
    terminateMember(scope, member, { cause });
  }
}

function resize(scope: Scope, group: GroupRecord): void {
  const wanted = wantedUnits(scope, group);
  const units = unitsOf(scope, group.name);
  const kept = wanted + eveningOut(scope, group);
  if (units < wanted) grow(scope, group, wanted);
  else if (units > kept && !isSuspended(group, 'Terminate')) shrink(scope, group, kept);
  else rebalance(scope, group);
}

/** Units that were launched to even out the zones and are still on their way in. */
function eveningOut(scope: Scope, group: GroupRecord): number {
  return membersOf(scope, group.name)
    .filter((member) => member.evensOut === true && isArriving(member))
    .reduce((sum, { weight = 1 }) => sum + weight, 0);
}

function grow(scope: Scope, group: GroupRecord, wanted: number): void {
  if (isSuspended(group, 'Launch')) return;
  if (scope.now() < group.launchNotBefore) {
    scope.schedule('group:reconciled', group.name, (group.launchNotBefore - scope.now()) / 1000);
    return;
  }
  launchMembers(scope, group, wanted);
}

function shrink(scope: Scope, group: GroupRecord, wanted: number): void {
  const before = unitsOf(scope, group.name);
  for (let units = before; units > wanted;) {
    const member = chooseForScaleIn(scope, group);
    if (member === undefined || units - (member.weight ?? 1) < wanted) return;
    units -= member.weight ?? 1;
    const at = scope.timestamp();
    const cause = `${group.lastChange}  At ${at} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${before} to ${wanted}.  At ${at} instance ${member.instanceId} was selected for termination.`;
    terminateMember(scope, member, { cause: cause.trimStart() });
  }
}

/**
 * Launches in the emptiest zone before the fullest gives one up. "Auto Scaling can temporarily exceed the maximum
 * capacity by a 10 percent margin, or by one instance, whichever is greater"; with Terminate suspended it stays so.
 */
function rebalance(scope: Scope, group: GroupRecord): void {
  if (isSuspended(group, 'AZRebalance') || isSuspended(group, 'Launch')) return;
  const members = membersOf(scope, group.name);
  if (members.some(({ state }) => state !== 'InService' && state !== 'Standby')) return;
  const size = members.filter(isActive).length;
  if (size >= Math.max(group.desired + 1, Math.floor(group.maxSize * 1.1))) return;
  if (findActiveRefresh(scope, group.name) !== undefined) return;
  const zone = zonesByNeed(scope, group)[0];
  const counts = countByZone(scope, group);
  if (zone === undefined || Math.max(...counts.values()) - (counts.get(zone) ?? 0) < 2) return;
  const instanceType = members[0]?.instanceType ?? '';
  if (!scope.world.capacity.has(scope.region, zone, instanceType)) return;
  const cause = `At ${scope.timestamp()} instances were launched to balance instances in zones ${[...counts.keys()].join(' ')} with other zones resulting in more than desired number of instances in the group.`;
  if (launchMember(scope, group, { zone, cause, evensOut: true })) awaken(scope, group.name);
}

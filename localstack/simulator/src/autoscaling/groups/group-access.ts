import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Scope } from '../../world/scope.js';
import type { GroupRecord, MemberRecord, ProcessName } from '../records.js';

/** Changes take effect so long after the call that asked for them; an assumption. */
const REACTION_SECONDS = 1;

/** The group of that name, or Auto Scaling's refusal (a ValidationError: it has no code of its own for this). */
export function getGroup(scope: Scope, name: string | undefined): GroupRecord {
  const group = scope.tables.groups.find(name ?? '');
  if (group === undefined)
    throw validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
  return group;
}

/** The group of that name when it may still be changed. */
export function getLiveGroup(scope: Scope, name: string | undefined): GroupRecord {
  const group = getGroup(scope, name);
  if (group.deleting) {
    throw new AwsError(
      'ScalingActivityInProgress',
      `AutoScalingGroup '${group.name}' is pending delete and cannot be changed`,
    );
  }
  return group;
}

export function isSuspended(group: GroupRecord, process: ProcessName): boolean {
  return group.suspended.includes(process);
}

export function membersOf(scope: Scope, group: string): readonly MemberRecord[] {
  return scope.tables.members.where('group', group);
}

/** Members that count towards the wanted size: those on their way in, and those in service. */
export function isActive(member: MemberRecord): boolean {
  return isArriving(member) || member.state === 'InService';
}

/** How much of the wanted size the group's active members make up: their number, or the sum of their weights. */
export function unitsOf(scope: Scope, group: string): number {
  return membersOf(scope, group)
    .filter(isActive)
    .reduce((sum, { weight = 1 }) => sum + weight, 0);
}

/** Members on their way in: launched, attached or back from standby, and not yet in service. */
export function isArriving({ state }: MemberRecord): boolean {
  return state === 'Pending' || state === 'Pending:Wait' || state === 'Pending:Proceed';
}

/** Members on their way out, from the decision to their end; nothing brings them back. */
export function isLeaving({ state }: MemberRecord): boolean {
  return state.startsWith('Terminating') || state === 'Detaching';
}

/** The member with that instance, or Auto Scaling's refusal. */
export function getMember(scope: Scope, instanceId: string | undefined): MemberRecord {
  const member = scope.tables.members.find(instanceId ?? '');
  if (member === undefined) {
    throw validationError(
      `Instance Id not found - No managed instance found for instance ID: ${instanceId}`,
    );
  }
  return member;
}

/** Lets the group look at itself soon. */
export function awaken(scope: Scope, group: string): void {
  scope.schedule('group:reconciled', group, REACTION_SECONDS);
}

/** Lets every group of an account and region look at itself soon. */
export function awakenAll(scope: Scope): void {
  for (const group of scope.tables.groups.all()) awaken(scope, group.name);
}

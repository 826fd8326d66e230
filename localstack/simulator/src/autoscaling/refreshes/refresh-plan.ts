import type { Scope } from '../../world/scope.js';
import { findActiveRefresh, markerOf } from './active-refresh.js';
import { isActive, isSuspended, membersOf } from '../groups/group-access.js';
import { launchOptionsOf } from '../members/launch-options.js';
import type { GroupRecord, MemberRecord, RefreshRecord } from '../records.js';

/** Where a refresh stands. Counts are of instances. */
export interface RefreshView {
  /** How many instances the group is to have. */
  readonly total: number;
  /** Not replaced yet. */
  readonly stale: readonly MemberRecord[];
  /** Of these, the ones that may be: not protected, not in standby. */
  readonly replaceable: readonly MemberRecord[];
  /** Launched by the refresh, or left alone by it. */
  readonly fresh: readonly MemberRecord[];
  /** Of the fresh ones, those in service, healthy and warm. */
  readonly ready: readonly MemberRecord[];
  /** When the last of the fresh ones in service is warm; 0: all are. */
  readonly warmAt: number;
  readonly percentageComplete: number;
  readonly instancesToUpdate: number;
}

/** Works out where the refresh stands. https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html */
export function viewOf(scope: Scope, group: GroupRecord, refresh: RefreshRecord): RefreshView {
  const members = membersOf(scope, group.name);
  const stale = members.filter(isStaleIn(scope, group, refresh));
  const fresh = members.filter((member) => isActive(member) && !stale.includes(member));
  const ready = fresh.filter((member) => isReady(scope, group, { member, refresh }));
  const isWeighted = members.some(({ weight }) => weight !== undefined);
  const active = members.filter(isActive).length;
  const total = isWeighted ? active : group.desired;
  const done = Math.max(0, Math.min(ready.length, total - stale.length));
  const warmEnds = fresh.map((member) => warmEnd(member, refresh));
  return {
    total,
    stale,
    replaceable: stale.filter((member) => isReplaceable(member, refresh)),
    fresh,
    ready,
    warmAt: Math.max(0, ...warmEnds.filter((at) => at > scope.now())),
    percentageComplete: total === 0 ? 100 : Math.floor((100 * done) / total),
    instancesToUpdate: Math.max(stale.length, total - done),
  };
}

/** How many may be begun until the next checkpoint. */
export function openUntilCheckpoint(view: RefreshView, refresh: RefreshRecord): number {
  return checkpointCount(view, refresh) - (view.total - view.stale.length);
}

/** How many must be done for the next checkpoint; without one all of them. */
export function checkpointCount(view: RefreshView, refresh: RefreshRecord): number {
  const percent = checkpointsOf(refresh)[refresh.checkpointsPassed] ?? 100;
  return Math.ceil((view.total * percent) / 100);
}

/** A rollback has no checkpoints. */
export function checkpointsOf(refresh: RefreshRecord): readonly number[] {
  return refresh.rollback === undefined ? (refresh.preferences.CheckpointPercentages ?? []) : [];
}

/**
 * How many members may be ended now without falling below the minimum. Without leave to launch first, one may be
 * ended in any case: "setting the minimum to 100 percent limits the rate to one instance at a time".
 */
export function endableNow(view: RefreshView, refresh: RefreshRecord): number {
  const { MinHealthyPercentage: percent = 90 } = refresh.preferences;
  const minimum = Math.ceil((view.total * percent) / 100);
  const floor =
    surgeMax(view.total, refresh.preferences) > 0 ? minimum : Math.min(minimum, view.total - 1);
  const serving = view.stale.filter(({ state, healthy }) => state === 'InService' && healthy);
  return Math.max(0, serving.length + view.ready.length - floor);
}

/** How many members may be launched before others are ended; 0 while nothing is replaced. */
export function refreshSurge(scope: Scope, group: GroupRecord): number {
  const refresh = findActiveRefresh(scope, group.name);
  const isReplacing = refresh?.status === 'InProgress' || refresh?.status === 'RollbackInProgress';
  if (refresh === undefined || !isReplacing || refresh.waitsUntil !== undefined) return 0;
  if (isHalted(group)) return 0;
  const view = viewOf(scope, group, refresh);
  const surge = surgeMax(view.total, refresh.preferences);
  return Math.max(0, Math.min(surge, view.replaceable.length, openUntilCheckpoint(view, refresh)));
}

/** How far beyond the wanted size a maximum healthy percentage reaches: at least by one, once it is above 100. */
export function surgeMax(
  desired: number,
  limits: { readonly MaxHealthyPercentage?: number | undefined } | undefined,
): number {
  const percent = limits?.MaxHealthyPercentage ?? 100;
  return percent <= 100 ? 0 : Math.max(1, Math.floor((desired * percent) / 100) - desired);
}

/** A refresh stands still while one of the processes that it needs is suspended. */
export function isHalted(group: GroupRecord): boolean {
  return (['Launch', 'Terminate', 'InstanceRefresh'] as const).some((name) =>
    isSuspended(group, name),
  );
}

function isStaleIn(
  scope: Scope,
  group: GroupRecord,
  refresh: RefreshRecord,
): (member: MemberRecord) => boolean {
  const { preferences, rollback } = refresh;
  const marker = markerOf(refresh);
  const options =
    preferences.SkipMatching === true && group.desired > 0
      ? new Set(launchOptionsOf(scope, refresh.plan).map(fingerprint))
      : new Set();
  return (member) => {
    if (member.state === 'Standby') {
      if (preferences.StandbyInstances === 'Ignore') return false;
    } else if (!isActive(member)) return false;
    if (member.protectedFromScaleIn && preferences.ScaleInProtectedInstances === 'Ignore')
      return false;
    // A rollback takes back what the refresh has launched, and nothing else.
    if (rollback !== undefined) return member.refreshedBy === refresh.id;
    return member.refreshedBy !== marker && !options.has(fingerprintOfMember(member, options));
  };
}

function fingerprint(option: {
  readonly source: object;
  readonly instanceType: string | undefined;
}) {
  return JSON.stringify([option.source, option.instanceType ?? '*']);
}

function fingerprintOfMember(member: MemberRecord, options: ReadonlySet<unknown>): string {
  const any = fingerprint({ source: member.launch, instanceType: undefined });
  return options.has(any)
    ? any
    : fingerprint({ source: member.launch, instanceType: member.instanceType });
}

function isReplaceable(member: MemberRecord, { preferences }: RefreshRecord): boolean {
  if (member.state === 'Standby') return preferences.StandbyInstances === 'Terminate';
  return !member.protectedFromScaleIn || preferences.ScaleInProtectedInstances === 'Refresh';
}

function isReady(
  scope: Scope,
  group: GroupRecord,
  { member, refresh }: { readonly member: MemberRecord; readonly refresh: RefreshRecord },
): boolean {
  if (member.state !== 'InService' || !member.healthy) return false;
  if (warmEnd(member, refresh) > scope.now()) return false;
  if (!group.healthCheckType.includes('ELB')) return true;
  const targets = scope.tables.targets.where('instance', member.instanceId);
  return group.targetGroups.every(
    ({ arn, state }) =>
      state === 'Removing' ||
      scope.tables.targetGroups.find(arn) === undefined ||
      targets.some((target) => target.targetGroupArn === arn && target.state === 'healthy'),
  );
}

function warmEnd(member: MemberRecord, { preferences }: RefreshRecord): number {
  return (member.inServiceAt ?? 0) + (preferences.InstanceWarmup ?? 0) * 1000;
}

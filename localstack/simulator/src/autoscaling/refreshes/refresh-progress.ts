import { alarmState } from '../../world/alarm.js';
import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import { findActiveRefresh, isActiveRefresh } from './active-refresh.js';
import { awaken, isLeaving } from '../groups/group-access.js';
import { countByZone } from '../members/launching.js';
import {
  checkpointCount,
  checkpointsOf,
  endableNow,
  isHalted,
  openUntilCheckpoint,
  viewOf,
  type RefreshView,
} from './refresh-plan.js';
import type { GroupRecord, MemberRecord, RefreshRecord } from '../records.js';
import { terminateMember } from '../members/terminating.js';

/** "An instance refresh fails if it cannot proceed for an hour." */
const STUCK_SECONDS = 3600;

/**
 * An instance refresh: Pending → InProgress (→ checkpoint → InProgress) → Baking → Successful; Cancelling → Cancelled;
 * Failed, or with automatic rollback RollbackInProgress → RollbackSuccessful | RollbackFailed. It goes on whenever
 * the group has looked at itself, and stands still while Launch, Terminate or InstanceRefresh is suspended.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-instance-refresh-default-values.html
 */
export const refreshTransitions: Readonly<Record<string, Transition>> = {
  'refresh:advanced': (scope, name) => {
    const group = scope.tables.groups.find(name);
    const refresh = findActiveRefresh(scope, name);
    if (group === undefined || group.deleting || refresh === undefined) return;
    const view = viewOf(scope, group, refresh);
    const noted = noteProgress(scope, refresh, view);
    const alarm = firingAlarm(scope, noted);
    if (noted.status === 'Cancelling') finishCancelling(scope, noted, view);
    else if (alarm !== undefined)
      failRefresh(scope, noted, `An alarm is in the ALARM state: ${alarm}.`);
    else if (!isHalted(group)) advance(scope, group, { refresh: noted, view });
    planNext(scope, name, view);
  },
  'refresh:stuck': (scope, name) => {
    const refresh = findActiveRefresh(scope, name);
    if (refresh === undefined) return;
    const reason = 'The instance refresh could not replace an instance for an hour.';
    failRefresh(scope, refresh, reason);
  },
};

/** An alarm has another state: refreshes that watch it look at it. */
export const refreshAlarmChanged: Transition = (scope, alarmName) => {
  for (const refresh of scope.tables.refreshes.all()) {
    const isWatching = refresh.preferences.AlarmSpecification?.Alarms?.includes(alarmName) === true;
    if (isWatching && isActiveRefresh(refresh))
      scope.schedule('refresh:advanced', refresh.group, 0);
  }
};

/** Goes back to what the group launched from before. The caller has checked that this can be done. */
export function beginRollback(scope: Scope, refresh: RefreshRecord, reason: string): void {
  scope.tables.refreshes.update(refresh.id, {
    status: 'RollbackInProgress',
    statusReason: reason,
    waitsUntil: undefined,
    movedAt: scope.now(),
    rollback: {
      reason,
      startedAt: scope.now(),
      percentageComplete: refresh.percentageComplete,
      instancesToUpdate: refresh.instancesToUpdate,
    },
  });
  scope.cancel('refresh:stuck', refresh.group);
  awaken(scope, refresh.group);
}

/** A version that is a number can be gone back to; `$Latest` and `$Default` cannot. */
export function canRollBack({ wanted, plan, previous }: RefreshRecord): boolean {
  if (wanted === undefined) return false;
  return [plan, previous].every(
    ({ launch }) => launch.kind === 'configuration' || /^\d+$/.test(launch.version),
  );
}

function advance(
  scope: Scope,
  group: GroupRecord,
  { refresh, view }: { readonly refresh: RefreshRecord; readonly view: RefreshView },
): void {
  const status = refresh.status === 'Pending' ? 'InProgress' : refresh.status;
  const now = scope.now();
  if (refresh.waitsUntil !== undefined && now < refresh.waitsUntil) return;
  if (refresh.status === 'Baking') {
    succeed(scope, group, refresh);
    return;
  }
  const isPast = refresh.waitsUntil !== undefined;
  const going: RefreshRecord = {
    ...refresh,
    status,
    waitsUntil: undefined,
    checkpointsPassed: refresh.checkpointsPassed + (isPast ? 1 : 0),
    movedAt: isPast ? now : refresh.movedAt,
  };
  scope.tables.refreshes.put(refresh.id, going);
  // Only now may the group launch for it.
  if (isPast || refresh.status === 'Pending') awaken(scope, group.name);
  const checkpoints = checkpointsOf(going);
  const passedAll = checkpoints.length > 0 && going.checkpointsPassed >= checkpoints.length;
  const done = Math.min(view.ready.length, view.total - view.stale.length);
  if (passedAll || (view.stale.length === 0 && done >= view.total)) finish(scope, group, going);
  else if (checkpoints.length > 0 && done >= checkpointCount(view, going))
    waitAtCheckpoint(scope, going);
  else replaceSome(scope, going, view);
}

function replaceSome(scope: Scope, refresh: RefreshRecord, view: RefreshView): void {
  const count = Math.min(endableNow(view, refresh), openUntilCheckpoint(view, refresh));
  const [warming] = view.fresh.filter((member) => !view.ready.includes(member));
  const statusReason =
    warming === undefined
      ? undefined
      : `Waiting for instances to warm up before continuing. For example: ${warming.instanceId} is warming up.`;
  for (let ended = 0; ended < count; ended += 1) {
    const member = nextToReplace(scope, refresh.group, view);
    if (member === undefined) break;
    const cause = `At ${scope.timestamp()} an instance was taken out of service in response to an instance refresh.`;
    terminateMember(scope, member, { cause });
  }
  const hasMoved = count > 0 && view.replaceable.length > 0;
  scope.tables.refreshes.update(refresh.id, {
    statusReason,
    ...(hasMoved ? { movedAt: scope.now() } : {}),
  });
  if (hasMoved) awaken(scope, refresh.group);
}

/** In the fullest zone first, so that what is launched in the emptiest keeps the zones even. */
function nextToReplace(
  scope: Scope,
  groupName: string,
  view: RefreshView,
): MemberRecord | undefined {
  const group = scope.tables.groups.find(groupName);
  if (group === undefined) return undefined;
  const counts = countByZone(scope, group);
  const present = view.replaceable.filter((member) => {
    const now = scope.tables.members.find(member.instanceId);
    return now !== undefined && !isLeaving(now);
  });
  const fullest = Math.max(0, ...present.map(({ zone }) => counts.get(zone) ?? 0));
  return present.find(({ zone }) => (counts.get(zone) ?? 0) === fullest);
}

function waitAtCheckpoint(scope: Scope, refresh: RefreshRecord): void {
  const { CheckpointDelay: seconds = 3600 } = refresh.preferences;
  scope.tables.refreshes.update(refresh.id, {
    waitsUntil: scope.now() + seconds * 1000,
    statusReason: `Waiting for the checkpoint delay of ${seconds} seconds to pass before continuing.`,
  });
}

function finish(scope: Scope, group: GroupRecord, refresh: RefreshRecord): void {
  const bakeSeconds = refresh.rollback === undefined ? (refresh.preferences.BakeTime ?? 0) : 0;
  if (bakeSeconds === 0) {
    succeed(scope, group, refresh);
    return;
  }
  scope.tables.refreshes.update(refresh.id, {
    status: 'Baking',
    statusReason: `Baking for ${bakeSeconds} seconds.`,
    waitsUntil: scope.now() + bakeSeconds * 1000,
  });
}

/** "Once the refresh succeeds, Auto Scaling updates the group to reflect the new desired configuration." */
function succeed(scope: Scope, group: GroupRecord, refresh: RefreshRecord): void {
  if (refresh.rollback !== undefined) {
    endRefresh(scope, refresh, { status: 'RollbackSuccessful', reason: refresh.rollback.reason });
    return;
  }
  if (refresh.wanted !== undefined) {
    const { MixedInstancesPolicy: _old, ...extras } = group.extras;
    const { launch, policy } = refresh.plan;
    scope.tables.groups.update(group.name, {
      launch,
      extras: policy === undefined ? extras : { ...extras, MixedInstancesPolicy: policy },
    });
  }
  endRefresh(scope, refresh, { status: 'Successful', reason: undefined });
}

function failRefresh(scope: Scope, refresh: RefreshRecord, reason: string): void {
  if (refresh.rollback !== undefined)
    endRefresh(scope, refresh, { status: 'RollbackFailed', reason });
  else if (refresh.preferences.AutoRollback === true && canRollBack(refresh))
    beginRollback(scope, refresh, reason);
  else endRefresh(scope, refresh, { status: 'Failed', reason });
}

function finishCancelling(scope: Scope, refresh: RefreshRecord, view: RefreshView): void {
  // Replacements that are under way come to their end first.
  if (view.fresh.some(({ state }) => state !== 'InService')) return;
  endRefresh(scope, refresh, { status: 'Cancelled', reason: 'Cancelled due to user request.' });
}

function endRefresh(
  scope: Scope,
  refresh: RefreshRecord,
  end: {
    readonly status: RefreshRecord['status'];
    readonly reason: string | undefined;
  },
): void {
  scope.tables.refreshes.update(refresh.id, {
    status: end.status,
    statusReason: end.reason,
    endedAt: scope.now(),
    waitsUntil: undefined,
  });
  scope.cancel('refresh:stuck', refresh.group);
  awaken(scope, refresh.group);
}

function noteProgress(scope: Scope, refresh: RefreshRecord, view: RefreshView): RefreshRecord {
  const { percentageComplete, instancesToUpdate } = view;
  if (
    percentageComplete === refresh.percentageComplete &&
    instancesToUpdate === refresh.instancesToUpdate
  )
    return refresh;
  const movedAt = scope.now();
  const change = { percentageComplete, instancesToUpdate, movedAt };
  return scope.tables.refreshes.update(refresh.id, change) ?? refresh;
}

/** The alarm that has made a refresh go back would else end the way back too. */
function firingAlarm(scope: Scope, { preferences, rollback }: RefreshRecord): string | undefined {
  if (rollback !== undefined) return undefined;
  const names = preferences.AlarmSpecification?.Alarms ?? [];
  return names.find((name) => alarmState(scope, name) === 'ALARM');
}

/** Plans when to look again: at the end of a wait or of a warm-up, and after an hour without progress. */
function planNext(scope: Scope, group: string, view: RefreshView): void {
  const refresh = findActiveRefresh(scope, group);
  if (refresh === undefined) return;
  const now = scope.now();
  const nextAt = refresh.waitsUntil ?? view.warmAt;
  if (nextAt > now) scope.schedule('refresh:advanced', group, (nextAt - now) / 1000);
  const stuckAt = Math.max(refresh.movedAt, nextAt) + STUCK_SECONDS * 1000;
  scope.reschedule('refresh:stuck', group, Math.max(0, stuckAt - now) / 1000);
}

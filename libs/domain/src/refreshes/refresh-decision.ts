import type { LaunchTemplateVersionRef, ServerGroupView } from '../groups/cluster.js';
import type { ErrorRecord } from '../errors.js';
import {
  isActiveRefresh,
  isSameVersion,
  refreshInWords,
  versionKey,
  type InstanceRefreshView,
  type RefreshRestoreState,
} from './instance-refresh.js';

/** Whether the refresh is ours: its desired configuration names the version that our operation made. Nothing else counts. */
export function isOurRefresh(
  refresh: Pick<InstanceRefreshView, 'desired'>,
  ours: LaunchTemplateVersionRef | null,
): boolean {
  return isSameVersion(refresh.desired, ours);
}

/** What stands in the way of starting a refresh: nothing, ours (in whatever state), or somebody else's that is active. */
export type StartDecision =
  | { readonly kind: 'start' }
  | { readonly kind: 'ours' | 'foreign'; readonly refresh: InstanceRefreshView };

/** One of ours is never started twice, also when it has ended; another's is waited for. `newestFirst` as AWS gives them. */
export function decideStart(
  newestFirst: readonly InstanceRefreshView[],
  ours: LaunchTemplateVersionRef,
): StartDecision {
  const own = newestFirst.find((refresh) => isOurRefresh(refresh, ours));
  if (own !== undefined) return { kind: 'ours', refresh: own };
  const foreign = newestFirst.find(isActiveRefresh);
  return foreign === undefined ? { kind: 'start' } : { kind: 'foreign', refresh: foreign };
}

/** How our own refresh stands, seen from a deploy that goes forward. */
export type ForwardDecision =
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly error: ErrorRecord };

/**
 * A deploy that goes forward never cancels or rolls back, so that who did was somebody else (CHANGED_BY_SOMEONE_ELSE), or
 * Auto Scaling itself after an alarm or a failure (INSTANCE_REFRESH_FAILED, in its words). Total over all statuses.
 */
export function decideForward(
  serverGroup: string,
  refresh: InstanceRefreshView,
  newestFirst: readonly InstanceRefreshView[],
): ForwardDecision {
  switch (refresh.status) {
    case 'Pending':
    case 'InProgress':
    case 'Baking':
    case 'Unknown':
      return { kind: 'running' };
    case 'Successful':
      return { kind: 'succeeded' };
    case 'Failed':
      return failed('INSTANCE_REFRESH_FAILED', serverGroup, { refresh, how: 'failed' });
    case 'Cancelling':
    case 'Cancelled':
      return failed('CHANGED_BY_SOMEONE_ELSE', serverGroup, {
        refresh,
        how: 'was cancelled by someone else',
        other: startedSince(refresh, newestFirst),
      });
    case 'RollbackInProgress':
    case 'RollbackSuccessful':
    case 'RollbackFailed':
      return byHand.test(refresh.rollbackReason ?? '')
        ? failed('CHANGED_BY_SOMEONE_ELSE', serverGroup, {
            refresh,
            how: 'was rolled back by someone else',
          })
        : failed('INSTANCE_REFRESH_FAILED', serverGroup, {
            refresh,
            how: 'is rolled back by Auto Scaling',
          });
  }
}

/** How AWS tells a rollback by hand from its own (API_RollbackDetails: "whether a manual or automatic rollback"). */
const byHand = /\b(user|manual(ly)?)\b/i;

interface RefreshFailure {
  readonly refresh: InstanceRefreshView;
  /** What became of it, as the rest of a sentence. */
  readonly how: string;
  /** The refresh that somebody else has started since, if there is one. */
  readonly other?: InstanceRefreshView | undefined;
}

function failed(
  code: 'CHANGED_BY_SOMEONE_ELSE' | 'INSTANCE_REFRESH_FAILED',
  serverGroup: string,
  { refresh, how, other }: RefreshFailure,
): ForwardDecision {
  const { refreshId, status, percentComplete } = refresh;
  const reason = refresh.rollbackReason ?? refresh.statusReason;
  const said = reason === null || reason === '' ? '' : ` AWS says: ${reason}`;
  const since = other && ` Since then there is ${refreshInWords(other)}, which is left alone.`;
  return {
    kind: 'failed',
    error: {
      code,
      message: `The instance refresh ${refreshId} of ${serverGroup} ${how} at ${percentComplete} %.${said}${since ?? ''}`,
      details: {
        serverGroup,
        refreshId,
        status,
        percentComplete,
        reason,
        otherRefreshId: other?.refreshId ?? null,
      },
    },
  };
}

/** One that was started after ours: AWS allows one at a time, so ours was ended for it. */
function startedSince(
  refresh: InstanceRefreshView,
  newestFirst: readonly InstanceRefreshView[],
): InstanceRefreshView | undefined {
  return newestFirst.find(
    (one) => one.refreshId !== refresh.refreshId && one.startedAt >= refresh.startedAt,
  );
}

/** Everything that an undo decides on, read just before. */
export interface UndoRefreshFacts {
  readonly restore: RefreshRestoreState;
  /** The version that our operation made; null: it made none. */
  readonly ours: LaunchTemplateVersionRef | null;
  readonly newestFirst: readonly InstanceRefreshView[];
  readonly group: ServerGroupView;
}

/** What an undo does next. `wait`: a refresh is active that is not ours to end, or is on its way back already. */
export type UndoRefreshDecision =
  | { readonly kind: 'rollBack'; readonly refresh: InstanceRefreshView }
  | { readonly kind: 'wait'; readonly refresh: InstanceRefreshView }
  | { readonly kind: 'reverse' }
  | { readonly kind: 'restored'; readonly note: string | null }
  | { readonly kind: 'refused'; readonly error: ErrorRecord };

/**
 * Ours in progress is rolled back; another's is waited for. Once none is active, instances of our version, or a group that
 * launches from it (ours has succeeded), need a refresh to the recorded version. A launch template that somebody else has
 * set meanwhile is never overwritten: with none of our instances left there is nothing to undo, else it is refused.
 */
export function decideUndoRefresh(facts: UndoRefreshFacts): UndoRefreshDecision {
  const { newestFirst, ours } = facts;
  const active = newestFirst.find(isActiveRefresh);
  if (active !== undefined) {
    const goesForward = ['Pending', 'InProgress', 'Baking'].includes(active.status);
    const isToRollBack = isOurRefresh(active, ours) && goesForward;
    return { kind: isToRollBack ? 'rollBack' : 'wait', refresh: active };
  }
  const { group, restore } = facts;
  const left = ours === null ? 0 : instancesOf(group, ours);
  const launchesOurs = isSameVersion(group.launchTemplate, ours);
  const launchesRecorded = isRecorded(group.launchTemplate, restore);
  if (left === 0 && !launchesOurs) {
    return { kind: 'restored', note: launchesRecorded ? null : `left as it is: ${others(group)}` };
  }
  if (launchesOurs || launchesRecorded) return { kind: 'reverse' };
  return { kind: 'refused', error: changed(facts, left) };
}

/** Whether the group launches from what was recorded, as it was given or as the number that it meant. */
export function isRecorded(
  launchTemplate: LaunchTemplateVersionRef | null | undefined,
  { launch }: RefreshRestoreState,
): boolean {
  const { launchTemplateId, specified } = launch;
  return (
    isSameVersion(launchTemplate, launch) ||
    isSameVersion(launchTemplate, { launchTemplateId, version: specified })
  );
}

/** Instances of that version that are not on their way out. */
export function instancesOf(group: ServerGroupView, version: LaunchTemplateVersionRef): number {
  return group.instances.filter(
    (one) =>
      !one.lifecycleState.startsWith('Terminat') && isSameVersion(one.launchTemplate, version),
  ).length;
}

function changed({ group, ours, restore }: UndoRefreshFacts, left: number): ErrorRecord {
  return {
    code: 'CHANGED_BY_SOMEONE_ELSE',
    message:
      `${left} instances of ${group.name} run ${versionKey(ours)}, which this stage made, but ${others(group)}. ` +
      `That is not overwritten. Before this stage it launched from ${versionKey(restore.launch)}.`,
    details: {
      serverGroup: group.name,
      instances: left,
      version: versionKey(ours),
      recorded: versionKey(restore.launch),
      found: versionKey(group.launchTemplate),
    },
  };
}

function others(group: ServerGroupView): string {
  const now = versionKey(group.launchTemplate);
  return `somebody else lets ${group.name} launch from ${now === '' ? 'something else' : now} now`;
}

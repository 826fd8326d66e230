import type {
  AwsWriteActivities,
  RollbackInstanceRefreshInput,
  RolledBackInstanceRefresh,
} from '@gennaker/contract/wire';
import {
  decideUndoRefresh,
  GennakerError,
  isActiveRefresh,
  stillStarting,
  type InstanceRefreshView,
  type LaunchTemplateVersionRef,
  type RefreshRestoreState,
  type ServerGroupView,
  type UndoRefreshDecision,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { writing } from '../../call-options.js';
import { throwTrouble, unexpectedLooksMin, vanishedLooksMin } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { findPersistently } from '../../observe/persistently.js';
import { findOurVersion, readRefreshes, verifyRefresh } from '../../observe/refreshes.js';
import { isSameGroup } from '../../observe/same-group.js';
import {
  watchServerGroup,
  withoutHealth,
  type Observed,
} from '../../observe/watch-server-group.js';

/**
 * One step back from a refresh of ours: RollbackInstanceRefresh while it runs; CancelInstanceRefresh where AWS cannot roll
 * back; StartInstanceRefresh to the recorded version once it has ended with instances of ours left. What to do is decided
 * by what AWS shows now, so that a repeat goes on from there. Nobody else's refresh is touched, and no launch template that
 * somebody else has set. Until `settleUntil` nothing begins while instances are {@link stillStarting}. `restored`: nothing of
 * ours is left. Throws CHANGED_BY_SOMEONE_ELSE.
 */
export function createRollbackInstanceRefresh({
  aws,
  clock,
}: AwsActivityDependencies): AwsWriteActivities['rollbackInstanceRefresh'] {
  return async (input) => {
    const { context, subject, restore, versionOperationKey, settleUntil } = input;
    const observed = observedSubject(aws, subject, context.priority);
    const ours = await findOurVersion(observed, restore.launch, versionOperationKey);
    const settles = settleUntil !== undefined && clock.now().toISOString() < settleUntil;
    const on = { restore, ours };
    const found = settles ? await decideByHealth(observed, on) : await decide(observed, on);
    if (found === 'gone') return gone;
    const { decision, group, starting } = found;
    const begins = decision.kind === 'rollBack' || decision.kind === 'reverse';
    if (begins && starting > 0) return { state: 'settling', starting };
    switch (decision.kind) {
      case 'rollBack':
        return rollBack(observed, decision.refresh);
      case 'wait':
        return { state: 'waiting', refreshId: decision.refresh.refreshId };
      case 'reverse':
        return reverse(observed, input);
      case 'restored':
        return {
          state: 'restored',
          note: decision.note,
          instancesHealthyMin: Math.min(restore.instancesInService, group.capacity.desired),
        };
      case 'refused':
        throw new GennakerError(decision.error.code, decision.error.message, {
          details: decision.error.details,
        });
    }
  };
}

const gone: RolledBackInstanceRefresh = {
  state: 'restored',
  note: 'left as it is: the server group is gone, or is being deleted',
  /** Nothing is left that could be healthy. */
  instancesHealthyMin: 0,
};

interface Found {
  readonly decision: UndoRefreshDecision;
  readonly group: ServerGroupView;
  /** See {@link stillStarting}; 0 where health was not read. */
  readonly starting: number;
}

interface DecidedOn {
  readonly restore: RefreshRestoreState;
  readonly ours: LaunchTemplateVersionRef | null;
}

/**
 * RollbackInstanceRefresh names the group only, so that a look that is too old, and does not show that somebody has put
 * another refresh in the place of ours, would make us roll back that one: a second look, a period later, must agree.
 */
const rollBackLooksMin = 2;

/** What may not be looked at is not waited for: the way back itself needs no health. */
async function decideByHealth(observed: Observed, on: DecidedOn): Promise<Found | 'gone'> {
  try {
    return await decide(observed, on, true);
  } catch (error) {
    if (!(error instanceof GennakerError) || error.retry !== 'never') throw error;
    return await decide(observed, on);
  }
}

/** What ends an undo, or starts something new, must be seen in several looks in a row: one alone may be stale. */
async function decide(
  observed: Observed,
  { restore, ours }: DecidedOn,
  withHealth = false,
): Promise<Found | 'gone'> {
  let vanished = 0;
  let before: UndoRefreshDecision['kind'] | null = null;
  let looks = 0;
  for await (const event of watchServerGroup(observed, withHealth ? 0 : withoutHealth)) {
    throwTrouble(event);
    if (event.kind === 'seen' && withHealth && !event.withHealth) continue;
    const group = event.kind === 'seen' ? event.serverGroup : null;
    const isThere = group !== null && !group.deleting && isSameGroup(group, restore.arn);
    vanished = isThere ? 0 : vanished + 1;
    if (vanished >= vanishedLooksMin) return 'gone';
    if (!isThere) continue;
    const newestFirst = await readRefreshes(observed);
    const decision = decideUndoRefresh({ restore, ours, newestFirst, group });
    const starting = withHealth ? stillStarting(group, ours) : 0;
    if (decision.kind === 'wait') return { decision, group, starting };
    looks = decision.kind === before ? looks + 1 : 1;
    before = decision.kind;
    if (looks >= looksMin(decision)) return { decision, group, starting };
  }
  throw new Error('the watch ended without a look');
}

function looksMin({ kind }: UndoRefreshDecision): number {
  return kind === 'rollBack' ? rollBackLooksMin : unexpectedLooksMin;
}

async function rollBack(
  observed: Observed,
  refresh: InstanceRefreshView,
): Promise<RolledBackInstanceRefresh> {
  const { region, serverGroup, priority } = observed;
  const waiting = { state: 'waiting', refreshId: refresh.refreshId } as const;
  const { outcome } = await region.rollbackInstanceRefresh(serverGroup, await writing(priority));
  if (outcome !== 'irreversible') return waiting;
  // A repeat gets the same answer, since a rollback cannot be rolled back: only a refresh that still goes on is cancelled.
  const isOnItsWay = await findPersistently(async () => {
    const now = (await readRefreshes(observed)).find((one) => one.refreshId === refresh.refreshId);
    return now === undefined || goesOn(now) ? undefined : true;
  }, observed.signal);
  if (isOnItsWay !== true) await region.cancelInstanceRefresh(serverGroup, await writing(priority));
  return waiting;
}

function goesOn(refresh: InstanceRefreshView): boolean {
  return isActiveRefresh(refresh) && !/^(Cancelling|Rollback)/.test(refresh.status);
}

/** A refresh to what was recorded. One that is in progress by now is looked at in the next round. */
async function reverse(
  observed: Observed,
  { restore, preferences }: RollbackInstanceRefreshInput,
): Promise<RolledBackInstanceRefresh> {
  const { region, serverGroup, priority } = observed;
  const request = { serverGroup, desired: restore.launch, preferences };
  const started = await region.startInstanceRefresh(request, await writing(priority));
  if (started.outcome === 'inProgress') return { state: 'waiting', refreshId: null };
  await verifyRefresh(observed, started.refreshId);
  return { state: 'waiting', refreshId: started.refreshId };
}

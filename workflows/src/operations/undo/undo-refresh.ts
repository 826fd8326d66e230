import type {
  RollbackInstanceRefreshInput,
  RolledBackInstanceRefresh,
} from '@gennaker/contract/wire';
import { isoTime, type UndoEntry } from '@gennaker/domain';
import { sleep } from '@temporalio/workflow';
import { StageFailure } from '../../failures.js';
import { firstPauseMs, longerPause } from './pauses.js';
import type { Undo } from './undo-operation.js';

/**
 * How many steps back there are at most: rolling back, cancelling and refreshing anew are one each, and a refresh of
 * somebody else's, or a look that was too old, costs one more.
 */
const roundsMax = 20;
/** So long, in milliseconds, an instance that starts has to serve: AWS's console gives as much before it counts health checks. */
const settleMsMax = 300_000;

/**
 * Steps back until nothing of ours is left: each round acts by what AWS shows then, and waits until no refresh is active.
 * Then our version goes, the group follows again what it followed, and the recorded number is healthy. Returns what a
 * person should know where somebody else has taken the group over.
 */
export async function rollbackInstanceRefresh(
  undo: Undo,
  entry: Extract<UndoEntry, { operation: 'rollbackInstanceRefresh' }>,
): Promise<string | null> {
  const { subject, restore, versionOperationKey, preferences } = entry;
  const input = { context: undo.operation('refresh', subject), subject };
  const settleUntil = isoTime(Date.now() + settleMsMax);
  const back = { ...input, restore, versionOperationKey, preferences, settleUntil };
  for (let round = 0; round < roundsMax; round += 1) {
    const done = await stepBack(undo, back);
    if (done.state === 'restored') {
      await undo.writes.restoreLaunchTemplate({ ...input, restore, versionOperationKey });
      if (done.note !== null) return done.note;
      const { instancesHealthyMin } = done;
      const healthy = { ...input, instancesHealthyMin, arn: restore.arn };
      await undo.waits.awaitServerGroupHealthy(healthy);
      return null;
    }
    await undo.waits.awaitNoInstanceRefresh(input);
  }
  throw new StageFailure({
    code: 'UNDO_STUCK',
    message: `after ${roundsMax} steps back ${subject.serverGroup} is still not as it was`,
    details: { serverGroup: subject.serverGroup },
  });
}

type SteppedBack = Exclude<RolledBackInstanceRefresh, { readonly state: 'settling' }>;

/** Once the instances that start serve, or have had their time. */
async function stepBack(undo: Undo, back: RollbackInstanceRefreshInput): Promise<SteppedBack> {
  for (let pauseMs = firstPauseMs; ; pauseMs = longerPause(pauseMs)) {
    const done = await undo.writes.rollbackInstanceRefresh(back);
    if (done.state !== 'settling') return done;
    const deadline = back.settleUntil ?? null;
    undo.context.waiting({
      reason: 'healthy',
      message:
        `waits before the way back until every instance of ${back.subject.serverGroup} in service takes requests ` +
        `(not yet: ${done.starting}), for AWS may end others on their account`,
      done: null,
      wanted: null,
      nextLookAt: isoTime(Date.now() + pauseMs),
      deadline,
    });
    await sleep(pauseMs);
  }
}

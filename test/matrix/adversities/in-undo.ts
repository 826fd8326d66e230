import {
  faultOf,
  undoneFrom,
  type Adversity,
  type RunningScene,
  type Scouted,
} from '../adversity.js';
import { cancel } from '../by-hand.js';
import { denied, lostReply, shortSeconds } from './on-aws.js';
import { storm } from './outages.js';

/** Longer than an undo takes in which the worker dies again and again. */
const undoMsMax = 120_000;

/** What goes wrong while a late cancel is undone: at each of its entries, with each call that changes something. */
export function inUndo(scouted: Scouted): readonly Adversity[] {
  const from = undoneFrom(scouted.steps.map(({ id }) => id));
  return [
    killedAfterFailure,
    ...scouted.undoEntries.map((entryId) => killedAt(entryId, from)),
    ...scouted.undoMutations.flatMap((action) => [
      struck(`reply lost in the undo: ${action}`, from, { match: { action }, ...lostReply }),
      deniedOnce(action, from),
    ]),
    ...(scouted.undoMutations.length === 0
      ? []
      : // Throttled calls slow the whole account's budget down: the looks of other cells, too.
        [{ ...struck('throttling storm in the undo', from, storm), alone: true, faulty: true }]),
  ];
}

/** The new instances never get healthy; the worker dies as each entry of the undo begins. */
const killedAfterFailure: Adversity = {
  name: 'worker killed in the undo after a failure',
  expects: 'undone',
  timeoutSeconds: shortSeconds,
  before: ({ arena, imageId }) => arena.gennaker.aws.imageFault(imageId),
  during: async ({ arena, watcher }) => {
    const started = () => watcher.events.filter(({ event }) => event.kind === 'undo.entryStarted');
    let kills = 0;
    for (;;) {
      const isNext = () => started().length > kills;
      const next = watcher.until(isNext, undoMsMax).then(() => true);
      if (!(await Promise.race([next, watcher.done.then(isNext)]))) return kills > 0;
      kills += 1;
      await arena.restartWorker();
    }
  },
};

function killedAt(entryId: string, from: string): Adversity {
  return {
    name: `worker killed in the undo of ${entryId}`,
    expects: 'either',
    during: async (scene) => {
      if (!(await cancelledAt(scene, from)) || !(await scene.undoing(entryId))) return false;
      await scene.arena.restartWorker();
      return true;
    },
  };
}

/** The fault is set before the cancel: calls of the last forward step may meet it too, which changes nothing. */
function struck(name: string, from: string, rule: Readonly<Record<string, unknown>>): Adversity {
  return {
    name,
    expects: 'either',
    during: async (scene) => {
      if (!(await scene.reached(from))) return false;
      await scene.arena.fault(scene.fleet, { id: faultOf(scene), ...rule });
      await cancel(scene);
      return true;
    },
  };
}

/** A person is asked, allows it, and retries: what is left is undone, and the deploy made anew. */
function deniedOnce(action: string, from: string): Adversity {
  return {
    ...struck(`denied in the undo: ${action}`, from, denied(action)),
    mayNeedAttention: true,
    lift: (scene) => scene.arena.gennaker.aws.clearFault(faultOf(scene)),
  };
}

async function cancelledAt(scene: RunningScene, stepId: string): Promise<boolean> {
  if (!(await scene.reached(stepId))) return false;
  await cancel(scene);
  return true;
}

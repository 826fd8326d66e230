import { randomBytes } from 'node:crypto';
import { AssertionError } from 'node:assert/strict';
import { readError } from '../refusal.js';
import { Skipped, type Capability, type Stage } from '../stage.js';
import { RecordedClients } from './clients.js';
import type { Played, Wiring } from './target.js';

export interface StageSettings {
  readonly wiring: Wiring;
  /** How long between two looks, and how many looks at most. */
  readonly looks: { readonly secondsBetween: number; readonly max: number };
  readonly passTime: (seconds: number) => Promise<void>;
  /** Why the target does not allow something; `undefined`: it does. */
  readonly refusesTo: (capability: Capability) => string | undefined;
  readonly failHealthChecks: (imageId: string) => Promise<void>;
  /** Begins every name. */
  readonly prefix: string;
}

const TAG_KEY = 'gennaker-contract';

/** Plays on a fresh stage, then undoes what the play has made, the last first. */
export async function playOn<T>(
  settings: StageSettings,
  play: (stage: Stage) => Promise<T>,
): Promise<Played<T>> {
  const clients = new RecordedClients(settings.wiring);
  const undos: (() => Promise<unknown>)[] = [];
  const run = randomBytes(3).toString('hex');
  const stage: Stage = {
    ...clients.open(),
    region: settings.wiring.settings.region,
    tag: { Key: TAG_KEY, Value: run },
    name: (base) => `${settings.prefix}${base}-${run}`,
    clientsOf: (credentials) => clients.open(credentials),
    passTime: settings.passTime,
    eventually: async (what, look, isSo) => eventually(settings, { what, look, isSo }),
    failHealthChecks: settings.failHealthChecks,
    atEnd: (undo) => undos.push(undo),
    needs: (capability) => {
      const reason = settings.refusesTo(capability);
      if (reason !== undefined) throw new Skipped(reason);
    },
  };
  const end = await settledAs(play(stage));
  // What tidying up finds missing, or calls, says nothing about the scenario.
  const { missing } = clients;
  const operations = new Set(clients.operations);
  const leftBehind = await undoAll(undos);
  clients.close();
  return { end, operations, missing, leftBehind };
}

async function settledAs<T>(play: Promise<T>): Promise<Played<T>['end']> {
  return play.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** What is still in use when its turn comes is tried once more after the rest. */
async function undoAll(undos: readonly (() => Promise<unknown>)[]): Promise<readonly string[]> {
  const inUse = (await undoEach(undos.toReversed())).map(({ undo }) => undo);
  return (await undoEach(inUse)).map(({ because }) => because);
}

type Undo = () => Promise<unknown>;

async function undoEach(
  undos: readonly Undo[],
): Promise<readonly { readonly undo: Undo; readonly because: string }[]> {
  const left: { readonly undo: Undo; readonly because: string }[] = [];
  for (const undo of undos) {
    try {
      await undo();
    } catch (error) {
      if (isGone(error)) continue;
      const { code, message } = readError(error);
      left.push({ undo, because: `${code}: ${message}` });
    }
  }
  return left;
}

/** What somebody else has undone already, the scenario itself perhaps, is not left behind. */
function isGone(error: unknown): boolean {
  return /NotFound|Unavailable/.test(readError(error).code);
}

async function eventually<T>(
  settings: StageSettings,
  wish: { what: string; look: () => Promise<T>; isSo: (seen: T) => boolean },
): Promise<T> {
  const { secondsBetween, max } = settings.looks;
  let seen = await wish.look();
  for (let look = 1; !wish.isSo(seen); look += 1) {
    if (look >= max) {
      throw new AssertionError({
        message: `expected ${wish.what}; the last of ${max} looks saw ${JSON.stringify(seen)}`,
      });
    }
    await settings.passTime(secondsBetween);
    seen = await wish.look();
  }
  return seen;
}

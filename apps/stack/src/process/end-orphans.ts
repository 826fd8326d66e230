import { setTimeout as pause } from 'node:timers/promises';

import { isRunning, signalProcess } from './process-identity.js';
import type { RecordedChild } from './run-record.js';

/** What an orphan gets to end by itself before it is killed. */
const GRACE_MS = 5_000;
/** A killed process is gone at once unless it hangs in the kernel. */
const AFTER_KILL_MS = 5_000;
/** How often the end of a process is looked for; nobody feels a tenth of a second. */
const LOOK_EVERY_MS = 25;

/** The children of an earlier start that still run. A process with a reused id is none of them. */
export function findOrphans(children: readonly RecordedChild[]): readonly RecordedChild[] {
  return children.filter(isRunning);
}

/**
 * Ends orphans, the last started first: asks, and kills after five seconds. Every service goes on
 * where it was after a kill, so nothing is lost by the haste. Throws when one survives the kill.
 */
export async function endOrphans(orphans: readonly RecordedChild[]): Promise<void> {
  for (const orphan of orphans.toReversed()) {
    signalProcess(orphan, orphan.stopSignal);
    if (await hasEnded(orphan, GRACE_MS)) {
      continue;
    }
    signalProcess(orphan, 'SIGKILL');
    if (!(await hasEnded(orphan, AFTER_KILL_MS))) {
      throw new Error(`${orphan.name} (process ${orphan.pid}) does not end, not even by kill -9`);
    }
  }
}

async function hasEnded(orphan: RecordedChild, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isRunning(orphan)) {
    if (performance.now() > deadline) {
      return false;
    }
    await pause(LOOK_EVERY_MS);
  }
  return true;
}

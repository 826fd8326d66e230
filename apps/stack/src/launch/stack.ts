import path from 'node:path';

import { startGuard } from '../process/guard.js';
import type { Guard } from '../process/guard.js';
import { endOrphans, findOrphans } from '../process/end-orphans.js';
import { readRunRecord } from '../process/run-record.js';
import { runStep } from '../setup/console.js';
import type { SetupFailure } from '../setup/setup-failure.js';
import { createChildLedger } from './child-ledger.js';
import type { ChildLedger } from './child-ledger.js';
import { claimDataFolder } from './data-folder.js';
import type { StackOptions } from './stack-options.js';
import { startParts } from './start-parts.js';
import type { StackAddresses } from './start-parts.js';
import { supervise } from './supervise.js';
import type { SupervisedPart } from './supervise.js';

/** A stack of which every part is ready. */
export interface RunningStack {
  readonly addresses: StackAddresses;
  /** Settles with the failure when a part falls again and again. Never, otherwise. */
  readonly failed: Promise<SetupFailure>;
}

/**
 * Starts every part in order, runs `use`, and ends every part in reverse order, whatever happens:
 * the end of `use`, a failure, or the wish to stop. Throws SetupFailure, or the reason of `stopping`.
 * `onLedger` is given the children as soon as there may be any, for a kill in a hurry.
 */
export async function withStack<T>(
  options: StackOptions,
  onLedger: (ledger: ChildLedger) => void,
  use: (stack: RunningStack) => Promise<T>,
): Promise<T> {
  const { settings, console, stopping } = options;
  const releaseFolder = claimDataFolder(settings.dataDir);
  const guard = startGuard();
  if (options.temporary) {
    guard.removeAfterwards(settings.dataDir);
  }
  // A use that ends by itself is the end of the stack too: what stops then is not to be started again.
  const useIsOver = new AbortController();
  const ending = AbortSignal.any([stopping, useIsOver.signal]);
  try {
    const ledger = await takeOver(options, guard);
    onLedger(ledger);
    try {
      return await unlessStopped(
        stopping,
        bringUp({ ...options, stopping: ending }, ledger, guard).then(use),
      );
    } finally {
      useIsOver.abort(new Error('the stack is no longer used'));
      await ledger.stopAll((text) => console.line(`  ${text}`));
    }
  } finally {
    releaseFolder();
    await guard.close();
  }
}

/** Ends what an earlier start left running; only then its record may be overwritten. */
async function takeOver(options: StackOptions, guard: Guard): Promise<ChildLedger> {
  const { settings, console } = options;
  const recordFile = path.join(settings.dataDir, 'run.json');
  const orphans = findOrphans(readRunRecord(recordFile)?.children ?? []);
  if (orphans.length > 0) {
    const names = orphans.map((orphan) => `${orphan.name} (process ${orphan.pid})`).join(', ');
    await runStep(console, `Ending what an earlier start left running: ${names}`, () =>
      endOrphans(orphans),
    );
  }
  const { ports } = settings;
  const byPart = { ...ports, 'stand-in': ports.standIn };
  return createChildLedger({ recordFile, guard, ports: byPart });
}

async function bringUp(
  options: StackOptions,
  ledger: ChildLedger,
  guard: Guard,
): Promise<RunningStack> {
  const { addresses, parts } = await startParts(options, ledger, guard);
  const say = (text: string): void => options.console.line(`! ${text}`);
  const failed = new Promise<SetupFailure>((resolve) => {
    const watch = async (part: SupervisedPart): Promise<void> => {
      const failure = await supervise(part, { say, stopping: options.stopping });
      if (failure !== undefined) {
        resolve(failure);
      }
    };
    for (const part of parts) {
      void watch(part);
    }
  });
  return { addresses, failed };
}

/** A set-up that is given up ends with an error of its own later, which nobody needs. */
async function unlessStopped<T>(stopping: AbortSignal, work: Promise<T>): Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => reject(stopping.reason as Error);
    stopping.addEventListener('abort', stop, { once: true });
    if (stopping.aborted) {
      stop();
    }
  });
  return Promise.race([work, stopped]);
}

import { setTimeout as pause } from 'node:timers/promises';

import type { Child, ChildExit } from '../process/child.js';
import { endedEarly } from '../process/child.js';
import { logTail } from '../process/log-tail.js';
import type { SetupFailure } from '../setup/setup-failure.js';
import { messageOf } from '../setup/setup-failure.js';
import { StackIsStopping } from './child-ledger.js';

/** A part that is started again when it ends although nobody asked it to. */
export interface SupervisedPart {
  readonly child: Child;
  /** Starts it again in the same place; resolves when it is ready. */
  readonly restart: () => Promise<Child>;
}

/** How the supervisor speaks and when it ends. */
export interface SupervisionOptions {
  readonly say: (text: string) => void;
  /** Aborted when the stack is told to stop. */
  readonly stopping: AbortSignal;
}

/** Long enough that a part that cannot start does not use up the machine. */
const FIRST_PAUSE_MS = 500;
/** A part that falls again and again is tried twice a minute, so that it comes back soon after its cause is gone. */
const LONGEST_PAUSE_MS = 30_000;
/** A part that ran this long had recovered; its next fall counts as the first. */
const RECOVERED_AFTER_MS = 60_000;
const FALLS_AT_MOST = 10;

/**
 * Watches one part for the life of the stack and starts it again when it falls: after 0.5 s, then
 * twice as long each time, 30 s at most. Resolves with undefined when the stack stops, and with the
 * failure after ten falls without a minute of running in between.
 */
export async function supervise(
  part: SupervisedPart,
  options: SupervisionOptions,
): Promise<SetupFailure | undefined> {
  let { child } = part;
  let upSince = performance.now();
  for (let falls = 1; ; falls += 1) {
    const exit = await child.exited;
    if (options.stopping.aborted) {
      return undefined;
    }
    falls = performance.now() - upSince > RECOVERED_AFTER_MS ? 1 : falls;
    if (falls > FALLS_AT_MOST) {
      return endedEarly(child, exit, [
        `It ended ${falls} times in a row. Look into ${child.logFile}.`,
      ]);
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (falls - 1), LONGEST_PAUSE_MS);
    options.say(describeFall(child, exit, pauseMs));
    try {
      await pause(pauseMs, undefined, { signal: options.stopping });
      child = await part.restart();
      upSince = performance.now();
      options.say(`${child.name} runs again as process ${child.process.pid}`);
    } catch (error) {
      if (options.stopping.aborted || error instanceof StackIsStopping) {
        return undefined;
      }
      // The child is still the old one, which has ended: the loop comes round with a longer pause.
      upSince = performance.now();
      options.say(`${child.name} could not be started again: ${messageOf(error)}`);
    }
  }
}

function describeFall(child: Child, exit: ChildExit, pauseMs: number): string {
  const how = exit.signal === null ? `with status ${exit.code ?? '?'}` : `by ${exit.signal}`;
  return `${child.name} (process ${child.process.pid}) ended ${how}; starting it again in ${pauseMs / 1_000} s. The last of ${child.logFile}:\n${logTail(child.logFile, 5)}`;
}

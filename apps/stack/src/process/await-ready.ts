import { setTimeout as pause } from 'node:timers/promises';

import { SetupFailure, messageOf } from '../setup/setup-failure.js';
import { endedEarly } from './child.js';
import type { Child } from './child.js';
import { logTail } from './log-tail.js';

/** How readiness of a child is found out. */
export interface ReadinessProbe {
  /** One attempt: resolves when the child serves, rejects with what was found instead. */
  readonly attempt: () => Promise<void>;
  readonly withinSeconds: number;
  readonly remedies: readonly string[];
  /** Told what each attempt found while it is not ready. */
  readonly onWait?: (found: string) => void;
}

/** A start should not wait longer for the look than for the service. */
const PROBE_EVERY_MS = 50;

/**
 * Waits until a child answers its probe. Fails at once when the child ends, and after
 * `withinSeconds` with the last answer of the probe and the last of the child's log; the child is
 * stopped then.
 */
export async function awaitReady(child: Child, probe: ReadinessProbe): Promise<void> {
  const deadline = performance.now() + probe.withinSeconds * 1_000;
  let ended = false;
  const exit = child.exited.then((result) => {
    ended = true;
    return result;
  });
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      await Promise.race([probe.attempt(), exit]);
      if (!ended) {
        return;
      }
    } catch (error) {
      last = error;
      probe.onWait?.(messageOf(error));
    }
    if (ended) {
      throw endedEarly(child, await exit, probe.remedies);
    }
    await Promise.race([pause(PROBE_EVERY_MS), exit]);
  }
  await child.stop();
  throw new SetupFailure({
    step: `start ${child.name}`,
    why: `it was not ready within ${probe.withinSeconds} s; the last answer: ${messageOf(last)}. The last of ${child.logFile}:\n${logTail(child.logFile)}`,
    remedies: probe.remedies,
    cause: last,
  });
}

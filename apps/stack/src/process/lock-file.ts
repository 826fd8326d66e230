import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { findProcess, isRunning } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

/** What came of trying to take a lock. */
export type LockAttempt =
  | { readonly kind: 'held'; readonly release: () => void }
  | { readonly kind: 'busy'; readonly holder: ProcessIdentity };

/** How often a held lock is looked at; what it guards takes seconds to minutes. */
const LOOK_EVERY_MS = 250;
/** Two that find the same dead holder may get in each other's way this often. */
const STEAL_ATTEMPTS = 20;

/**
 * Takes a lock that is a file naming its holder. The lock of a process that has ended counts for
 * nothing. It is made by link(2), which is atomic, so of two processes one gets it.
 */
export function tryLock(file: string): LockAttempt {
  const own = findProcess(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
  mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${file}.${own.pid}.${performance.now()}`;
  writeFileSync(mine, JSON.stringify(own));
  try {
    for (let attempt = 1; attempt <= STEAL_ATTEMPTS; attempt += 1) {
      if (tryLink(mine, file)) {
        return { kind: 'held', release: () => rmSync(file, { force: true }) };
      }
      const holder = readHolder(file);
      if (holder !== undefined && isRunning(holder)) {
        return { kind: 'busy', holder };
      }
      discard(file, holder);
    }
    throw new Error(`the lock ${file} changed hands ${STEAL_ATTEMPTS} times while it was tried`);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Takes a lock, waiting for its holder for as long as that runs and the signal is not aborted. */
export async function awaitLock(
  file: string,
  onWait: (holder: ProcessIdentity) => void,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  for (;;) {
    const attempt = tryLock(file);
    if (attempt.kind === 'held') {
      return attempt.release;
    }
    onWait(attempt.holder);
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Takes a dead lock away, and puts it back when somebody else took it between our two looks. */
function discard(file: string, dead: ProcessIdentity | undefined): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const taken = readHolder(aside);
  if (taken !== undefined && taken.startedAt !== dead?.startedAt) {
    tryLink(aside, file);
  }
  rmSync(aside, { force: true });
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value && 'startedAt' in value)) {
      return undefined;
    }
    const { pid, startedAt } = value;
    return typeof pid === 'number' && typeof startedAt === 'string'
      ? { pid, startedAt }
      : undefined;
  } catch {
    return undefined;
  }
}

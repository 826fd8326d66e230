import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import {
  findCommandLine,
  findProcess,
  isRunning,
  signalProcess,
} from '../process/process-identity.js';
import type { ProcessIdentity } from '../process/process-identity.js';

/** A fast shutdown of PostgreSQL takes a second or two. */
const STOP_MS = 10_000;
/** How often the end of a process is looked for; nobody feels a tenth of a second. */
const LOOK_EVERY_MS = 25;

/**
 * Makes way for a new server where a kill -9 left `postmaster.pid` behind. A server that still runs
 * on these data is ended (fast shutdown, then kill). Then the file's first line is set to our own id:
 * PostgreSQL takes the id of its parent for stale, where it would refuse the id of a foreign process
 * that got it since, or of a dead one that nobody has waited for yet. It still checks the shared
 * memory that the file names, which removing the file would skip (CreateLockFile in miscinit.c).
 */
export async function clearStalePidFile(dataFolder: string): Promise<void> {
  const file = path.join(dataFolder, 'postmaster.pid');
  const holder = findProcess(Number(readLines(file)[0]));
  if (holder !== undefined && isPostgresOf(holder.pid, dataFolder)) {
    await endServer(holder);
  }
  const left = readLines(file);
  if (left.length > 0) {
    writeFileSync(file, [String(process.pid), ...left.slice(1)].join('\n'));
  }
}

function isPostgresOf(pid: number, dataFolder: string): boolean {
  const command = findCommandLine(pid) ?? '';
  return command.includes('postgres') && command.includes(`-D ${dataFolder} `);
}

async function endServer(server: ProcessIdentity): Promise<void> {
  signalProcess(server, 'SIGINT');
  const deadline = performance.now() + STOP_MS;
  while (isRunning(server) && performance.now() < deadline) {
    await pause(LOOK_EVERY_MS);
  }
  signalProcess(server, 'SIGKILL');
  while (isRunning(server) && performance.now() < deadline + STOP_MS) {
    await pause(LOOK_EVERY_MS);
  }
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

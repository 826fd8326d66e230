import { accessSync, constants, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

import { tryLock } from '../process/lock-file.js';
import { SetupFailure, messageOf } from '../setup/setup-failure.js';
import { PART_ORDER } from './child-ledger.js';

/** What a log may keep from earlier starts; a day of ordinary work is far below it. */
const LOG_BYTES_KEPT = 10_000_000;

/**
 * Takes a data folder for this start alone, making it when it is not there. Returns what gives it
 * back. Throws a SetupFailure when it cannot be written to or another start uses it.
 */
export function claimDataFolder(dataDir: string): () => void {
  try {
    mkdirSync(path.join(dataDir, 'logs'), { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (cause) {
    throw new SetupFailure({
      step: 'open the data folder',
      why: `${dataDir} cannot be written to: ${messageOf(cause)}`,
      remedies: ['Set GENNAKER_DATA_DIR to a folder that you may write to.'],
      cause,
    });
  }
  const lock = tryLock(path.join(dataDir, 'launcher.lock'));
  if (lock.kind === 'busy') {
    throw new SetupFailure({
      step: 'open the data folder',
      why: `${dataDir} is used by another start, process ${lock.holder.pid}`,
      remedies: [
        `Stop that one: Ctrl-C in its terminal, or "kill ${lock.holder.pid}".`,
        'Or set GENNAKER_DATA_DIR and the ports to others, to run both.',
      ],
    });
  }
  for (const part of PART_ORDER) {
    turnLogOver(path.join(dataDir, 'logs', `${part}.log`));
  }
  return lock.release;
}

/** Keeps one old log of each part, so that logs cannot fill the disk from start to start. */
function turnLogOver(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_BYTES_KEPT) {
    rmSync(`${file}.old`, { force: true });
    renameSync(file, `${file}.old`);
  }
}

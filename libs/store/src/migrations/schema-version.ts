import { setTimeout as pause } from 'node:timers/promises';
import { GennakerError } from '@gennaker/domain';

import type { Database } from '../database/database.js';

/** How often a process that waits for the schema looks, in milliseconds: often enough that a start does not feel it. */
const lookEveryMs = 200;

/** The version of the schema, 0 before the first migration. Throws SERVICE_UNAVAILABLE. */
export async function readSchemaVersion(database: Database): Promise<number> {
  const attempted = 'read the version of the schema';
  const [found] = await database.query<{ present: boolean }>({
    attempted,
    text: `SELECT to_regclass('schema_migrations') IS NOT NULL AS present`,
  });
  if (found?.present !== true) return 0;
  const [row] = await database.query<{ version: number }>({
    attempted,
    text: 'SELECT coalesce(max(version), 0) AS version FROM schema_migrations',
  });
  return row?.version ?? 0;
}

/**
 * Resolves once the schema has at least that version; a server that is not up yet is waited for as well. Looks every
 * 200 ms. Throws SERVICE_UNAVAILABLE at the deadline, naming what was found last.
 */
export async function awaitSchema(
  database: Database,
  version: number,
  deadline: Date,
): Promise<void> {
  for (;;) {
    const found = await readSchemaVersion(database).catch((error: unknown) => {
      if (error instanceof GennakerError && error.code === 'SERVICE_UNAVAILABLE') return error;
      throw error;
    });
    if (typeof found === 'number' && found >= version) return;
    if (Date.now() >= deadline.getTime()) throw tooLate(version, found);
    await pause(Math.min(lookEveryMs, Math.max(deadline.getTime() - Date.now(), 1)));
  }
}

function tooLate(version: number, found: number | GennakerError): GennakerError {
  if (typeof found !== 'number') return found;
  return new GennakerError(
    'SERVICE_UNAVAILABLE',
    `The schema of the store has version ${found}, this process needs ${version}. Start the API: it migrates the schema.`,
    { details: { found, wanted: version } },
  );
}

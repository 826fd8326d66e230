import type { Database } from './database/database.js';

/**
 * Runs the work unless another process is at the same one, and tells whether it ran. The lock ends with its transaction:
 * when this process dies, and at the latest ten seconds after the work has begun (the limit of an idle transaction; the
 * call then throws SERVICE_UNAVAILABLE). So the work must be harmless when two do it. Throws what the work throws.
 */
export async function takeTurn(
  database: Database,
  name: string,
  work: () => Promise<void>,
): Promise<boolean> {
  return database.transaction(`take the turn of ${name}`, async (queries) => {
    const [row] = await queries.query<{ taken: boolean }>({
      attempted: `take the turn of ${name}`,
      text: 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken',
      values: [`gennaker:${name}`],
    });
    if (row?.taken !== true) return false;
    await work();
    return true;
  });
}

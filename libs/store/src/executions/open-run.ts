import { GennakerError, type Pipeline, type StoredEvent } from '@gennaker/domain';

import type { Queries } from '../database/database.js';
import { eventsPageMax, readEvents } from '../events/read-events.js';

export interface OpenRun {
  readonly executionId: string;
  /** The generation that the run wants: one above the newest known. */
  readonly generation: number;
  readonly runId: string;
}

export type OpenedRun =
  | {
      readonly outcome: 'opened';
      readonly pipeline: Pipeline;
      /** All of them, in the order of their positions. */
      readonly events: readonly StoredEvent[];
    }
  | { readonly outcome: 'superseded'; readonly generation: number };

/**
 * Makes this run the one that may write: compare-and-set of the generation. The same run asking again wins again. From
 * the moment that it has won no event of an older generation is taken, so what it reads then is complete.
 * Throws EXECUTION_NOT_FOUND.
 */
export async function openRun(
  queries: Queries,
  { executionId, generation, runId }: OpenRun,
): Promise<OpenedRun> {
  const attempted = `open run ${generation} of execution ${executionId}`;
  const [won] = await queries.query<{ definition: Pipeline }>({
    attempted,
    text: `UPDATE executions SET generation = $2, run_id = $3, updated_at = clock_timestamp()
           WHERE execution_id = $1 AND (generation = $2 - 1 OR (generation = $2 AND run_id = $3))
           RETURNING definition`,
    values: [executionId, generation, runId],
  });
  if (won !== undefined) {
    const events = await readAllEvents(queries, executionId);
    return { outcome: 'opened', pipeline: won.definition, events };
  }
  const [found] = await queries.query<{ generation: number }>({
    attempted,
    text: 'SELECT generation FROM executions WHERE execution_id = $1',
    values: [executionId],
  });
  if (found === undefined) throw executionNotFound(executionId);
  return { outcome: 'superseded', generation: found.generation };
}

/** Page by page, each within the time limit of a statement; the last page is the one that is not full. */
async function readAllEvents(
  queries: Queries,
  executionId: string,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const after = events.at(-1)?.position ?? 0;
    const page = await readEvents(queries, { executionId, after, limit: eventsPageMax });
    events.push(...page);
    if (page.length < eventsPageMax) return events;
  }
}

export function executionNotFound(executionId: string): GennakerError {
  return new GennakerError('EXECUTION_NOT_FOUND', `There is no execution ${executionId}.`, {
    details: { executionId },
  });
}

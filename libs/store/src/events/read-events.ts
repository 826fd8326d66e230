import type { ExecutionEvent, StoredEvent } from '@gennaker/domain';

import type { Queries } from '../database/database.js';
import { checkedLimit } from '../page-limit.js';

/** Most events in one page. */
export const eventsPageMax = 1_000;

interface EventRow {
  readonly position: number;
  readonly key: string;
  readonly generation: number;
  readonly at: Date;
  readonly event: ExecutionEvent;
}

/** Events behind a position, in the order of their positions, at most 1,000. Throws INVALID_REQUEST. */
export async function readEvents(
  queries: Queries,
  page: { readonly executionId: string; readonly after: number; readonly limit: number },
): Promise<readonly StoredEvent[]> {
  const rows = await queries.query<EventRow>({
    attempted: `read events of execution ${page.executionId}`,
    text: `SELECT position, key, generation, at, event FROM execution_events
           WHERE execution_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
    values: [page.executionId, page.after, checkedLimit(page.limit, eventsPageMax)],
  });
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Most analyses in one page: their reports may have 64 KiB each. */
export const analysesPageMax = 100;

/** An event of a finished canary analysis, with its report. */
export interface StoredAnalysis extends StoredEvent {
  readonly event: Extract<ExecutionEvent, { readonly kind: 'analysis.finished' }>;
}

/** Canary analyses of an execution before a position (null: all), newest first. Throws INVALID_REQUEST. */
export async function readAnalyses(
  queries: Queries,
  page: { readonly executionId: string; readonly before: number | null; readonly limit: number },
): Promise<readonly StoredAnalysis[]> {
  const rows = await queries.query<EventRow & { readonly event: StoredAnalysis['event'] }>({
    attempted: `read analyses of execution ${page.executionId}`,
    text: `SELECT position, key, generation, at, event FROM execution_events
           WHERE execution_id = $1 AND ($2::integer IS NULL OR position < $2)
             AND event->>'kind' = 'analysis.finished'
           ORDER BY position DESC LIMIT $3`,
    values: [page.executionId, page.before, checkedLimit(page.limit, analysesPageMax)],
  });
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** The event with which the undo of an attempt began, with what was kept of a server group that had failed. */
export interface StoredUndoStart extends StoredEvent {
  readonly event: Extract<ExecutionEvent, { readonly kind: 'undo.started' }>;
}

/** The event with which the undo of an attempt began, if it did. */
export async function findUndoStart(
  queries: Queries,
  of: { readonly executionId: string; readonly refId: string; readonly attempt: number },
): Promise<StoredUndoStart | undefined> {
  const rows = await queries.query<EventRow & { readonly event: StoredUndoStart['event'] }>({
    attempted: `read how the undo of stage ${of.refId} of execution ${of.executionId} began`,
    text: `SELECT position, key, generation, at, event FROM execution_events
           WHERE execution_id = $1 AND event->>'kind' = 'undo.started'
             AND event->>'refId' = $2 AND (event->>'attempt')::integer = $3
           ORDER BY position LIMIT 1`,
    values: [of.executionId, of.refId, of.attempt],
  });
  const [row] = rows;
  return row === undefined ? undefined : { ...row, at: row.at.toISOString() };
}

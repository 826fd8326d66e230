import type { CreatedExecution, ExecutionEvent, Pipeline } from '@gennaker/domain';

import type { Queries } from '../database/database.js';
import { claimKey, type Idempotency } from '../idempotency-keys.js';

/** Key of the event that every execution begins with. */
const createdEventKey = 'a:created';

export interface CreateExecution {
  readonly execution: CreatedExecution;
  /** The definition that it runs, stored with it. */
  readonly pipeline: Pipeline;
  readonly idempotency: Idempotency | null;
  readonly now: Date;
}

export type ExecutionCreation =
  /** `replayed`: the key (or the execution id) had been used for the same before; nothing was written. */
  | { readonly outcome: 'created' | 'replayed'; readonly executionId: string }
  | { readonly outcome: 'keyReused' };

/** Row, first event and idempotency key; the caller's transaction makes them one. */
export async function createExecution(
  queries: Queries,
  creation: CreateExecution,
): Promise<ExecutionCreation> {
  const { executionId } = creation.execution;
  const { idempotency, now } = creation;
  if (idempotency !== null) {
    const earlier = await claimKey(queries, { idempotency, outcome: { executionId }, now });
    if (earlier !== null) {
      if (!earlier.sameBody) return { outcome: 'keyReused' };
      return { outcome: 'replayed', executionId: earlier.outcome.executionId };
    }
  }
  const inserted = await insertExecution(queries, creation);
  return { outcome: inserted ? 'created' : 'replayed', executionId };
}

async function insertExecution(
  queries: Queries,
  { execution, pipeline, now }: CreateExecution,
): Promise<boolean> {
  const event: ExecutionEvent = { kind: 'execution.created', execution };
  const rows = await queries.query({
    attempted: `create execution ${execution.executionId}`,
    text: `WITH made AS (
             INSERT INTO executions (execution_id, application, pipeline_name, pipeline_version, created_by,
               definition, status, generation, position, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'NOT_STARTED', 0, 1, $7, $7)
             ON CONFLICT (execution_id) DO NOTHING RETURNING execution_id)
           INSERT INTO execution_events (execution_id, position, key, generation, at, event)
           SELECT execution_id, 1, $8, 0, $7, $9 FROM made RETURNING position`,
    values: [
      execution.executionId,
      execution.application,
      execution.pipelineName,
      execution.pipelineVersion,
      execution.createdBy,
      JSON.stringify(pipeline),
      now,
      createdEventKey,
      JSON.stringify(event),
    ],
  });
  return rows.length > 0;
}

import type { Pipeline } from '@gennaker/domain';

import type { Database } from '../database/database.js';
import {
  createExecution,
  type CreateExecution,
  type ExecutionCreation,
} from './create-execution.js';
import {
  executionSummary,
  summaryColumns,
  type ExecutionSummary,
  type StoredExecution,
  type SummaryRow,
} from './execution-row.js';
import {
  findOpen,
  findUnstarted,
  listExecutions,
  type ExecutionFilter,
} from './list-executions.js';
import { openRun, type OpenedRun, type OpenRun } from './open-run.js';

/** Executions: one row each, whose columns follow its events. */
export interface ExecutionRepository {
  /**
   * Row (NOT_STARTED, generation 0), event `execution.created` at position 1 and idempotency key, in one transaction.
   * The same key and body again: `replayed` with the first execution's id. Another body: `keyReused`, nothing written.
   */
  createExecution(creation: CreateExecution): Promise<ExecutionCreation>;
  /** See openRun: compare-and-set of the generation. Throws EXECUTION_NOT_FOUND. */
  openRun(run: OpenRun): Promise<OpenedRun>;
  findExecution(executionId: string): Promise<StoredExecution | undefined>;
  /** Newest first, at most 100. */
  listExecutions(filter: ExecutionFilter): Promise<readonly ExecutionSummary[]>;
  /** Executions that no run has opened, oldest first; `after` is the last id of the page before. */
  findUnstarted(
    olderThanSeconds: number,
    limit: number,
    after?: string,
  ): Promise<readonly ExecutionSummary[]>;
  /** Executions that a run has opened and none has finished, oldest first. */
  findOpen(limit: number, after?: string): Promise<readonly ExecutionSummary[]>;
}

export function createExecutionRepository(database: Database): ExecutionRepository {
  return {
    createExecution: (creation) =>
      database.transaction(`create execution ${creation.execution.executionId}`, (queries) =>
        createExecution(queries, creation),
      ),
    openRun: (run) => openRun(database, run),
    findExecution: (executionId) => findExecution(database, executionId),
    listExecutions: (filter) => listExecutions(database, filter),
    findUnstarted: (olderThanSeconds, limit, after) =>
      findUnstarted(database, { olderThanSeconds, limit, after }),
    findOpen: (limit, after) => findOpen(database, { limit, after }),
  };
}

async function findExecution(
  database: Database,
  executionId: string,
): Promise<StoredExecution | undefined> {
  const [row] = await database.query<SummaryRow & { readonly definition: Pipeline }>({
    attempted: `read execution ${executionId}`,
    text: `SELECT ${summaryColumns}, definition FROM executions WHERE execution_id = $1`,
    values: [executionId],
  });
  return row === undefined ? undefined : { ...executionSummary(row), pipeline: row.definition };
}

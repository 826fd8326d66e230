import type { ExecutionStatus } from '@gennaker/domain';

import type { Queries } from '../database/database.js';
import { checkedLimit } from '../page-limit.js';
import {
  executionSummary,
  summaryColumns,
  type ExecutionSummary,
  type SummaryRow,
} from './execution-row.js';

/** Most executions in one page. */
export const executionsPageMax = 100;

export interface ExecutionFilter {
  readonly application?: string;
  readonly pipelineName?: string;
  readonly status?: ExecutionStatus;
  /** Only executions older than this one: the last of the page before. */
  readonly before?: string;
  readonly limit: number;
}

/** Newest first. Throws INVALID_REQUEST. */
export async function listExecutions(
  queries: Queries,
  filter: ExecutionFilter,
): Promise<readonly ExecutionSummary[]> {
  const limit = checkedLimit(filter.limit, executionsPageMax);
  // Only the conditions asked for, so that each combination can use its index.
  const conditions = [
    ['application = ', filter.application],
    ['pipeline_name = ', filter.pipelineName],
    ['status = ', filter.status],
    ['execution_id < ', filter.before],
  ].filter(([, value]) => value !== undefined);
  const where = conditions.map(([condition], index) => `${condition}$${index + 2}`).join(' AND ');
  const rows = await queries.query<SummaryRow>({
    attempted: 'list the executions',
    text: `SELECT ${summaryColumns} FROM executions ${where === '' ? '' : `WHERE ${where}`}
           ORDER BY execution_id DESC LIMIT $1`,
    values: [limit, ...conditions.map(([, value]) => value)],
  });
  return rows.map(executionSummary);
}

/** Rows that no run has opened, oldest first, for the sweeper. `after` continues behind the last one of a page. */
export async function findUnstarted(
  queries: Queries,
  search: {
    readonly olderThanSeconds: number;
    readonly limit: number;
    readonly after?: string | undefined;
  },
): Promise<readonly ExecutionSummary[]> {
  const rows = await queries.query<SummaryRow>({
    attempted: 'find executions without a run',
    text: `SELECT ${summaryColumns} FROM executions
           WHERE status = 'NOT_STARTED' AND generation = 0 AND execution_id > $1
             AND created_at < now() - make_interval(secs => $2)
           ORDER BY execution_id LIMIT $3`,
    values: [
      search.after ?? '',
      search.olderThanSeconds,
      checkedLimit(search.limit, executionsPageMax),
    ],
  });
  return rows.map(executionSummary);
}

/** Executions that a run has opened and none has finished, oldest first, for the sweeper. */
export async function findOpen(
  queries: Queries,
  search: { readonly limit: number; readonly after?: string | undefined },
): Promise<readonly ExecutionSummary[]> {
  const rows = await queries.query<SummaryRow>({
    attempted: 'find open executions',
    text: `SELECT ${summaryColumns} FROM executions
           WHERE status IN ('NOT_STARTED', 'RUNNING') AND generation > 0 AND execution_id > $1
           ORDER BY execution_id LIMIT $2`,
    values: [search.after ?? '', checkedLimit(search.limit, executionsPageMax)],
  });
  return rows.map(executionSummary);
}

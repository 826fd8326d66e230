/**
 * Statuses of executions, stages, attempts and steps: Orca's words (ExecutionStatus.java), cut to those that this engine
 * can produce. Each status belongs to exactly one of three disjoint groups; the table is total.
 */
export type ExecutionStatus =
  | 'NOT_STARTED'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'TERMINAL'
  | 'CANCELED'
  | 'SKIPPED';

type StatusGroup = 'open' | 'passed' | 'halted';

const groups: Readonly<Record<ExecutionStatus, StatusGroup>> = {
  NOT_STARTED: 'open',
  RUNNING: 'open',
  SUCCEEDED: 'passed',
  SKIPPED: 'passed',
  TERMINAL: 'halted',
  CANCELED: 'halted',
};

/** Every status, for schemas and tests. */
export const executionStatuses = Object.keys(groups) as readonly ExecutionStatus[];

/** Whether nothing more happens in this status unless a person retries. */
export function isComplete(status: ExecutionStatus): boolean {
  return groups[status] !== 'open';
}

/** Whether what comes after may start. */
export function isPassed(status: ExecutionStatus): boolean {
  return groups[status] === 'passed';
}

/** Whether what comes after must not start. */
export function isHalted(status: ExecutionStatus): boolean {
  return groups[status] === 'halted';
}

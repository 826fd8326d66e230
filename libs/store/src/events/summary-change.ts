import type { EventRecord, ExecutionStatus } from '@gennaker/domain';

/** What one event changes in the columns of its execution's row; what is absent stays. Times are ISO 8601. */
export interface SummaryChange {
  readonly status?: ExecutionStatus;
  /** Only the first one counts. */
  readonly startedAt?: string;
  readonly endedAt?: string | null;
  readonly needsAttention?: string | null;
  readonly engineStalled?: string | null;
}

/**
 * The change that an event makes to the row, null for none. Follows foldExecution: the columns are the fold's fields of
 * the same names, which a test holds them to.
 */
export function summaryChangeOf({ event, at }: EventRecord): SummaryChange | null {
  switch (event.kind) {
    case 'execution.started':
      return { status: 'RUNNING', startedAt: at, endedAt: null, engineStalled: null };
    case 'execution.finished':
      return { status: event.status, endedAt: at };
    case 'retry.accepted':
    case 'attention.resolving':
      return { status: 'RUNNING', endedAt: null };
    case 'attention.raised':
      return { needsAttention: storable(event.reason) };
    case 'attention.cleared':
      return { needsAttention: null };
    case 'engine.stalled':
      return { engineStalled: event.reason === null ? null : storable(event.reason) };
    default:
      return null;
  }
}

/** A column takes neither NUL nor half of a surrogate pair, and an event must never be refused for one. */
function storable(text: string): string {
  return Buffer.from(text.replaceAll('\0', ''), 'utf8').toString('utf8');
}

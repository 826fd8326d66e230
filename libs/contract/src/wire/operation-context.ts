import type { ServerGroupRef } from '@gennaker/domain';

/**
 * Who an AWS change is made for. The owner (execution, stage) is tagged on everything made and decides adoption across
 * attempts; the operation key (owner + attempt + step + target) recognises this very step (DESIGN D7).
 */
export interface OperationContext {
  readonly executionId: string;
  readonly stage: string;
  readonly attempt: number;
  readonly generation: number;
  /** Composed by the workflow, hashed in libs/aws. */
  readonly operationKey: string;
  /** ISO 8601; retries and waits end then. */
  readonly deadline: string;
  /** Undo has priority over everything else in the rate budget. */
  readonly priority: 'undo' | 'write' | 'wait' | 'screen';
}

/** An operation on one server group. */
export interface OnServerGroup {
  readonly context: OperationContext;
  readonly subject: ServerGroupRef;
}

import type { OperationContext } from '@gennaker/contract/wire';

/** Who goes first when the rate budget is short (DESIGN D10). */
export type CallPriority = OperationContext['priority'];

/** All priorities, most urgent first. */
export const callPriorities = [
  'undo',
  'write',
  'wait',
  'screen',
] as const satisfies readonly CallPriority[];

/** What every call to AWS carries. */
export interface CallOptions {
  readonly priority: CallPriority;
  /** Ends the call, and the wait for its turn; the reason of the signal is thrown. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called right before a mutating request leaves, never for a read. Throws LEASE_LOST when the caller may no longer be
   * the only writer (DESIGN D9); the request is then not sent.
   */
  readonly mayWrite?: (() => void) | undefined;
}

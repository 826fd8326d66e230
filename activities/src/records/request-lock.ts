import { GennakerError } from '@gennaker/domain';
import {
  messageNames,
  taskQueues,
  workflowTypes,
  type LockClaim,
  type LockWorkflowInput,
  type RequestLockInput,
} from '@gennaker/contract/wire';
import type { Clock } from '@gennaker/platform';
import { ServiceError, type WorkflowClient } from '@temporalio/client';

/** What of Temporal's client asking for a lock needs. */
export type LockSignals = Pick<WorkflowClient, 'signalWithStart' | 'withDeadline'>;

/** The time limit of one workflow task of the lock: short, so that a killed worker holds nobody up (DESIGN D3). */
const workflowTaskTimeout = '5s';

/** Bound of one try, the client's own repeats included; the activity is tried again afterwards. */
const signalWithinMs = 5_000;

/**
 * Signals the claim to the lock's entity workflow, which is started where it is not running. The same claim again keeps
 * its place in the queue. Throws SERVICE_UNAVAILABLE when Temporal does not answer.
 */
export async function requestLock(
  { lockWorkflowId, resource, executionId, claim, ticket, urgent }: RequestLockInput,
  { workflows, clock }: { readonly workflows: LockSignals; readonly clock: Clock },
): Promise<void> {
  const input: LockWorkflowInput = { inputVersion: 1, resource };
  const asked: LockClaim = {
    executionId,
    claim,
    ticket,
    since: clock.now().toISOString(),
    ...(urgent === true && { urgent }),
  };
  try {
    await workflows.withDeadline(Date.now() + signalWithinMs, () =>
      workflows.signalWithStart(workflowTypes.lock, {
        workflowId: lockWorkflowId,
        taskQueue: taskQueues.engine,
        args: [input],
        signal: messageNames.requestLockSignal,
        signalArgs: [asked],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowTaskTimeout,
      }),
    );
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const found = error.cause instanceof Error ? error.cause.message : error.message;
    throw new GennakerError(
      'SERVICE_UNAVAILABLE',
      `Could not ask for the lock of ${resource}: Temporal does not answer as it should (${found}). Try again later.`,
      { details: { service: 'temporal', resource, executionId }, cause: error },
    );
  }
}

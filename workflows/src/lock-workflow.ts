import {
  dropClaim,
  emptyLockQueue,
  enqueueClaim,
  isSameClaim,
  type LockClaim,
} from '@gennaker/domain';
import type { LockQueue, LockReleaseSignal, LockWorkflowInput } from '@gennaker/contract/wire';
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  lockGrantedSignal,
  lockQueueQuery,
  lockQueuedSignal,
  releaseLockSignal,
  requestLockSignal,
} from './messages.js';

/** History events after which the lock continues as new. */
const historyEventsMax = 2_000;

type Request =
  | { readonly kind: 'request'; readonly claim: LockClaim }
  | { readonly kind: 'release'; readonly claim: LockReleaseSignal };

/**
 * The lock of one resource (DESIGN D9): first come, first served, no expiry. Requests and releases come by signal and are
 * worked off in order; grants and places go out by signal. A waiting execution that is gone is passed over; the holder
 * never is. Ends when nobody holds or waits; the next request starts it again.
 */
export async function lockWorkflow(input: LockWorkflowInput): Promise<void> {
  let queue: LockQueue = input.carried ?? emptyLockQueue;
  const inbox: Request[] = [];
  setHandler(lockQueueQuery, () => queue);
  setHandler(requestLockSignal, (claim) => void inbox.push({ kind: 'request', claim }));
  setHandler(releaseLockSignal, (claim) => void inbox.push({ kind: 'release', claim }));
  for (;;) {
    await condition(() => inbox.length > 0);
    for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
      const before = queue;
      queue =
        next.kind === 'request' ? enqueueClaim(queue, next.claim) : dropClaim(queue, next.claim);
      queue = await tellAll(input.resource, before, queue);
    }
    if (queue.holder === null && inbox.length === 0 && allHandlersFinished()) return;
    if (workflowInfo().historyLength > historyEventsMax && inbox.length === 0) {
      await continueAsNew<typeof lockWorkflow>({ ...input, carried: queue });
    }
  }
}

/** Tells the holder, if it is a new one or asked again, and everybody whose place has changed. */
async function tellAll(resource: string, before: LockQueue, now: LockQueue): Promise<LockQueue> {
  let queue = now;
  while (queue.holder !== null && queue.holder !== before.holder) {
    const { holder } = queue;
    const told = await granted(resource, holder);
    if (told || (before.holder !== null && isSameClaim(before.holder, holder))) break;
    log.warn('a waiting execution is gone', { resource, executionId: holder.executionId });
    queue = dropClaim(queue, holder);
  }
  const { holder } = queue;
  if (holder === null) return queue;
  for (const [index, claim] of queue.waiting.entries()) {
    if (holder === before.holder && before.waiting[index] === claim) continue;
    await tell(claim, () =>
      getExternalWorkflowHandle(claim.executionId).signal(lockQueuedSignal, {
        resource,
        claim: claim.claim,
        holderExecutionId: holder.executionId,
        place: index + 1,
      }),
    );
  }
  return queue;
}

function granted(resource: string, holder: LockClaim): Promise<boolean> {
  const { claim, ticket } = holder;
  return tell(holder, () =>
    getExternalWorkflowHandle(holder.executionId).signal(lockGrantedSignal, {
      resource,
      claim,
      ticket,
    }),
  );
}

/** False when the execution has no open run. */
async function tell(claim: LockClaim, send: () => Promise<void>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    log.info('the execution cannot be told', {
      executionId: claim.executionId,
      error: String(error),
    });
    return false;
  }
}

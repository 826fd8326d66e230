/** First come, first served. The same claim asking again keeps its place. */
export interface LockQueue {
  readonly holder: LockClaim | null;
  readonly waiting: readonly LockClaim[];
}

export interface LockClaim {
  readonly executionId: string;
  /** Tells the claims of one execution apart: the stage's refId. A retry of the stage makes the same claim again. */
  readonly claim: string;
  /** Which asking this is (generation and attempt), so that a late grant of an earlier one is not believed. */
  readonly ticket: string;
  /** ISO 8601. */
  readonly since: string;
}

export const emptyLockQueue: LockQueue = { holder: null, waiting: [] };

/** The queue after a request. Who holds or waits already keeps the place and gets the new ticket. */
export function enqueueClaim(queue: LockQueue, claim: LockClaim): LockQueue {
  if (queue.holder === null) return { ...queue, holder: claim };
  if (isSameClaim(queue.holder, claim)) return { ...queue, holder: claim };
  const place = queue.waiting.findIndex((known) => isSameClaim(known, claim));
  if (place >= 0) return { ...queue, waiting: queue.waiting.with(place, claim) };
  return { ...queue, waiting: [...queue.waiting, claim] };
}

/** The queue after a release or a withdrawal; an unknown claim changes nothing. The next in line becomes the holder. */
export function dropClaim(
  queue: LockQueue,
  claim: Pick<LockClaim, 'executionId' | 'claim'>,
): LockQueue {
  const waiting = queue.waiting.filter((known) => !isSameClaim(known, claim));
  if (queue.holder === null || !isSameClaim(queue.holder, claim)) return { ...queue, waiting };
  const [next, ...rest] = waiting;
  return { holder: next ?? null, waiting: rest };
}

/** Whether both are the same execution's claim for the same stage. */
export function isSameClaim(
  one: Pick<LockClaim, 'executionId' | 'claim'>,
  other: Pick<LockClaim, 'executionId' | 'claim'>,
): boolean {
  return one.executionId === other.executionId && one.claim === other.claim;
}

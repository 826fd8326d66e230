/** First come, first served, the urgent before the others. The same claim asking again keeps its place. */
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
  /** Goes before all that are not, behind those that are, and never past the holder. Absent: no. */
  readonly urgent?: boolean;
}

/** The ticket of one asking: later generations, and later attempts of one generation, are newer. */
export function lockTicket(generation: number, attempt: number): string {
  return `${generation}:${attempt}`;
}

export const emptyLockQueue: LockQueue = { holder: null, waiting: [] };

/**
 * The queue after a request. Who holds or waits already keeps the place and gets the new ticket; a request that was
 * overtaken by a newer one of the same claim changes nothing.
 */
export function enqueueClaim(queue: LockQueue, claim: LockClaim): LockQueue {
  if (queue.holder === null) return { ...queue, holder: claim };
  if (isSameClaim(queue.holder, claim)) {
    return isNewerTicket(queue.holder.ticket, claim.ticket) ? queue : { ...queue, holder: claim };
  }
  const place = queue.waiting.findIndex((known) => isSameClaim(known, claim));
  const known = queue.waiting[place];
  if (known !== undefined) {
    if (isNewerTicket(known.ticket, claim.ticket)) return queue;
    return { ...queue, waiting: queue.waiting.with(place, claim) };
  }
  if (claim.urgent !== true) return { ...queue, waiting: [...queue.waiting, claim] };
  const urgents = queue.waiting.filter((waiting) => waiting.urgent === true);
  const others = queue.waiting.filter((waiting) => waiting.urgent !== true);
  return { ...queue, waiting: [...urgents, claim, ...others] };
}

/**
 * The queue after a release or a withdrawal. The next in line becomes the holder. An unknown claim changes nothing, nor
 * does the release of an asking that a newer one of the same claim has followed.
 */
export function dropClaim(
  queue: LockQueue,
  claim: Pick<LockClaim, 'executionId' | 'claim' | 'ticket'>,
): LockQueue {
  const isDropped = (known: LockClaim): boolean =>
    isSameClaim(known, claim) && !isNewerTicket(known.ticket, claim.ticket);
  const waiting = queue.waiting.filter((known) => !isDropped(known));
  if (queue.holder === null || !isDropped(queue.holder)) return { ...queue, waiting };
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

function isNewerTicket(one: string, other: string): boolean {
  const [generation = 0, attempt = 0] = one.split(':').map(Number);
  const [otherGeneration = 0, otherAttempt = 0] = other.split(':').map(Number);
  return generation === otherGeneration ? attempt > otherAttempt : generation > otherGeneration;
}

import type { LockGrantedSignal, LockQueuedSignal } from '@gennaker/contract/wire';

/** What the lock entities have told this execution. Filled by signal handlers, read by the stages that wait. */
export class LockInbox {
  /** Changes with every signal, so that a waiter can tell that there is news. */
  version = 0;
  /** Grants that are being given back. */
  returning = 0;
  readonly #granted = new Set<string>();
  readonly #unseen: LockGrantedSignal[] = [];
  readonly #queued = new Map<string, LockQueuedSignal>();

  granted(signal: LockGrantedSignal): void {
    this.#granted.add(grantKey(signal));
    this.#unseen.push(signal);
    this.#queued.delete(queueKey(signal));
    this.version += 1;
  }

  queued(signal: LockQueuedSignal): void {
    this.#queued.set(queueKey(signal), signal);
    this.version += 1;
  }

  /** The oldest grant that was not looked at yet. */
  nextUnseen(): LockGrantedSignal | undefined {
    return this.#unseen.shift();
  }

  get hasUnseen(): boolean {
    return this.#unseen.length > 0;
  }

  /** Whether every grant was looked at, and none is on its way back. */
  get isSettled(): boolean {
    return !this.hasUnseen && this.returning === 0;
  }

  isGranted(grant: LockGrantedSignal): boolean {
    return this.#granted.has(grantKey(grant));
  }

  place(claim: Pick<LockQueuedSignal, 'resource' | 'claim'>): LockQueuedSignal | undefined {
    return this.#queued.get(queueKey(claim));
  }
}

function grantKey(grant: LockGrantedSignal): string {
  return `${grant.resource} ${grant.claim} ${grant.ticket}`;
}

function queueKey(claim: Pick<LockQueuedSignal, 'resource' | 'claim'>): string {
  return `${claim.resource} ${claim.claim}`;
}

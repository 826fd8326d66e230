import type { FaultSubject } from './faults.js';

/** A call that is kept open until somebody releases it. */
export interface Hold {
  readonly id: string;
  readonly faultId: string;
  readonly point: string;
  readonly call: FaultSubject;
  readonly heldSince: string;
}

/** What becomes of a held call: it goes on, or its connection is cut. */
export type Release = 'continue' | 'reset';

interface HeldCall {
  readonly hold: Hold;
  readonly release: (how: Release) => void;
}

interface Waiter {
  readonly tell: (hold: Hold) => void;
}

/** The calls that are held now, and those who wait to hear of one. */
export class Holds {
  readonly #held = new Map<string, HeldCall>();
  readonly #waiters = new Set<Waiter>();
  #count = 0;

  all(): readonly Hold[] {
    return [...this.#held.values()].map(({ hold }) => hold);
  }

  /** Holds a call; resolves when it is released. */
  async hold(held: Omit<Hold, 'id'>): Promise<Release> {
    this.#count += 1;
    const hold = { ...held, id: `hold-${this.#count}` };
    return new Promise((resolve) => {
      this.#held.set(hold.id, { hold, release: resolve });
      for (const waiter of this.#waiters) waiter.tell(hold);
      this.#waiters.clear();
    });
  }

  /** The next call that is held and not among `known`; `undefined` when the time is over or the wait is given up. */
  async next(known: readonly string[], signal: AbortSignal): Promise<Hold | undefined> {
    const already = this.all().find(({ id }) => !known.includes(id));
    if (already !== undefined) return already;
    return new Promise((resolve) => {
      const waiter: Waiter = { tell: resolve };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', () => {
        this.#waiters.delete(waiter);
        resolve(undefined);
      });
    });
  }

  release(id: string, how: Release): boolean {
    const held = this.#held.get(id);
    this.#held.delete(id);
    held?.release(how);
    return held !== undefined;
  }

  releaseAll(how: Release): void {
    for (const id of this.#held.keys()) this.release(id, how);
  }
}

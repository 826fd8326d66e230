import { GennakerError } from '@gennaker/domain';
import { callPriorities, type CallPriority } from '../call-options.js';
import type { ServiceName } from '../ports.js';
import { bucketsOf } from './rate-limits.js';
import { TokenBucket } from './token-bucket.js';

/** A call that has waited this long for its turn gives up, so that its caller can decide anew. */
const queueMsMax = 60_000;

/**
 * A call for a screen that has waited this long stands in line with the waits, by when each came: many waits can take all of
 * a rate for hours, and a person sees nothing then. A cluster is read in three calls one after another, within ten seconds.
 */
const screenPatienceMs = 1_000;

/** What waits for its turn. */
interface Waiter {
  readonly askedAtMs: number;
  readonly buckets: readonly TokenBucket[];
  readonly grant: () => void;
}

/** Who asks for a turn. */
export interface TurnRequest {
  readonly service: ServiceName;
  readonly action: string;
  readonly priority: CallPriority;
  readonly signal?: AbortSignal | undefined;
}

/** Times of the rate budget, in milliseconds on any steady clock. */
export interface RateClock {
  readonly nowMs: () => number;
  readonly liveWorkers: () => number;
}

/**
 * The rate budget of one account and region: a call gets its turn when every bucket that it draws from has a token; the
 * more urgent go first, and equals in the order in which they came. Screens come last, but waits do not keep them out for good.
 */
export class RateBudget {
  readonly #clock: RateClock;
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #waiting = new Map<CallPriority, Set<Waiter>>(
    callPriorities.map((priority) => [priority, new Set()]),
  );
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: RateClock) {
    this.#clock = clock;
  }

  /** Resolves when the call may leave. Throws the signal's reason, or AWS_THROTTLED after 60 s of waiting. */
  async turn(request: TurnRequest): Promise<void> {
    request.signal?.throwIfAborted();
    const { signal, priority } = request;
    const buckets = this.#bucketsFor(request.service, request.action);
    const queue = this.#queueOf(priority);
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(bound);
        signal?.removeEventListener('abort', abort);
        queue.delete(waiter);
      };
      const giveUp = (reason: Error): void => {
        leave();
        reject(reason);
        // Whoever stood behind may be first now.
        this.#dispatch();
      };
      const grant = (): void => {
        leave();
        resolve();
      };
      const waiter: Waiter = { askedAtMs: this.#clock.nowMs(), buckets, grant };
      const abort = (): void => giveUp(signal?.reason as Error);
      const bound = setTimeout(() => giveUp(waitedTooLong(request)), queueMsMax);
      signal?.addEventListener('abort', abort, { once: true });
      queue.add(waiter);
      this.#dispatch();
    });
  }

  /** AWS throttled this action: its buckets are empty and refill at half the rate. */
  throttled(service: ServiceName, action: string): void {
    const nowMs = this.#clock.nowMs();
    for (const bucket of this.#bucketsFor(service, action)) bucket.throttled(nowMs);
  }

  #dispatch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const nowMs = this.#clock.nowMs();
    const workers = Math.max(1, this.#clock.liveWorkers());
    let soonestMs = Number.POSITIVE_INFINITY;
    // A bucket that the first in line waits for is closed to all behind it: priority would mean nothing otherwise.
    const closed = new Set<TokenBucket>();
    for (const waiter of this.#inOrder(nowMs)) {
      const empty = waiter.buckets.filter((bucket) => bucket.waitMs(nowMs, workers) > 0);
      if (empty.length > 0 || waiter.buckets.some((bucket) => closed.has(bucket))) {
        empty.forEach((bucket) => closed.add(bucket));
        const waits = empty.map((bucket) => bucket.waitMs(nowMs, workers));
        soonestMs = Math.min(soonestMs, ...waits);
        continue;
      }
      waiter.buckets.forEach((bucket) => bucket.take());
      waiter.grant();
    }
    if (soonestMs < Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.#dispatch(), soonestMs);
    }
  }

  #inOrder(nowMs: number): Waiter[] {
    const screens = [...this.#queueOf('screen')];
    const late = screens.filter(({ askedAtMs }) => nowMs - askedAtMs >= screenPatienceMs);
    const inLine = [...late, ...this.#queueOf('wait')].toSorted(
      (a, b) => a.askedAtMs - b.askedAtMs,
    );
    return [
      ...this.#queueOf('undo'),
      ...this.#queueOf('write'),
      ...inLine,
      ...screens.slice(late.length),
    ];
  }

  #queueOf(priority: CallPriority): Set<Waiter> {
    const queue = this.#waiting.get(priority);
    if (queue === undefined) throw new GennakerError('INTERNAL', `No queue for ${priority}.`);
    return queue;
  }

  #bucketsFor(service: ServiceName, action: string): readonly TokenBucket[] {
    return bucketsOf(service, action).map((limit) => {
      const known = this.#buckets.get(limit.name);
      if (known !== undefined) return known;
      const made = new TokenBucket(limit, this.#clock.nowMs());
      this.#buckets.set(limit.name, made);
      return made;
    });
  }
}

function waitedTooLong(request: TurnRequest): GennakerError {
  return new GennakerError(
    'AWS_THROTTLED',
    `${request.service}:${request.action} waited ${queueMsMax / 1_000} s for its turn in Gennaker's own rate budget and was not sent.`,
    { details: { service: request.service, action: request.action }, retryAfterSeconds: 1 },
  );
}

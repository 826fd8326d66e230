import { CancelledFailure } from '@temporalio/activity';
import { GennakerError } from '@gennaker/domain';
import { type LeaseHeartbeat, ActivityGoneError } from './lease-heartbeat.js';
import { deferred } from '../observe/deferred.js';

/** Where the lease takes its time from: the wall clock also runs while the machine sleeps, the other never jumps. */
export interface LeaseClock {
  monotonicMs(): number;
  wallMs(): number;
}

/** The machine's clocks. */
export const systemLeaseClock: LeaseClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};

export interface ActivityLeaseOptions {
  readonly taskToken: Uint8Array;
  readonly heartbeatTimeoutMs: number;
  readonly heartbeat: LeaseHeartbeat;
  readonly clock: LeaseClock;
  /** The activity's own cancellation. */
  readonly cancellation: AbortSignal;
}

/**
 * How long a write that has left goes on after a cancellation: torn off in the middle, nobody would know whether it had its
 * effect, and an undo could look too early. Less than the 15 s that a stage waits for its activity (DESIGN D8).
 */
export const writeGraceMs = 10_000;

/**
 * The right of a running activity to be the only writer (DESIGN D9). AWS cannot check a fencing token, so a stale writer is
 * shut out by time: no write leaves when the last heartbeat that Temporal acknowledged is older than half the heartbeat
 * timeout. Heartbeats for it begin with the first `held()`, so that activities that only read cost none.
 */
export class ActivityLease {
  /** Aborts when the activity is cancelled or Temporal no longer knows it; its reason is what to throw. */
  readonly signal: AbortSignal;
  /** Aborts {@link writeGraceMs} later, for writes under way; `mayWrite` stops the next one at once. */
  readonly writeSignal: AbortSignal;
  readonly #options: ActivityLeaseOptions;
  readonly #writesEnded = new AbortController();
  readonly #ended = new AbortController();
  readonly #firstHeld = deferred<null>();
  #acknowledged: Instant | null = null;
  #timer: NodeJS.Timeout | undefined;
  #graceTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ActivityLeaseOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([options.cancellation, this.#ended.signal]);
    this.writeSignal = this.#writesEnded.signal;
    this.signal.addEventListener('abort', () => this.#endWritesSoon(), { once: true });
    this.#firstHeld.promise.catch(() => undefined);
  }

  /** Whether the activity learnt from its own heartbeat that it is to be cancelled. */
  get cancelRequested(): boolean {
    return this.#ended.signal.reason instanceof CancelledFailure;
  }

  /**
   * Resolves once a heartbeat was acknowledged; from then on the lease is renewed until `close`. Rejects with the
   * signal's reason, or with LEASE_LOST after a whole heartbeat timeout without an acknowledgement.
   */
  async held(): Promise<void> {
    this.signal.throwIfAborted();
    if (this.#acknowledged !== null) return;
    this.#begin();
    const aborted = abortOf(this.signal);
    const { heartbeatTimeoutMs } = this.#options;
    const late = deadline(heartbeatTimeoutMs, () =>
      leaseLost(`none within ${heartbeatTimeoutMs} ms`),
    );
    try {
      await Promise.race([this.#firstHeld.promise, aborted.promise, late.promise]);
    } finally {
      aborted.dispose();
      late.dispose();
    }
  }

  /** Returns if a write may leave now; else throws the signal's reason or LEASE_LOST. */
  readonly mayWrite = (): void => {
    this.signal.throwIfAborted();
    if (this.#acknowledged === null) throw leaseLost('none yet');
    const ageMs = this.#ageMs(this.#acknowledged);
    if (ageMs > this.#options.heartbeatTimeoutMs / 2)
      throw leaseLost(`${Math.round(ageMs)} ms ago`);
  };

  /** Ends the heartbeats. A second call does nothing. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#graceTimer);
  }

  #endWritesSoon(): void {
    if (this.#closed) return;
    this.#graceTimer = setTimeout(() => this.#writesEnded.abort(this.signal.reason), writeGraceMs);
  }

  #begin(): void {
    if (this.#timer !== undefined || this.#closed) return;
    const periodMs = Math.min(1_000, this.#options.heartbeatTimeoutMs / 3);
    this.#timer = setInterval(() => void this.#beat(), periodMs);
    void this.#beat();
  }

  async #beat(): Promise<void> {
    const { heartbeat, taskToken, heartbeatTimeoutMs } = this.#options;
    // The instant of sending, not of the reply: Temporal's own count begins no earlier than this.
    const sent = this.#now();
    try {
      const { cancelRequested } = await heartbeat(taskToken, heartbeatTimeoutMs / 2);
      this.#acknowledged = laterOf(this.#acknowledged, sent);
      this.#firstHeld.resolve(null);
      if (cancelRequested)
        this.#ended.abort(new CancelledFailure('The activity is to be cancelled'));
    } catch (error) {
      // Any other failure needs no handling: the lease simply ages until a later heartbeat succeeds.
      if (error instanceof ActivityGoneError) this.#ended.abort(leaseLost('Temporal has ended it'));
    }
  }

  #now(): Instant {
    const { clock } = this.#options;
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
  }

  #ageMs(since: Instant): number {
    const now = this.#now();
    return Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs);
  }
}

interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

function laterOf(one: Instant | null, other: Instant): Instant {
  return one !== null && one.monotonicMs > other.monotonicMs ? one : other;
}

function leaseLost(when: string): GennakerError {
  return new GennakerError(
    'LEASE_LOST',
    `No change was sent to AWS: the activity may no longer be the only writer (last acknowledged heartbeat: ${when}). ` +
      'Another attempt reads what is there and goes on.',
  );
}

interface Disposable<T> {
  readonly promise: Promise<T>;
  dispose(): void;
}

function abortOf(signal: AbortSignal): Disposable<never> {
  const { promise, reject } = deferred<never>();
  const listener = (): void => reject(signal.reason);
  signal.addEventListener('abort', listener, { once: true });
  return { promise, dispose: () => signal.removeEventListener('abort', listener) };
}

function deadline(ms: number, error: () => Error): Disposable<never> {
  const { promise, reject } = deferred<never>();
  const timer = setTimeout(() => reject(error()), ms);
  return { promise, dispose: () => clearTimeout(timer) };
}

import type { BucketLimit } from './rate-limits.js';

/** However often AWS throttles, this part of the rate stays, so that recovery is noticed. */
const slowestShare = 0.05;
/** Share of the full rate won back in each second without a throttle: from half to full in 10 s. */
const recoveryPerSecond = 0.05;
/** Throttles of calls that were in flight together count once. */
const throttleWindowMs = 1_000;

/** A token bucket that halves its rate on a throttle and wins it back (AIMD). Time is given, in milliseconds. */
export class TokenBucket {
  readonly #limit: BucketLimit;
  #tokens: number;
  #share = 1;
  #refilledAt: number;
  #throttledAt = Number.NEGATIVE_INFINITY;

  constructor(limit: BucketLimit, nowMs: number) {
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#refilledAt = nowMs;
  }

  /** Milliseconds until a token is there; 0: now. `workers` share the limit. */
  waitMs(nowMs: number, workers: number): number {
    this.#refill(nowMs, workers);
    if (this.#tokens >= 1) return 0;
    return Math.max(1, Math.ceil(((1 - this.#tokens) / this.#ratePerSecond(workers)) * 1_000));
  }

  /** Takes one token; only when `waitMs` said 0. */
  take(): void {
    this.#tokens -= 1;
  }

  /** AWS refused a call of this bucket for coming too often: it is empty there, so it is empty here. */
  throttled(nowMs: number): void {
    this.#tokens = Math.min(this.#tokens, 0);
    if (nowMs - this.#throttledAt < throttleWindowMs) return;
    this.#throttledAt = nowMs;
    this.#share = Math.max(slowestShare, this.#share / 2);
  }

  #refill(nowMs: number, workers: number): void {
    const seconds = Math.max(0, nowMs - this.#refilledAt) / 1_000;
    this.#refilledAt = nowMs;
    const burst = Math.max(1, this.#limit.burst / workers);
    this.#tokens = Math.min(burst, this.#tokens + seconds * this.#ratePerSecond(workers));
    this.#share = Math.min(1, this.#share + seconds * recoveryPerSecond);
  }

  #ratePerSecond(workers: number): number {
    return (this.#limit.perSecond * this.#share) / workers;
  }
}

import type { CallOptions } from '../call-options.js';

/** How long a deregistration delay that was read is believed, in milliseconds: it only decides when to look. */
const believedMs = 3_600_000;

/** What a target group said, and when; seconds are undefined while it has not answered, or where it does not. */
interface Known {
  readonly readAtMs: number;
  seconds: number | undefined;
}

/** How long targets drain, by target group. Decides nothing but when a look is worth it, so that an old answer does no harm. */
export class DrainTimes {
  readonly #read: (targetGroupArn: string, options: CallOptions) => Promise<number>;
  readonly #known = new Map<string, Known>();

  constructor(read: (targetGroupArn: string, options: CallOptions) => Promise<number>) {
    this.#read = read;
  }

  /** Seconds, as far as they are known by now. Asks once an hour, and does not wait for the answer. */
  secondsOf(targetGroupArn: string, nowMs: number, signal: AbortSignal): number | undefined {
    const known = this.#known.get(targetGroupArn);
    if (known !== undefined && nowMs - known.readAtMs < believedMs) return known.seconds;
    this.#forgetOld(nowMs);
    const asked: Known = { readAtMs: nowMs, seconds: known?.seconds };
    this.#known.set(targetGroupArn, asked);
    // Without an answer the regular looks have to do.
    this.#read(targetGroupArn, { priority: 'wait', signal }).then(
      (seconds) => void (asked.seconds = seconds),
      () => undefined,
    );
    return asked.seconds;
  }

  /** Target groups come and go with canaries: what was believed for an hour is not kept any longer. */
  #forgetOld(nowMs: number): void {
    for (const [arn, { readAtMs }] of this.#known) {
      if (nowMs - readAtMs >= believedMs) this.#known.delete(arn);
    }
  }
}

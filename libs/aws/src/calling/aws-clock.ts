/** Steady milliseconds, such as `performance.now`. */
export type SteadyClock = () => number;

/** AWS's time of one account and region, from the Date headers of its replies. */
export class AwsClock {
  readonly #steadyMs: SteadyClock;
  #seen: { readonly awsMs: number; readonly steadyMs: number } | undefined;

  constructor(steadyMs: SteadyClock) {
    this.#steadyMs = steadyMs;
  }

  /** Takes note of a reply's Date header; anything that is no date is ignored. */
  observe(dateHeader: string | undefined): void {
    const awsMs = Date.parse(dateHeader ?? '');
    if (!Number.isNaN(awsMs)) this.#seen = { awsMs, steadyMs: this.#steadyMs() };
  }

  /** The last Date header plus what has passed since; null before the first reply. Exact to about a second. */
  now(): Date | null {
    if (this.#seen === undefined) return null;
    return new Date(this.#seen.awsMs + (this.#steadyMs() - this.#seen.steadyMs));
  }
}

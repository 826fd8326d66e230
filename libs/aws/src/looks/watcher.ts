import type { WatchEvent, WatchOptions } from './watch-event.js';

/** One watch of one server group: its wishes, when it is due, and the newest event that was not taken yet. */
export class Watcher {
  readonly serverGroup: string;
  readonly options: WatchOptions;
  readonly joinedAtMs: number;
  /** When it wants its next look; at first at once. */
  dueAtMs: number;
  /** True while a look for it is under way. */
  looking = false;
  /** True from the first look that found enough instances in service. */
  wantsHealth = false;
  /** Failed looks since the last good one. */
  failures = 0;

  #event: WatchEvent | undefined;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(serverGroup: string, options: WatchOptions, nowMs: number) {
    this.serverGroup = serverGroup;
    this.options = options;
    this.joinedAtMs = nowMs;
    this.dueAtMs = nowMs;
  }

  /** Replaces an event that was not taken: the newest is what counts. */
  deliver(event: WatchEvent): void {
    this.#event = event;
    this.#wake?.();
  }

  /** Ends the watch: the next `next` throws. The first failure counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  /** The newest event, once there is one. One caller at a time. */
  async next(): Promise<WatchEvent> {
    if (this.#failure === undefined && this.#event === undefined) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    const event = this.#event;
    this.#event = undefined;
    return event ?? this.next();
  }
}

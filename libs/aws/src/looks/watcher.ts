import { drainEndMs, drainingTargets, type DrainingTarget, type LookWish } from '@gennaker/domain';
import type { Sight, WatchEvent, WatchOptions } from './watch-event.js';

/** One watch of one server group: its wishes, when it is due, and the newest event that was not taken yet. */
export class Watcher {
  readonly serverGroup: string;
  readonly options: WatchOptions;
  readonly joinedAtMs: number;
  /** When it wants its next look; at first at once. */
  dueAtMs: number;
  /** Whether that look is one between the regular ones. */
  dueIsExtra = false;
  /** True while a look for it is under way. */
  looking = false;
  /** True from the first look that found enough instances in service. */
  wantsHealth = false;
  /** Failed looks since the last good one. */
  failures = 0;

  #event: WatchEvent | undefined;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #draining: readonly DrainingTarget[] = [];
  #hopefulSinceMs: number;
  #hadHealth = false;
  #hadVanished = false;

  constructor(serverGroup: string, options: WatchOptions, nowMs: number) {
    this.serverGroup = serverGroup;
    this.options = options;
    this.joinedAtMs = nowMs;
    this.dueAtMs = nowMs;
    this.#hopefulSinceMs = nowMs;
  }

  /**
   * Learns from a look when the next one is worth it: at the start, once its instances are in service, and once the group is
   * gone, what is awaited may come about at any moment.
   */
  note(sight: Sight, nowMs: number): void {
    if (sight.kind === 'failed') {
      this.failures += 1;
      return;
    }
    this.failures = 0;
    const hasHealth = sight.kind === 'seen' && sight.withHealth;
    const hasVanished = sight.kind === 'vanished';
    if ((hasHealth && !this.#hadHealth) || (hasVanished && !this.#hadVanished)) {
      this.#hopefulSinceMs = nowMs;
    }
    this.#hadHealth ||= hasHealth;
    this.#hadVanished = hasVanished;
    this.#draining = hasHealth ? drainingTargets(this.#draining, sight.serverGroup, nowMs) : [];
  }

  /** What decides when its next look is. */
  wish(drainSecondsOf: (targetGroupArn: string) => number | undefined): LookWish {
    const { joinedAtMs, failures } = this;
    if (this.options.eager !== true) {
      return { joinedAtMs, failures, hopefulSinceMs: null, expectedAtMs: null };
    }
    const expectedAtMs = drainEndMs(this.#draining, drainSecondsOf);
    return { joinedAtMs, failures, hopefulSinceMs: this.#hopefulSinceMs, expectedAtMs };
  }

  /** Replaces an event that was not taken: the newest is what counts, but a regular look stays one. */
  deliver(event: WatchEvent): void {
    this.#event = { ...event, extra: event.extra && this.#event?.extra !== false };
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

import {
  GennakerError,
  nextLook,
  wantsManyLooks,
  type LookCrowd,
  type LookSchedule,
  type LookWish,
} from '@gennaker/domain';
import { DrainTimes } from './drain-times.js';
import { lookFor, type LookReads } from './look.js';
import type { SharedReader, Sight, WatchEvent, WatchOptions } from './watch-event.js';
import { Watcher } from './watcher.js';

/** What the reader of one account and region needs. */
export interface PollingReaderParts {
  readonly reads: LookReads;
  readonly pollSeconds: number;
  /** Our clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** AWS's clock; null before the first reply. */
  readonly awsNow: () => Date | null;
  /** Workers that share the account's rate. */
  readonly liveWorkers: () => number;
}

/** The one poll loop of an account and region: as many calls as there are groups, not as there are watchers. */
export class PollingReader implements SharedReader {
  readonly #parts: PollingReaderParts;
  readonly #schedule: LookSchedule;
  readonly #drainTimes: DrainTimes;
  readonly #watchers = new Set<Watcher>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: PollingReaderParts) {
    this.#parts = parts;
    // From this process's start, so that the workers of a fleet do not all look at the same instant.
    this.#schedule = { originMs: parts.now(), periodMs: parts.pollSeconds * 1_000 };
    this.#drainTimes = new DrainTimes((arn, options) =>
      parts.reads.describeDrainSeconds(arn, options),
    );
  }

  /** See SharedReader. Joins at the first `next`. */
  async *watch(
    serverGroup: string,
    options: WatchOptions,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent, never> {
    signal.throwIfAborted();
    this.#closing.signal.throwIfAborted();
    const watcher = new Watcher(serverGroup, options, this.#parts.now());
    const abort = (): void => watcher.fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#watchers.add(watcher);
    this.#arm();
    try {
      // Ends by the signal, by `fail`, or by the consumer's leaving.
      for (;;) yield await watcher.next();
    } finally {
      signal.removeEventListener('abort', abort);
      this.#watchers.delete(watcher);
      this.#arm();
    }
  }

  /** Ends every watch with SERVICE_UNAVAILABLE. A second call does nothing. */
  close(): void {
    const reason = new GennakerError('SERVICE_UNAVAILABLE', 'The reader of AWS has been closed.');
    clearTimeout(this.#timer);
    this.#closing.abort(reason);
    for (const watcher of this.#watchers) watcher.fail(reason);
  }

  /** Sets the timer to the next due watcher. Those who join in one turn of the event loop share the first look. */
  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closing.signal.aborted) return;
    const due = [...this.#watchers].filter(({ looking }) => !looking).map(({ dueAtMs }) => dueAtMs);
    if (due.length === 0) return;
    const delayMs = Math.max(0, Math.min(...due) - this.#parts.now());
    this.#timer = setTimeout(() => void this.#look(), delayMs);
  }

  /** Looks for all who are due; a slow look does not hold up those who become due meanwhile. */
  async #look(): Promise<void> {
    const nowMs = this.#parts.now();
    const due = [...this.#watchers].filter((one) => !one.looking && one.dueAtMs <= nowMs);
    for (const watcher of due) watcher.looking = true;
    this.#arm();
    if (due.length === 0) return;
    const sights = await lookFor(this.#parts.reads, due, this.#closing.signal);
    for (const [watcher, sight] of sights) watcher.note(sight, this.#parts.now());
    const crowd = this.#crowd();
    for (const watcher of due) {
      watcher.looking = false;
      const sight = sights.get(watcher);
      if (sight !== undefined) this.#tell(watcher, sight, crowd);
    }
    this.#arm();
  }

  #tell(watcher: Watcher, sight: Sight, crowd: LookCrowd): void {
    const nowMs = this.#parts.now();
    const extra = watcher.dueIsExtra;
    const next = nextLook(this.#schedule, this.#wishOf(watcher, nowMs), { nowMs, crowd });
    watcher.dueAtMs = next.atMs;
    watcher.dueIsExtra = next.extra;
    const nextLookAt = new Date(next.atMs).toISOString();
    if (sight.kind === 'failed') {
      const { error } = sight;
      if (error.retry === 'never') return watcher.fail(error);
      const { code, message, details } = error;
      const trouble = { code, message, details };
      return watcher.deliver({ kind: 'trouble', error: trouble, nextLookAt, extra });
    }
    const observedAt = (this.#parts.awsNow() ?? new Date(nowMs)).toISOString();
    watcher.deliver({ ...sight, observedAt, nextLookAt, extra });
  }

  #wishOf(watcher: Watcher, nowMs: number): LookWish {
    const { signal } = this.#closing;
    return watcher.wish((arn) => this.#drainTimes.secondsOf(arn, nowMs, signal));
  }

  #crowd(): LookCrowd {
    const nowMs = this.#parts.now();
    const wanting = [...this.#watchers].filter((watcher) =>
      wantsManyLooks(this.#schedule, this.#wishOf(watcher, nowMs), nowMs),
    );
    const withHealth = wanting.filter(({ wantsHealth }) => wantsHealth);
    return {
      serverGroups: new Set(wanting.map(({ serverGroup }) => serverGroup)).size,
      targetGroups: new Set(withHealth.flatMap(({ options }) => options.targetGroupArns)).size,
      workers: this.#parts.liveWorkers(),
    };
  }
}

import { eventsPageMax, type EventRepository } from '@gennaker/store';

import { eventText } from './event-text.js';
import type { Watcher } from './watcher.js';

/** Events read at once while a watcher catches up: small, so that a slow client does not make us hold much. */
const replayPage = 200;

interface ChannelOptions {
  readonly executionId: string;
  readonly events: EventRepository;
  /** Told of each read that failed; the streams stay open and the next wake-up reads again. */
  readonly readFailed: (error: unknown) => void;
}

/**
 * All watchers of one execution in this process. Each catches up with the log at its own speed; those that have are live:
 * every wake-up is one read of the table for all of them together.
 */
export class ExecutionChannel {
  readonly #options: ChannelOptions;
  readonly #catchingUp = new Set<Watcher>();
  /** Catching up as well, but the last read failed. */
  readonly #stalled = new Set<Watcher>();
  readonly #live = new Set<Watcher>();
  /** Position that all live watchers have reached. */
  #position = 0;
  #reading = false;
  #woken = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /** Position up to which everybody here has everything; 0 while somebody waits for a read to be made again. */
  get position(): number {
    return this.#stalled.size > 0 ? 0 : this.#position;
  }

  get watchers(): readonly Watcher[] {
    return [...this.#catchingUp, ...this.#stalled, ...this.#live];
  }

  add(watcher: Watcher): void {
    this.#catchingUp.add(watcher);
    void this.#catchUp(watcher);
  }

  remove(watcher: Watcher): void {
    for (const group of [this.#catchingUp, this.#stalled, this.#live]) group.delete(watcher);
  }

  /** There may be new events. Any number of calls while a read is under way make one more read. */
  wake(): void {
    for (const watcher of this.#stalled) {
      this.#stalled.delete(watcher);
      this.add(watcher);
    }
    this.#woken = true;
    if (!this.#reading) void this.#readWhileWoken();
  }

  async #readWhileWoken(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#woken && this.#live.size > 0) {
        this.#woken = false;
        await this.#readOnce();
      }
    } catch (error) {
      this.#options.readFailed(error);
    } finally {
      this.#reading = false;
    }
  }

  async #readOnce(): Promise<void> {
    const { events, executionId } = this.#options;
    const page = await events.readEvents(executionId, this.#position, eventsPageMax);
    const texts = page.map(eventText);
    for (const watcher of this.#live) watcher.deliver(page, texts);
    this.#position = page.at(-1)?.position ?? this.#position;
    if (page.length === eventsPageMax) this.#woken = true;
    else for (const watcher of this.#live) watcher.finishIfOver();
  }

  /** Replays the log to one watcher until there is no more of it, then lets it follow with the others. */
  async #catchUp(watcher: Watcher): Promise<void> {
    try {
      while (!(await this.#replayPage(watcher))) await watcher.drained();
    } catch (error) {
      if (this.#catchingUp.delete(watcher)) this.#stalled.add(watcher);
      this.#options.readFailed(error);
      return;
    }
    if (!this.#catchingUp.delete(watcher)) return;
    // Going back is harmless, since each watcher takes only what it has not had; going forward would leave gaps.
    this.#position =
      this.#live.size === 0 ? watcher.position : Math.min(this.#position, watcher.position);
    this.#live.add(watcher);
    // What was written between the last read and this line has been told to the others already.
    this.wake();
  }

  /** True when there is nothing more to replay. */
  async #replayPage(watcher: Watcher): Promise<boolean> {
    const { events, executionId } = this.#options;
    const page = await events.readEvents(executionId, watcher.position, replayPage);
    watcher.deliver(page);
    if (watcher.closed) return true;
    if (page.length === replayPage) return false;
    watcher.finishIfOver();
    return true;
  }
}

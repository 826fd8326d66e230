import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Logger } from '@gennaker/platform';
import type { EventRepository, Following } from '@gennaker/store';

import { LOGGER } from '../logging/logger-token.js';
import { RequestRefused } from '../problem/request-refused.js';
import { EVENTS } from '../store/store-tokens.js';
import { ExecutionChannel } from './execution-channel.js';
import type { Watcher } from './watcher.js';

/** Bounds and periods of the streams of one process. */
const streamBounds = {
  watchersMax: 2_000,
  /** Positions are compared this often, in case that a notification was lost, in milliseconds. */
  compareMs: 5_000,
  commentMs: 15_000,
  /** Executions whose positions one query compares. */
  compareBatch: 1_000,
} as const;

/**
 * Fans out the events of this process's watchers (DESIGN D6): one LISTEN connection, one read of the table a wake-up and
 * execution, positions compared after each (re)LISTEN and every 5 s.
 */
@Injectable()
export class EventHub implements OnModuleDestroy, BeforeApplicationShutdown {
  readonly #channels = new Map<string, ExecutionChannel>();
  readonly #timers: NodeJS.Timeout[] = [];
  #following: Following | undefined;
  #closing = false;
  #watchers = 0;

  constructor(
    @Inject(EVENTS) private readonly events: EventRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Starts to follow the log. To be called once, when the schema is there. */
  start(): void {
    this.#following = this.events.followEvents({
      onNotified: (executionId) => this.#channels.get(executionId)?.wake(),
      onListening: () => void this.#compare(),
    });
    this.#timers.push(
      setInterval(() => void this.#compare(), streamBounds.compareMs),
      setInterval(() => this.#comment(), streamBounds.commentMs),
    );
  }

  /** Throws TOO_MANY_WATCHERS. To be asked before a stream is opened. */
  checkRoom(): void {
    if (!this.#closing && this.#watchers < streamBounds.watchersMax) return;
    const detail = this.#closing
      ? 'This process is shutting down. Come back with your Last-Event-ID.'
      : `This process serves at most ${streamBounds.watchersMax} event streams. Come back later.`;
    throw new RequestRefused('TOO_MANY_WATCHERS', detail, { headers: { 'retry-after': '1' } });
  }

  /** Sends the watcher what it has not had, then what comes, until one of the two sides ends the stream. */
  attach(executionId: string, watcher: Watcher): void {
    // Whoever left while the execution was looked up tells nobody any more.
    if (watcher.closed) return;
    const channel = this.#channelOf(executionId);
    this.#watchers += 1;
    watcher.onClosed(() => {
      this.#watchers -= 1;
      channel.remove(watcher);
      if (channel.watchers.length === 0) this.#channels.delete(executionId);
    });
    channel.add(watcher);
  }

  /** Streams end before the server closes, so that it need not wait for them; clients come back elsewhere and resume. */
  async onModuleDestroy(): Promise<void> {
    this.#closing = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const watcher of this.#allWatchers()) watcher.close();
    await this.#following?.close();
  }

  /** Streams that were opened in the meantime. */
  beforeApplicationShutdown(): void {
    for (const watcher of this.#allWatchers()) watcher.close();
  }

  #channelOf(executionId: string): ExecutionChannel {
    const known = this.#channels.get(executionId);
    if (known !== undefined) return known;
    const channel = new ExecutionChannel({
      executionId,
      events: this.events,
      readFailed: (err) => this.logger.warn({ executionId, err }, 'events could not be read'),
    });
    this.#channels.set(executionId, channel);
    return channel;
  }

  /** Wakes every channel that lacks something. */
  async #compare(): Promise<void> {
    const executionIds = [...this.#channels.keys()];
    try {
      for (let start = 0; start < executionIds.length; start += streamBounds.compareBatch) {
        const batch = executionIds.slice(start, start + streamBounds.compareBatch);
        const positions = await this.events.readPositions(batch);
        positions.forEach((position, executionId) => this.#wakeIfBehind(executionId, position));
      }
    } catch (err) {
      // PostgreSQL is away: listening begins again when it is back, and compares.
      this.logger.warn({ err, executions: executionIds.length }, 'positions were not compared');
    }
  }

  #wakeIfBehind(executionId: string, position: number): void {
    const channel = this.#channels.get(executionId);
    if (channel !== undefined && position > channel.position) channel.wake();
  }

  #comment(): void {
    for (const watcher of this.#allWatchers()) watcher.comment();
  }

  #allWatchers(): readonly Watcher[] {
    return [...this.#channels.values()].flatMap((channel) => channel.watchers);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

import { connectionOptions, type DatabaseTimeouts } from '../database/database.js';
import type { StoreLogger } from '../database/store-logger.js';

/** Back-off between attempts to connect, in milliseconds. */
const backOff = { firstMs: 100, maxMs: 5_000 } as const;

export interface EventFollower {
  /** This execution may have new events. Must not throw. */
  onNotified(executionId: string): void;
  /** Listening has begun (again): what came before may have been missed, so compare positions. Must not throw. */
  onListening(): void;
}

export interface Following {
  /** Stops following and closes the connection. A second call does nothing more. */
  close(): Promise<void>;
}

/** How a follower connects. */
export interface FollowConnection {
  readonly databaseUrl: string;
  readonly timeouts: DatabaseTimeouts;
  readonly logger: StoreLogger;
}

interface FollowOptions extends FollowConnection {
  readonly follower: EventFollower;
}

/**
 * Listens on one connection of its own, and for ever: when the connection breaks, or a server stops answering, it connects
 * again after 0.1 s to 5 s. Needs a direct connection: LISTEN does not work through a pooler of transactions.
 */
export function followEvents(options: FollowOptions): Following {
  const stop = new AbortController();
  const ended = followForEver(options, stop.signal);
  return {
    close: () => {
      stop.abort();
      return ended;
    },
  };
}

async function followForEver(options: FollowOptions, stop: AbortSignal): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    try {
      await listenUntilBroken(options, stop, () => {
        failures = 0;
      });
    } catch (err) {
      if (stop.aborted) return;
      const backOffMs = Math.min(backOff.firstMs * 2 ** failures, backOff.maxMs);
      failures = Math.min(failures + 1, 10);
      options.logger.warn({ err, backOffMs }, 'not listening for events; connecting again');
      // Between half of it and all of it, so that many processes do not come back in step.
      await pause(backOffMs * (0.5 + Math.random() / 2), undefined, { signal: stop }).catch(
        () => undefined,
      );
    }
  }
}

/** Resolves when stopped, rejects when the connection breaks. */
async function listenUntilBroken(
  { databaseUrl, timeouts, follower }: FollowOptions,
  stop: AbortSignal,
  listening: () => void,
): Promise<void> {
  const client = new Client(connectionOptions(databaseUrl, timeouts));
  const finished = new AbortController();
  const over = endOf(client, stop, finished.signal);
  // It is awaited below; a break while still connecting must not count as unhandled.
  over.catch(() => undefined);
  client.on('notification', ({ payload }) => {
    if (payload !== undefined && payload !== '') follower.onNotified(payload);
  });
  try {
    await Promise.race([client.connect(), over]);
    await Promise.race([client.query('LISTEN gennaker_events'), over]);
    if (stop.aborted) return;
    listening();
    follower.onListening();
    await whileTried(client, over, timeouts.idleCheckMs);
  } finally {
    finished.abort();
    await closed(client);
  }
}

function endOf(client: Client, stop: AbortSignal, finished: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    client.on('error', reject);
    client.on('end', () => reject(new Error('PostgreSQL closed the connection')));
    stop.addEventListener('abort', () => resolve(), { once: true, signal: finished });
  });
}

/** A peer that vanished without a word is found by a query that gets no answer within the query time limit. */
async function whileTried(client: Client, over: Promise<void>, everyMs: number): Promise<void> {
  let failed: (error: unknown) => void = () => undefined;
  const unanswered = new Promise<never>((_resolve, reject) => {
    failed = reject;
  });
  const timer = setInterval(() => {
    client.query('SELECT 1').catch(failed);
  }, everyMs);
  try {
    await Promise.race([over, unanswered]);
  } finally {
    clearInterval(timer);
  }
}

/** Closing waits for the server's word; a server that does not give it within a second is left. */
async function closed(client: Client): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([
    client.end().catch(() => undefined),
    pause(1_000, undefined, { signal: waiting.signal }).catch(() => undefined),
  ]);
  waiting.abort();
}

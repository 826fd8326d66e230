import type { EventRecord, ExecutionEvent } from '@gennaker/domain';

/** One event as a watcher got it. */
export interface WatchedEvent {
  readonly position: number;
  /** When the workflow made it (ISO 8601). */
  readonly at: string;
  /** When its last byte came here, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  readonly event: ExecutionEvent;
}

const reconnectMs = 200;

/** Watches an execution by SSE as a browser would: reconnects with Last-Event-ID until the stream says that it ended. */
export class EventWatcher {
  readonly events: WatchedEvent[] = [];
  reconnects = 0;
  readonly #url: string;
  readonly #abort = new AbortController();
  #connected = new AbortController();
  readonly #waiters = new Set<() => void>();
  readonly done: Promise<void>;

  constructor(apiUrl: string, executionId: string) {
    this.#url = `${apiUrl}/v1/executions/${executionId}/events`;
    this.done = this.#watch();
  }

  /** Resolves with the first event, seen already or still to come, that matches. */
  async until(
    matches: (event: ExecutionEvent) => boolean,
    withinMs = 60_000,
  ): Promise<WatchedEvent> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const found = this.events.find(({ event }) => matches(event));
      if (found !== undefined) return found;
      const leftMs = deadline - Date.now();
      if (leftMs <= 0)
        throw new Error(`no such event; the last was ${JSON.stringify(this.events.at(-1))}`);
      await this.#news(leftMs);
    }
  }

  close(): void {
    this.#abort.abort();
  }

  /** Breaks the connection, as a bad network does; it comes back by itself. */
  drop(): void {
    this.#connected.abort();
  }

  async #watch(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const ended = await this.#connection().catch(() => false);
      if (ended) return;
      this.reconnects += 1;
      this.#connected = new AbortController();
      await new Promise((resolve) => setTimeout(resolve, reconnectMs));
    }
  }

  /** One connection; true when the stream said that it ended. */
  async #connection(): Promise<boolean> {
    const last = this.events.at(-1)?.position ?? 0;
    const response = await fetch(this.#url, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(last) },
      signal: AbortSignal.any([this.#abort.signal, this.#connected.signal]),
    });
    if (response.status === 204) return true;
    if (response.status !== 200 || response.body === null) return false;
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      if (blocks.some((block) => this.#take(block))) return true;
    }
    return false;
  }

  #take(block: string): boolean {
    const fields = new Map(block.split('\n').map((line) => splitField(line)));
    if (fields.get('event') === 'end') return true;
    const data = fields.get('data');
    const id = fields.get('id');
    if (data === undefined || id === undefined) return false;
    const { at, event } = JSON.parse(data) as EventRecord;
    const receivedAtMs = performance.timeOrigin + performance.now();
    this.events.push({ position: Number(id), at, receivedAtMs, event });
    for (const waiter of this.#waiters) waiter();
    return false;
  }

  async #news(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    this.#waiters.add(resolve);
    await promise;
    this.#waiters.delete(resolve);
    clearTimeout(timer);
  }
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}

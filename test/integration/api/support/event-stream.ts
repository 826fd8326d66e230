import type { ExecutionEventKind, ExecutionStatus, StoredEvent } from '@gennaker/domain';

/** One message of a stream, as the server wrote it. */
export interface Message {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
}

/** A watcher over HTTP, as a browser is one. */
export class EventStream {
  readonly status: number;
  readonly headers: Headers;
  readonly messages: Message[] = [];
  /** Resolves when the server has closed the stream. */
  readonly closed: Promise<void>;
  readonly #abort: AbortController;
  #news = Promise.withResolvers<void>();

  private constructor(response: Response, abort: AbortController) {
    this.status = response.status;
    this.headers = response.headers;
    this.#abort = abort;
    this.closed = this.#read(response).catch(() => undefined);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    const abort = new AbortController();
    return new EventStream(await fetch(url, { headers, signal: abort.signal }), abort);
  }

  /** The events of the execution so far, without the last word. */
  get events(): readonly StoredEvent[] {
    return this.messages
      .filter(({ id }) => id !== undefined)
      .map(({ data }) => JSON.parse(data) as StoredEvent);
  }

  get positions(): readonly number[] {
    return this.messages.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));
  }

  /** What the last word says, if it has come. */
  get end(): { readonly position: number; readonly status: ExecutionStatus } | undefined {
    const last = this.messages.find(({ event }) => event === 'end');
    return last === undefined ? undefined : (JSON.parse(last.data) as EventStream['end']);
  }

  /** Resolves once the event of this position is there. */
  async until(position: number): Promise<void> {
    while (!this.positions.includes(position)) await this.#news.promise;
  }

  /** Resolves once an event of this kind is there. */
  async untilKind(kind: ExecutionEventKind): Promise<void> {
    while (!this.messages.some(({ event }) => event === kind)) await this.#news.promise;
  }

  leave(): void {
    this.#abort.abort();
  }

  async #read(response: Response): Promise<void> {
    if (response.body === null) return;
    let pending = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = `${pending}${chunk}`.split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
      this.#news.resolve();
      this.#news = Promise.withResolvers();
    }
  }

  #take(block: string): void {
    const valueOf = (name: string) =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const data = valueOf('data');
    if (data !== undefined)
      this.messages.push({ id: valueOf('id'), event: valueOf('event'), data });
  }
}

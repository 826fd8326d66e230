import type { StoredEvent } from '@gennaker/domain';

import type { EventSink } from './event-sink.js';
import { commentText, endText, eventText, retryText } from './event-text.js';

/** How long a client waits before it comes back after a stream has broken, in milliseconds. */
const retryMs = 1_000;

/** One client of one execution: what it has been sent so far, and how it is told more. */
export class Watcher {
  readonly #sink: EventSink;
  #position: number;
  #last: StoredEvent | undefined;

  constructor(sink: EventSink, after: number) {
    this.#sink = sink;
    this.#position = after;
    sink.write(retryText(retryMs));
  }

  /** Position of the last event that was sent. */
  get position(): number {
    return this.#position;
  }

  get closed(): boolean {
    return this.#sink.closed;
  }

  /** Sends what the client has not been sent yet; `texts` are the events as text, in the same order. */
  deliver(events: readonly StoredEvent[], texts: readonly string[] = events.map(eventText)): void {
    const fresh = events.findIndex((event) => event.position > this.#position);
    const last = events.at(-1);
    if (fresh < 0 || last === undefined) return;
    this.#sink.write(texts.slice(fresh).join(''));
    this.#position = last.position;
    this.#last = last;
  }

  /** To be called when the log has nothing more: `execution.finished` is the last event, unless a person retries. */
  finishIfOver(): void {
    const last = this.#last?.event;
    if (last?.kind !== 'execution.finished') return;
    this.#sink.write(endText(this.#position, last.status));
    this.#sink.end();
  }

  comment(): void {
    this.#sink.write(commentText);
  }

  /** Closes without a last word: the client comes back and resumes. */
  close(): void {
    this.#sink.end();
  }

  drained(): Promise<void> {
    return this.#sink.drained();
  }

  onClosed(callback: () => void): void {
    this.#sink.onClosed(callback);
  }
}

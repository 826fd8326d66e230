import type { Store } from './store.js';
import type { Table } from './table.js';

/** Something that will happen at an instant. It is data, so that it survives the process. */
export interface ScheduledEvent {
  readonly id: string;
  readonly at: number;
  readonly sequence: number;
  readonly kind: string;
  readonly scope: string;
  readonly subject: string;
}

/** Events in the order of their time, then of their making. */
export class EventQueue {
  readonly #events: Table<ScheduledEvent>;
  readonly #heap: ScheduledEvent[] = [];
  #sequence = 0;

  constructor(store: Store) {
    this.#events = store.table<ScheduledEvent>('world/events');
    for (const event of this.#events.all()) {
      this.#sequence = Math.max(this.#sequence, event.sequence);
      this.#push(event);
    }
  }

  /**
   * Plans an event. At most one of a kind is planned for a subject: of two, the earlier one stays, unless
   * `replace` says that the new one is the one that counts.
   */
  schedule(event: Omit<ScheduledEvent, 'id' | 'sequence'>, replace = false): void {
    const id = `${event.scope}|${event.kind}|${event.subject}`;
    const planned = this.#events.find(id);
    if (planned !== undefined && !replace && planned.at <= event.at) return;
    this.#sequence += 1;
    const next = { ...event, id, sequence: this.#sequence };
    this.#events.put(id, next);
    this.#push(next);
  }

  cancel(scope: string, kind: string, subject: string): void {
    this.#events.delete(`${scope}|${kind}|${subject}`);
  }

  /** When the next event is due; `undefined` when nothing is planned. */
  nextAt(): number | undefined {
    return this.#head()?.at;
  }

  /** Takes the next event that is due by that instant. */
  takeDue(until: number): ScheduledEvent | undefined {
    const head = this.#head();
    if (head === undefined || head.at > until) return undefined;
    this.#pop();
    this.#events.delete(head.id);
    return head;
  }

  /** After an undo the table may hold events again that the heap has let go. */
  reload(): void {
    this.#heap.length = 0;
    for (const event of this.#events.all()) this.#push(event);
  }

  #head(): ScheduledEvent | undefined {
    // Events that were cancelled or planned anew stay in the heap until they surface.
    while (this.#heap[0] !== undefined && this.#events.find(this.#heap[0].id) !== this.#heap[0])
      this.#pop();
    return this.#heap[0];
  }

  #push(event: ScheduledEvent): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let index = 0;
    for (let child = 1; child < this.#heap.length; child = 2 * index + 1) {
      if (child + 1 < this.#heap.length && this.#isBefore(child + 1, child)) child += 1;
      if (!this.#isBefore(child, index)) return;
      this.#swap(index, child);
      index = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return false;
    return first.at === second.at ? first.sequence < second.sequence : first.at < second.at;
  }

  #swap(a: number, b: number): void {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}

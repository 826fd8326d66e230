/** What a table tells its store about each change. */
export interface ChangeLog {
  changed(table: Table<object>, change: RowChange): void;
  now(): number;
}

export interface RowChange {
  readonly key: string;
  readonly before: object | undefined;
  readonly after: object | undefined;
}

export interface TableOptions<T> {
  /** Changes of this table are no news: they do not count as a change, and are written along with the next one. */
  readonly quiet?: boolean;
  /** For how long earlier rows stay readable (simulated milliseconds); 0: not at all. */
  readonly historyMs?: number;
  readonly indexes?: Readonly<Record<string, (row: T) => string | undefined>>;
}

interface Past {
  readonly at: number;
  readonly key: string;
  readonly row: object | undefined;
}

/**
 * Rows by key. Rows are immutable: a change puts a new one, so that undo, the journal and reads of a moment ago
 * need only keep references.
 */
export class Table<T extends object> {
  readonly #rows = new Map<string, T>();
  readonly #indexes = new Map<
    string,
    { of: (row: T) => string | undefined; keys: Map<string, Set<string>> }
  >();
  #history: Past[] = [];

  constructor(
    readonly name: string,
    private readonly log: ChangeLog,
    private readonly options: TableOptions<T> = {},
  ) {
    for (const [index, of] of Object.entries(options.indexes ?? {})) {
      this.#indexes.set(index, { of, keys: new Map() });
    }
  }

  get isQuiet(): boolean {
    return this.options.quiet === true;
  }

  get size(): number {
    return this.#rows.size;
  }

  find(key: string): T | undefined {
    return this.#rows.get(key);
  }

  keys(): readonly string[] {
    return [...this.#rows.keys()];
  }

  all(): readonly T[] {
    return [...this.#rows.values()];
  }

  /** The rows whose index has this value, in the order in which they were made. */
  where(index: string, value: string): readonly T[] {
    const rows: T[] = [];
    for (const key of this.#indexes.get(index)?.keys.get(value) ?? []) {
      const row = this.#rows.get(key);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** The keys of the rows whose index has this value. */
  keysWhere(index: string, value: string): readonly string[] {
    return [...(this.#indexes.get(index)?.keys.get(value) ?? [])];
  }

  /** How many rows have this value in the index. */
  countWhere(index: string, value: string): number {
    return this.#indexes.get(index)?.keys.get(value)?.size ?? 0;
  }

  put(key: string, row: T): void {
    this.#change(key, row);
  }

  /** Changes some members of a row that is there; a row that is gone stays gone. */
  update(key: string, change: Partial<T>): T | undefined {
    const before = this.#rows.get(key);
    if (before === undefined) return undefined;
    const after = { ...before, ...change };
    this.#change(key, after);
    return after;
  }

  delete(key: string): void {
    if (this.#rows.has(key)) this.#change(key, undefined);
  }

  /** The row as it was at that instant, as far as the history reaches. */
  findAsOf(key: string, at: number): T | undefined {
    if (this.#isCurrentAt(at)) return this.#rows.get(key);
    const past = this.#history.find((entry) => entry.key === key && entry.at > at);
    return past === undefined ? this.#rows.get(key) : (past.row as T | undefined);
  }

  /** All rows (or those of an index) as they were at that instant. */
  allAsOf(at: number, index?: { readonly name: string; readonly value: string }): readonly T[] {
    const now = index === undefined ? this.all() : this.where(index.name, index.value);
    if (this.#isCurrentAt(at)) return now;
    return this.#overlay(
      this.#history.filter((entry) => entry.at > at),
      index,
    );
  }

  #overlay(
    changedSince: readonly Past[],
    index: { name: string; value: string } | undefined,
  ): readonly T[] {
    const rows = new Map<string, T | undefined>(this.#rows);
    for (const entry of changedSince.toReversed()) rows.set(entry.key, entry.row as T | undefined);
    const of = index === undefined ? undefined : this.#indexes.get(index.name)?.of;
    return [...rows.values()].filter(
      (row): row is T => row !== undefined && (of === undefined || of(row) === index?.value),
    );
  }

  /** Puts a row back without a log entry: for undo and for loading. */
  restore(key: string, row: object | undefined): void {
    this.#apply(key, row as T | undefined);
    const last = this.#history.at(-1);
    if (last?.key === key) this.#history.pop();
  }

  #change(key: string, after: T | undefined): void {
    const before = this.#rows.get(key);
    this.log.changed(this as unknown as Table<object>, { key, before, after });
    this.#remember(key, before);
    this.#apply(key, after);
  }

  #remember(key: string, row: T | undefined): void {
    const { historyMs = 0 } = this.options;
    if (historyMs === 0) return;
    const at = this.log.now();
    this.#history.push({ at, key, row });
    // Forgetting half of it at a time keeps the cost of a change constant.
    const middle = this.#history[this.#history.length >> 1];
    if (middle !== undefined && middle.at < at - historyMs) {
      this.#history = this.#history.filter((entry) => entry.at >= at - historyMs);
    }
  }

  /** True when nothing has changed after that instant. */
  #isCurrentAt(at: number): boolean {
    return (this.#history.at(-1)?.at ?? at) <= at;
  }

  #apply(key: string, after: T | undefined): void {
    const before = this.#rows.get(key);
    for (const index of this.#indexes.values()) moveInIndex(index, key, { before, after });
    if (after === undefined) this.#rows.delete(key);
    else this.#rows.set(key, after);
  }
}

function moveInIndex<T>(
  index: { of: (row: T) => string | undefined; keys: Map<string, Set<string>> },
  key: string,
  change: { readonly before: T | undefined; readonly after: T | undefined },
): void {
  const from = change.before === undefined ? undefined : index.of(change.before);
  const to = change.after === undefined ? undefined : index.of(change.after);
  if (from === to) return;
  if (from !== undefined) {
    const keys = index.keys.get(from);
    keys?.delete(key);
    if (keys?.size === 0) index.keys.delete(from);
  }
  if (to !== undefined) {
    const keys = index.keys.get(to) ?? new Set();
    keys.add(key);
    index.keys.set(to, keys);
  }
}

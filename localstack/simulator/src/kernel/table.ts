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

type IndexOf<T> = (row: T) => string | readonly string[] | undefined;

export interface TableOptions<T> {
  /** Changes of this table are no news: they do not count as a change, and are written along with the next one. */
  readonly quiet?: boolean;
  /** For how long earlier rows stay readable (simulated milliseconds); 0: not at all. */
  readonly historyMs?: number;
  /** A row may stand under several values of an index. */
  readonly indexes?: Readonly<Record<string, IndexOf<T>>>;
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
  readonly #indexes = new Map<string, { of: IndexOf<T>; keys: Map<string, Set<string>> }>();
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
    return this.someAsOf([key], at)[0];
  }

  /** The rows of those keys as they were at that instant; what was not there then is left out. */
  someAsOf(keys: readonly string[], at: number): readonly T[] {
    const past = this.#pastSince(at);
    return keys
      .map((key) => (past.has(key) ? past.get(key) : this.#rows.get(key)))
      .filter((row) => row !== undefined);
  }

  /** All rows (or those of an index) as they were at that instant. */
  allAsOf(at: number, index?: { readonly name: string; readonly value: string }): readonly T[] {
    const now = index === undefined ? this.keys() : this.keysWhere(index.name, index.value);
    const past = this.#pastSince(at);
    if (past.size === 0) return this.someAsOf(now, at);
    const of = index === undefined ? undefined : this.#indexes.get(index.name)?.of;
    const were = [...past].filter(
      ([, row]) =>
        row !== undefined && (of === undefined || valuesOf(of, row).includes(index?.value ?? '')),
    );
    const keys = [...now.filter((key) => !past.has(key)), ...were.map(([key]) => key)];
    return this.someAsOf(keys, at);
  }

  /** What has changed after that instant, with the rows as they were at it. */
  #pastSince(at: number): ReadonlyMap<string, T | undefined> {
    const past = new Map<string, T | undefined>();
    for (let index = this.#history.length - 1; index >= 0; index -= 1) {
      const entry = this.#history[index];
      if (entry === undefined || entry.at <= at) break;
      past.set(entry.key, entry.row as T | undefined);
    }
    return past;
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

  #apply(key: string, after: T | undefined): void {
    const before = this.#rows.get(key);
    for (const index of this.#indexes.values()) moveInIndex(index, key, { before, after });
    if (after === undefined) this.#rows.delete(key);
    else this.#rows.set(key, after);
  }
}

function moveInIndex<T>(
  index: { of: IndexOf<T>; keys: Map<string, Set<string>> },
  key: string,
  change: { readonly before: T | undefined; readonly after: T | undefined },
): void {
  const from = change.before === undefined ? [] : valuesOf(index.of, change.before);
  const to = change.after === undefined ? [] : valuesOf(index.of, change.after);
  for (const value of from) {
    if (to.includes(value)) continue;
    const keys = index.keys.get(value);
    keys?.delete(key);
    if (keys?.size === 0) index.keys.delete(value);
  }
  for (const value of to) {
    if (from.includes(value)) continue;
    const keys = index.keys.get(value) ?? new Set();
    keys.add(key);
    index.keys.set(value, keys);
  }
}

function valuesOf<T>(of: IndexOf<T>, row: T): readonly string[] {
  const value = of(row) ?? [];
  return typeof value === 'string' ? [value] : value;
}

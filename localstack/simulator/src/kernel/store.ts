import { Journal, readJournal, type JournalEntry } from './journal.js';
import { Table, type ChangeLog, type RowChange, type TableOptions } from './table.js';

interface LoggedChange extends RowChange {
  readonly table: Table<object>;
}

/** All tables of a world: changes are undone together, or written to the journal together. */
export class Store implements ChangeLog {
  readonly #tables = new Map<string, Table<object>>();
  readonly #loaded: Map<string, Map<string, object>>;
  readonly #journal: Journal | undefined;
  #uncommitted: LoggedChange[] = [];
  readonly #quiet = new Map<string, LoggedChange>();
  #version = 0;

  constructor(
    private readonly clock: () => number,
    dataFile: string | undefined,
  ) {
    this.#loaded =
      dataFile === undefined ? new Map<string, Map<string, object>>() : readJournal(dataFile);
    this.#journal =
      dataFile === undefined ? undefined : Journal.open(dataFile, rowsOf(this.#loaded));
  }

  /** Counts every change; equal numbers mean that nothing has changed in between. */
  get version(): number {
    return this.#version;
  }

  /** The names of the tables that the journal had rows of. */
  get loadedNames(): readonly string[] {
    return [...this.#loaded.keys()];
  }

  table<T extends object>(name: string, options: TableOptions<T> = {}): Table<T> {
    const table = new Table<T>(name, this, options);
    for (const [key, row] of this.#loaded.get(name) ?? []) table.restore(key, row);
    this.#loaded.delete(name);
    this.#tables.set(name, table as unknown as Table<object>);
    return table;
  }

  now(): number {
    return this.clock();
  }

  changed(table: Table<object>, change: RowChange): void {
    if (table.isQuiet) this.#quiet.set(`${table.name}\n${change.key}`, { table, ...change });
    else {
      this.#version += 1;
      this.#uncommitted.push({ table, ...change });
    }
  }

  get isDirty(): boolean {
    return this.#uncommitted.length > 0;
  }

  /** Runs a change; when it throws, everything that it changed is put back. */
  attempt<T>(change: () => T): T {
    const mark = this.#uncommitted.length;
    try {
      return change();
    } catch (error) {
      for (const undone of this.#uncommitted.splice(mark).toReversed()) {
        undone.table.restore(undone.key, undone.before);
        this.#version += 1;
      }
      throw error;
    }
  }

  /** Writes what has changed since the last commit; afterwards a kill loses none of it but quiet changes. */
  commit(): void {
    if (this.#uncommitted.length === 0) return;
    const changes = [...this.#quiet.values(), ...this.#uncommitted];
    this.#uncommitted = [];
    this.#quiet.clear();
    if (this.#journal === undefined) return;
    const last = new Map(changes.map((change) => [`${change.table.name}\n${change.key}`, change]));
    this.#journal.append(
      [...last.values()].map(({ table, key, after }) => [table.name, key, after ?? null]),
    );
    if (this.#journal.isLarge) this.#journal.compact(this.#rows());
  }

  close(): void {
    this.commit();
    this.#journal?.close();
  }

  #rows(): readonly JournalEntry[] {
    return [...this.#tables].flatMap(([name, table]) =>
      table.keys().map((key): JournalEntry => [name, key, table.find(key) ?? null]),
    );
  }
}

function rowsOf(tables: ReadonlyMap<string, ReadonlyMap<string, object>>): readonly JournalEntry[] {
  return [...tables].flatMap(([name, rows]) =>
    [...rows].map(([key, row]): JournalEntry => [name, key, row]),
  );
}

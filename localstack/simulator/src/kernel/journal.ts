import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

/** One row as it is after a change: table, key, row (null: gone). */
export type JournalEntry = readonly [table: string, key: string, row: object | null];

/** The journal is rewritten when it has grown by this much beyond its last rewriting. */
const GROWTH_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Where a world is kept: one line of JSON a commit, appended before the reply of the call goes out. After a kill at
 * any instant the file holds every commit that anybody was told of; a torn last line is a commit that nobody was.
 */
export class Journal {
  #descriptor: number;
  #grownBytes = 0;

  private constructor(
    private readonly path: string,
    descriptor: number,
  ) {
    this.#descriptor = descriptor;
  }

  /** Opens the file, first rewriting it to `rows`: the world as it was read from it. */
  static open(path: string, rows: readonly JournalEntry[]): Journal {
    return new Journal(path, rewrite(path, rows));
  }

  append(entries: readonly JournalEntry[]): void {
    const line = `${JSON.stringify(entries)}\n`;
    writeSync(this.#descriptor, line);
    this.#grownBytes += line.length;
  }

  get isLarge(): boolean {
    return this.#grownBytes > GROWTH_BYTES_MAX;
  }

  compact(rows: readonly JournalEntry[]): void {
    closeSync(this.#descriptor);
    this.#descriptor = rewrite(this.path, rows);
    this.#grownBytes = 0;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Reads the rows that a journal ends with, by table; an absent file is an empty world. */
export function readJournal(path: string): Map<string, Map<string, object>> {
  const tables = new Map<string, Map<string, object>>();
  if (!existsSync(path)) return tables;
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    for (const [table, key, row] of parseLine(line, { path, isLast: index >= lines.length - 1 })) {
      const rows = tables.get(table) ?? new Map<string, object>();
      tables.set(table, rows);
      if (row === null) rows.delete(key);
      else rows.set(key, row);
    }
  }
  return tables;
}

function parseLine(
  line: string,
  place: { path: string; isLast: boolean },
): readonly JournalEntry[] {
  try {
    const entries: unknown = JSON.parse(line);
    if (Array.isArray(entries) && entries.every(isEntry)) return entries;
  } catch (cause) {
    // A torn last line is a commit whose reply never went out.
    if (place.isLast) return [];
    throw damaged(place.path, cause);
  }
  throw damaged(place.path, undefined);
}

function isEntry(value: unknown): value is JournalEntry {
  return (
    Array.isArray(value) &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'string' &&
    typeof value[2] === 'object'
  );
}

function damaged(path: string, cause: unknown): Error {
  return new Error(
    `${path} is damaged: a line in its middle is not of the stand-in's form. Move the file away to begin anew.`,
    { cause },
  );
}

function rewrite(path: string, rows: readonly JournalEntry[]): number {
  const draft = `${path}.new`;
  writeFileSync(draft, rows.map((row) => `${JSON.stringify([row])}\n`).join(''));
  renameSync(draft, path);
  return openSync(path, 'a');
}

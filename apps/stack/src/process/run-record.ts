import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

import type { ProcessIdentity } from './process-identity.js';

const signals = ['SIGINT', 'SIGTERM'] as const;

const recordedChild = z.object({
  name: z.string(),
  pid: z.int().positive(),
  startedAt: z.string(),
  port: z.int().nullable(),
  stopSignal: z.enum(signals),
});

const runRecord = z.object({
  launcher: z.object({ pid: z.int().positive(), startedAt: z.string() }),
  children: z.array(recordedChild),
});

/** A child as `run.json` names it: enough to end this very process, and never another. */
export type RecordedChild = Readonly<z.infer<typeof recordedChild>>;

/** What runs, as the next start reads it. */
export interface RunRecord {
  readonly launcher: ProcessIdentity;
  readonly children: readonly RecordedChild[];
}

/** The record in a data folder; undefined when there is none or it cannot be understood. */
export function readRunRecord(file: string): RunRecord | undefined {
  try {
    return runRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes the record beside its place and renames it, so that a reader never sees half of it. */
export function writeRunRecord(file: string, record: RunRecord): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  writeFileSync(fresh, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}

import { isoTime, type ErrorCode, type ServerGroupRef } from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';
import { errorRecordOf } from '../../failures.js';
import { awsWaits, awsWrites } from '../../proxies.js';

/** One entry under its undo: its activities, until the undo's deadline. */
export class Undo {
  readonly writes: ReturnType<typeof awsWrites>;
  readonly waits: ReturnType<typeof awsWaits>;
  readonly context: AttemptContext;
  readonly #entryId: string;
  readonly deadlineMs: number;

  constructor(context: AttemptContext, entryId: string, deadlineMs: number) {
    this.context = context;
    this.#entryId = entryId;
    this.deadlineMs = deadlineMs;
    this.writes = awsWrites(deadlineMs);
    this.waits = awsWaits(deadlineMs);
  }

  operation(what: string, subject: ServerGroupRef) {
    return this.context.operation(`undo:${this.#entryId}:${what}`, subject.serverGroup, {
      priority: 'undo',
      deadline: isoTime(this.deadlineMs),
    });
  }
}

/** Null when the subject is not there: a group that was never made, or is gone already. */
export async function found<T>(look: Promise<T>): Promise<T | null> {
  const gone: readonly ErrorCode[] = ['SUBJECT_VANISHED'];
  try {
    return await look;
  } catch (error) {
    if (gone.includes(errorRecordOf(error).code)) return null;
    throw error;
  }
}

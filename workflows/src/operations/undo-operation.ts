import { isoTime, type ServerGroupRef } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { awsWaits, awsWrites } from '../proxies.js';

/** One entry's undo: its activities until the deadline, and who they are for. */
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

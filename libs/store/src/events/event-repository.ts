import type { EventRecord, StoredEvent } from '@gennaker/domain';

import type { Database, Queries } from '../database/database.js';
import {
  followEvents,
  type EventFollower,
  type FollowConnection,
  type Following,
} from './follow-events.js';
import {
  findUndoStart,
  readAnalyses,
  readEvents,
  type StoredAnalysis,
  type StoredUndoStart,
} from './read-events.js';
import {
  recordEvents,
  recordProgress,
  type RecordedEvents,
  type RecordEvents,
} from './record-events.js';

/** Most executions whose positions one call reads. */
const positionsMax = 5_000;

/** The event log. Positions count from 1 without gaps within an execution, in the order of the commits. */
export interface EventRepository {
  /** See recordEvents: one round trip, repeats are harmless. Throws SUPERSEDED, EXECUTION_NOT_FOUND. */
  recordEvents(batch: RecordEvents): Promise<RecordedEvents>;
  /**
   * One event of a wait's progress. Its key must differ between the tries of one activity too, or the second try's
   * progress is taken for the first's.
   */
  recordProgress(progress: {
    readonly executionId: string;
    readonly generation: number;
    readonly event: EventRecord;
  }): Promise<void>;
  /** Events behind a position, at most 1,000; none for an execution that is not there. */
  readEvents(
    executionId: string,
    afterPosition: number,
    limit: number,
  ): Promise<readonly StoredEvent[]>;
  /** Canary analyses before a position (null: all), newest first, at most 100. */
  readAnalyses(
    executionId: string,
    page: { readonly before: number | null; readonly limit: number },
  ): Promise<readonly StoredAnalysis[]>;
  /** How the undo of an attempt began; undefined where it did not. */
  findUndoStart(of: {
    readonly executionId: string;
    readonly refId: string;
    readonly attempt: number;
  }): Promise<StoredUndoStart | undefined>;
  /** Position of the newest event of each execution that is there, for readers that compare; at most 5,000. */
  readPositions(executionIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** See followEvents: tells which executions have new events until it is closed. */
  followEvents(follower: EventFollower): Following;
}

export function createEventRepository(
  database: Database,
  connection: FollowConnection,
): EventRepository {
  return {
    recordEvents: (batch) => recordEvents(database, batch),
    recordProgress: (progress) => recordProgress(database, progress),
    readEvents: (executionId, after, limit) => readEvents(database, { executionId, after, limit }),
    readAnalyses: (executionId, page) => readAnalyses(database, { executionId, ...page }),
    findUndoStart: (of) => findUndoStart(database, of),
    readPositions: (executionIds) => readPositions(database, executionIds),
    followEvents: (follower) => followEvents({ ...connection, follower }),
  };
}

async function readPositions(
  queries: Queries,
  executionIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.query<{ execution_id: string; position: number }>({
    attempted: 'read the positions of executions',
    text: 'SELECT execution_id, position FROM executions WHERE execution_id = ANY($1)',
    values: [executionIds.slice(0, positionsMax)],
  });
  return new Map(rows.map((row) => [row.execution_id, row.position]));
}

import { GennakerError, type EventRecord } from '@gennaker/domain';

import type { Queries } from '../database/database.js';
import { executionNotFound } from '../executions/open-run.js';
import { summaryChangeOf } from './summary-change.js';

/** Bounds of one call of recordEvents; `bytesMax` counts the events as JSON. */
export const recordBounds = { eventsMax: 500, bytesMax: 1_048_576 } as const;

export interface RecordEvents {
  readonly executionId: string;
  /** The generation that the writer's run has opened. */
  readonly generation: number;
  readonly events: readonly EventRecord[];
}

export interface RecordedEvents {
  /** Position of the execution's newest event. */
  readonly position: number;
  /** How many of the events were not there yet. */
  readonly recorded: number;
}

type RecordOutcome =
  | ({ readonly outcome: 'recorded' } & RecordedEvents)
  | { readonly outcome: 'superseded' | 'notOpened'; readonly generation: number };

/**
 * Writes events, with their summaries and the wake-up of readers, in one round trip and one transaction. A key that is
 * there already is skipped and changes nothing, so the same call twice, even at once, is harmless.
 * Throws SUPERSEDED (a newer run has opened the execution), EXECUTION_NOT_FOUND, INVALID_REQUEST (above the bounds).
 */
export async function recordEvents(queries: Queries, batch: RecordEvents): Promise<RecordedEvents> {
  const written = await write(queries, batch);
  if (written.outcome === 'recorded') {
    return { position: written.position, recorded: written.recorded };
  }
  const details = {
    executionId: batch.executionId,
    generation: batch.generation,
    current: written.generation,
  };
  if (written.outcome === 'notOpened') {
    const message = `Events of run ${batch.generation} of execution ${batch.executionId} cannot be recorded: the store knows runs up to ${written.generation} only.`;
    throw new GennakerError('INTERNAL', message, { details });
  }
  const message = `Events of run ${batch.generation} of execution ${batch.executionId} are refused: run ${written.generation} has taken over.`;
  throw new GennakerError('SUPERSEDED', message, { details });
}

/** As recordEvents for one event of progress; of an older run it is dropped, for nobody misses it. */
export async function recordProgress(
  queries: Queries,
  progress: Omit<RecordEvents, 'events'> & { readonly event: EventRecord },
): Promise<void> {
  await write(queries, { ...progress, events: [progress.event] });
}

interface RecordRow {
  readonly outcome: 'recorded' | 'superseded' | 'notOpened' | 'notFound';
  readonly generation: number;
  readonly last_position: number;
  readonly recorded: number;
}

async function write(
  queries: Queries,
  { executionId, generation, events }: RecordEvents,
): Promise<RecordOutcome> {
  const fresh = firstOfEachKey(events);
  const texts = fresh.map(({ event }) => JSON.stringify(event));
  checkBounds(executionId, texts);
  const changes = fresh.map(summaryChangeOf);
  const [row] = await queries.query<RecordRow>({
    attempted: `record events of execution ${executionId}`,
    text: 'SELECT * FROM record_events($1, $2, $3::text[], $4::timestamptz[], $5::text[], $6::text[])',
    values: [
      executionId,
      generation,
      fresh.map(({ key }) => key),
      fresh.map(({ at }) => at),
      texts,
      changes.map((change) => (change === null ? null : JSON.stringify(change))),
    ],
  });
  if (row === undefined) throw new GennakerError('INTERNAL', 'record_events returned nothing.');
  if (row.outcome === 'notFound') throw executionNotFound(executionId);
  if (row.outcome !== 'recorded') return { outcome: row.outcome, generation: row.generation };
  return { outcome: 'recorded', position: row.last_position, recorded: row.recorded };
}

function firstOfEachKey(events: readonly EventRecord[]): readonly EventRecord[] {
  const keys = new Set<string>();
  return events.filter(({ key }) => {
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
}

function checkBounds(executionId: string, texts: readonly string[]): void {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (texts.length <= recordBounds.eventsMax && bytes <= recordBounds.bytesMax) return;
  throw new GennakerError(
    'INVALID_REQUEST',
    `A call may record ${recordBounds.eventsMax} events of ${recordBounds.bytesMax} bytes together, not ${texts.length} of ${bytes}; split it.`,
    { details: { executionId, events: texts.length, bytes } },
  );
}

import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';

type RawEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** One event of a run's history. */
export interface HistoryEvent {
  /** Such as `activityTaskScheduled`. */
  readonly type: string;
  readonly atMs: number;
  readonly raw: RawEvent;
}

/** Reads the history of the newest run of each workflow, oldest event first. */
export async function readHistories(
  address: string,
  workflowIds: readonly string[],
  namespace = 'default',
): Promise<readonly (readonly HistoryEvent[])[]> {
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection, namespace });
    return await Promise.all(
      workflowIds.map(async (id) => {
        const { events } = await workflow.getHandle(id).fetchHistory();
        return (events ?? []).map((raw) => ({
          type: typeOf(raw),
          atMs: tsToMs(raw.eventTime),
          raw,
        }));
      }),
    );
  } finally {
    await connection.close();
  }
}

const suffix = 'EventAttributes';

function typeOf(raw: RawEvent): string {
  const attributes = Object.keys(raw).find((key) => key.endsWith(suffix));
  return attributes?.slice(0, -suffix.length) ?? 'unknown';
}

import type { CreatedExecution, ExecutionEvent, EventRecord, Pipeline } from '@gennaker/domain';
import { newExecutionId } from '@gennaker/platform';
import { openStore, type Store } from '@gennaker/store';

import { createTestDatabase } from '../../support/services/test-database.js';

/** A migrated store on an empty database of its own. */
export interface TestStore {
  readonly store: Store;
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function openTestStore(poolMax = 10): Promise<TestStore> {
  const database = await createTestDatabase();
  const store = openStore({ databaseUrl: database.url, poolMax });
  await store.migrate();
  return {
    store,
    url: database.url,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
}

export const someTime = new Date('2026-02-03T04:05:06.789Z');

export function somePipeline(change: Partial<Pipeline> = {}): Pipeline {
  return {
    schemaVersion: 1,
    application: 'web',
    name: 'red-black',
    stages: [
      {
        refId: 'pause',
        name: 'Pause',
        requisiteStageRefIds: [],
        timeoutSeconds: 60,
        type: 'wait',
        waitSeconds: 1,
      },
    ],
    ...change,
  };
}

export function someExecution(change: Partial<CreatedExecution> = {}): CreatedExecution {
  return {
    executionId: newExecutionId(),
    application: 'web',
    pipelineName: 'red-black',
    pipelineVersion: 1,
    createdBy: 'ada',
    stages: [{ refId: 'pause', name: 'Pause', type: 'wait', requisiteStageRefIds: [] }],
    ...change,
  };
}

/** Creates an execution and opens its first run; gives its id. */
export async function openedExecution(store: Store): Promise<string> {
  const execution = someExecution();
  const { executionId } = execution;
  const pipeline = somePipeline();
  await store.executions.createExecution({ execution, pipeline, idempotency: null, now: someTime });
  await store.executions.openRun({ executionId, generation: 1, runId: 'run-1' });
  return executionId;
}

/** A record that changes nothing but the log. */
export function someRecord(key: string, change: Partial<EventRecord> = {}): EventRecord {
  const event: ExecutionEvent = {
    kind: 'stage.waiting',
    refId: 'pause',
    attempt: 1,
    waitingFor: null,
  };
  return { key, at: someTime.toISOString(), event, ...change };
}

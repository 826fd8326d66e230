import { foldExecutionEvents, GennakerError, type ExecutionState } from '@gennaker/domain';
import type { OpenRunInput, OpenRunResult, RecordsActivities } from '@gennaker/contract/wire';
import type { Clock, Logger } from '@gennaker/platform';
import { recordBounds, type OpenedRun, type Store } from '@gennaker/store';

import { withFailureMapping } from '../failure.js';
import { eventBatches } from './event-batches.js';
import { requestLock, type LockSignals } from './request-lock.js';

export interface RecordsDependencies {
  readonly store: Pick<Store, 'executions' | 'events'>;
  /** `client.workflow` of Temporal's client. */
  readonly workflows: LockSignals;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The activities of queue `records`. Each may be repeated at any time: a run that has won its generation wins it again, an
 * event that is there is skipped, a claim that waits keeps its place. Every error is mapped to a Temporal failure.
 */
export function createRecordsActivities(dependencies: RecordsDependencies): RecordsActivities {
  const { store, logger } = dependencies;
  return withFailureMapping<RecordsActivities>({
    openRun: async (input) => {
      const opened = await store.executions.openRun(input);
      const result = openRunResult(input, opened);
      const { executionId, generation, runId } = input;
      logger.info({ executionId, generation, runId, outcome: result.outcome }, 'run opened');
      return result;
    },
    recordEvents: async ({ executionId, generation, events }) => {
      for (const batch of eventBatches(events, recordBounds)) {
        await store.events.recordEvents({ executionId, generation, events: batch });
      }
    },
    requestLock: (input) => requestLock(input, dependencies),
  });
}

function openRunResult({ executionId }: OpenRunInput, opened: OpenedRun): OpenRunResult {
  if (opened.outcome === 'superseded') return opened;
  const state: ExecutionState | null = foldExecutionEvents(opened.events);
  if (state !== null) return { outcome: 'opened', pipeline: opened.pipeline, state };
  throw new GennakerError('INTERNAL', `Execution ${executionId} has no events.`, {
    details: { executionId },
  });
}

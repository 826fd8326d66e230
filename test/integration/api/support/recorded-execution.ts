import type { ExecutionEvent, ExecutionStatus } from '@gennaker/domain';
import { newExecutionId, systemClock } from '@gennaker/platform';
import type { Store } from '@gennaker/store';

import { waitingPipeline } from './pipelines.js';

/** An execution whose events a test writes itself, as a run would. */
export class RecordedExecution {
  readonly id = newExecutionId();
  readonly #store: Store;
  #written = 0;

  private constructor(store: Store) {
    this.#store = store;
  }

  /** Makes the row, with its first event at position 1, and opens a run. */
  static async create(store: Store): Promise<RecordedExecution> {
    const recorded = new RecordedExecution(store);
    const pipeline = waitingPipeline();
    const { application, name, stages } = pipeline;
    await store.executions.createExecution({
      execution: {
        executionId: recorded.id,
        application,
        pipelineName: name,
        pipelineVersion: null,
        createdBy: 'test',
        stages,
      },
      pipeline,
      idempotency: null,
      now: systemClock.now(),
    });
    await store.executions.openRun({ executionId: recorded.id, generation: 1, runId: 'run' });
    return recorded;
  }

  /** Writes these events; the position of the last one. */
  async record(...events: readonly ExecutionEvent[]): Promise<number> {
    const at = systemClock.now().toISOString();
    const { position } = await this.#store.events.recordEvents({
      executionId: this.id,
      generation: 1,
      events: events.map((event) => ({ key: `w:1:${(this.#written += 1)}`, at, event })),
    });
    return position;
  }

  finish(status: ExecutionStatus = 'SUCCEEDED'): Promise<number> {
    return this.record({ kind: 'execution.finished', status });
  }
}

/** An event that says nothing in particular, as large as wanted. */
export function someEvent(bytes = 0): ExecutionEvent {
  return { kind: 'engine.stalled', reason: 'x'.repeat(bytes) };
}

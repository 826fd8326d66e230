import {
  foldExecutionEvents,
  GennakerError,
  type EventRecord,
  type ExecutionState,
  type Pipeline,
  type UrgentStart,
} from '@gennaker/domain';
import { messageNames, taskQueues, workflowTypes } from '@gennaker/contract/wire';
import type { RecordsActivities } from '@gennaker/contract/wire';
import type { Client } from '@temporalio/client';

interface MemoryExecution {
  readonly pipeline: Pipeline;
  readonly events: EventRecord[];
  generation: number;
  runId: string | null;
}

/** The records activities over memory: the same rules as the store's, for tests of the engine alone. */
export class MemoryRecords implements RecordsActivities {
  readonly #executions = new Map<string, MemoryExecution>();
  readonly #client: Client;
  /** Settle it to let held writes go on; null when nothing is held. */
  hold: Promise<void> | null = null;
  /** Thrown by every write until further notice. */
  refusal: GennakerError | null = null;
  /** As `hold`, for requests of locks: what they ask for arrives late. */
  holdLocks: Promise<void> | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  create(executionId: string, pipeline: Pipeline, urgent?: UrgentStart): void {
    const { application, name } = pipeline;
    const created: EventRecord = {
      key: 'a:created',
      at: new Date().toISOString(),
      event: {
        kind: 'execution.created',
        execution: {
          executionId,
          application,
          pipelineName: name,
          pipelineVersion: 1,
          createdBy: 'test',
          ...(urgent !== undefined && { urgent }),
          stages: pipeline.stages,
        },
      },
    };
    this.#executions.set(executionId, { pipeline, events: [created], generation: 0, runId: null });
  }

  events(executionId: string): readonly EventRecord[] {
    return this.#get(executionId).events;
  }

  generation(executionId: string): number {
    return this.#get(executionId).generation;
  }

  state(executionId: string): ExecutionState {
    const state = foldExecutionEvents(this.events(executionId));
    if (state === null) throw new Error('no events');
    return state;
  }

  readonly openRun: RecordsActivities['openRun'] = async ({ executionId, generation, runId }) => {
    const execution = this.#get(executionId);
    const again = execution.generation === generation && execution.runId === runId;
    if (!again && execution.generation !== generation - 1) {
      return { outcome: 'superseded', generation: execution.generation };
    }
    execution.generation = generation;
    execution.runId = runId;
    return { outcome: 'opened', pipeline: execution.pipeline, state: this.state(executionId) };
  };

  readonly recordEvents: RecordsActivities['recordEvents'] = async (input) => {
    if (this.hold !== null) await this.hold;
    if (this.refusal !== null) throw this.refusal;
    const execution = this.#get(input.executionId);
    if (execution.generation > input.generation) {
      throw new GennakerError('SUPERSEDED', 'a newer run has taken over');
    }
    for (const event of input.events) {
      if (!execution.events.some((known) => known.key === event.key)) execution.events.push(event);
    }
  };

  readonly requestLock: RecordsActivities['requestLock'] = async (input) => {
    const { lockWorkflowId, resource, executionId, claim, ticket, urgent = false } = input;
    if (this.holdLocks !== null) await this.holdLocks;
    await this.#client.workflow.signalWithStart(workflowTypes.lock, {
      workflowId: lockWorkflowId,
      taskQueue: taskQueues.engine,
      args: [{ inputVersion: 1, resource }],
      signal: messageNames.requestLockSignal,
      signalArgs: [{ executionId, claim, ticket, urgent, since: new Date().toISOString() }],
    });
  };

  #get(executionId: string): MemoryExecution {
    const execution = this.#executions.get(executionId);
    if (execution === undefined) throw new Error(`no execution ${executionId}`);
    return execution;
  }
}

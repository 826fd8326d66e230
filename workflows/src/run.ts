import {
  foldExecution,
  type EventRecord,
  type ExecutionEvent,
  type ExecutionState,
  type Pipeline,
  type StageSpec,
} from '@gennaker/domain';
import type { CarriedRun, PipelineWorkflowInput } from '@gennaker/contract/wire';
import { log } from '@temporalio/workflow';
import type { LockInbox } from './lock-inbox.js';

/**
 * One run of an execution: its state is the fold of the events that it emits, so that what the engine decides on and what
 * people see cannot differ. Everything here lives in workflow memory only and is rebuilt by replay.
 */
export class Run {
  readonly executionId: string;
  readonly generation: number;
  readonly pipeline: Pipeline;
  /** Events not yet handed to the store, oldest first. */
  readonly outbox: EventRecord[] = [];
  readonly locks: LockInbox;
  /** Stages that are stopped because another one failed. */
  readonly haltedRefIds: Set<string>;
  /** Set once the run schedules nothing new and will continue as new. */
  handingOver = false;
  /** Set when the store says that a newer run has taken over. */
  superseded = false;
  #state: ExecutionState;
  #eventsWritten: number;

  constructor(input: PipelineWorkflowInput, opened: CarriedRun, locks: LockInbox) {
    this.locks = locks;
    this.executionId = input.executionId;
    this.generation = input.generation;
    this.pipeline = opened.pipeline;
    this.haltedRefIds = new Set(opened.haltedRefIds);
    this.#state = opened.state;
    this.#eventsWritten = opened.eventsWritten;
  }

  get state(): ExecutionState {
    return this.#state;
  }

  /** Applies an event and puts it into the outbox; it is written by the outbox's own loop. */
  emit(event: ExecutionEvent): void {
    this.#eventsWritten += 1;
    const key = `w:${this.generation}:${this.#eventsWritten}`;
    const record: EventRecord = { key, at: new Date().toISOString(), event };
    this.#state = foldExecution(this.#state, record);
    this.outbox.push(record);
    log.info('execution event', { kind: event.kind, key });
  }

  /** The configuration of a stage of this pipeline. */
  spec(refId: string): StageSpec {
    const spec = this.pipeline.stages.find((stage) => stage.refId === refId);
    if (spec === undefined) throw new Error(`the pipeline has no stage ${refId}`);
    return spec;
  }

  /** What a successor run needs to go on where this one ends. */
  carry(): CarriedRun {
    return {
      pipeline: this.pipeline,
      state: this.#state,
      eventsWritten: this.#eventsWritten,
      haltedRefIds: [...this.haltedRefIds],
    };
  }
}

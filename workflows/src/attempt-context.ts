import {
  epochMs,
  findStage,
  latestAttempt,
  operationKey,
  type AttemptState,
  type WaitingFor,
} from '@gennaker/domain';
import type { OperationContext } from '@gennaker/contract/wire';
import type { Run } from './run.js';

/** One attempt of one stage: what the stage's code needs to read its state, report, and address its operations. */
export class AttemptContext {
  readonly run: Run;
  readonly refId: string;
  readonly attempt: number;
  /** Set when an activity ended because nobody heard of it: its last AWS call may still be under way. */
  lastCallUnknown = false;

  constructor(run: Run, refId: string, attempt: number) {
    this.run = run;
    this.refId = refId;
    this.attempt = attempt;
  }

  /** The attempt as the events so far make it. */
  get state(): AttemptState {
    const stage = findStage(this.run.state, this.refId);
    const attempt = stage === undefined ? undefined : latestAttempt(stage);
    if (attempt === undefined) throw new Error(`stage ${this.refId} has not started`);
    return attempt;
  }

  /** When the stage's undo begins at the latest, in milliseconds since the epoch. */
  deadlineMs(): number {
    return epochMs(this.state.deadline);
  }

  /** Says what the stage waits for. */
  waiting(waitingFor: WaitingFor): void {
    this.run.emit({ kind: 'stage.waiting', ...this.identity, waitingFor });
  }

  get identity(): { readonly refId: string; readonly attempt: number } {
    return { refId: this.refId, attempt: this.attempt };
  }

  /** Who the operation is for and which one it is. */
  operation(
    step: string,
    target: string,
    options: { priority: OperationContext['priority']; deadline: string },
  ): OperationContext {
    const { executionId, generation } = this.run;
    const identity = { executionId, stage: this.refId, attempt: this.attempt, step, target };
    return {
      executionId,
      stage: this.refId,
      attempt: this.attempt,
      generation,
      operationKey: operationKey(identity),
      ...options,
    };
  }
}

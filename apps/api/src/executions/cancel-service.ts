import { Inject, Injectable } from '@nestjs/common';
import type { CancelAnswer } from '@gennaker/contract';
import {
  GennakerError,
  isComplete,
  parseExecutionId,
  rollbackActions,
  type CancelIntent,
  type ExecutionState,
} from '@gennaker/domain';
import { canonicalJson, sha256Hex } from '@gennaker/platform';

import { keyReused } from '../problem/key-reused.js';
import { PIPELINE_RUNS, type PipelineRuns } from '../temporal/pipeline-runs.js';
import { executionPath } from './execution-links.js';
import { executionNotFound, ExecutionReader } from './execution-reader.js';

export interface CancelCommand {
  readonly executionId: string;
  readonly intent: CancelIntent;
  readonly by: string;
  readonly reason: string;
  readonly key: string;
}

/** Cancels executions (DESIGN D8). PostgreSQL is asked only about an execution that has no open run. */
@Injectable()
export class CancelService {
  constructor(
    @Inject(PIPELINE_RUNS) private readonly runs: PipelineRuns,
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
  ) {}

  /**
   * What will be undone and until when; the same intent again gets the same answer. Throws EXECUTION_COMPLETE,
   * EXECUTION_CANCELING, EXECUTION_NOT_FOUND, OUTCOME_UNKNOWN, and SERVICE_UNAVAILABLE when nothing has changed.
   */
  async cancel(command: CancelCommand): Promise<CancelAnswer> {
    const { executionId, intent, by, reason, key } = command;
    if (parseExecutionId(executionId) === undefined) throw executionNotFound(executionId);
    const bodyHash = sha256Hex(canonicalJson({ cancel: { executionId, intent, by, reason } }));
    const request = { requestId: key, bodyHash, intent, by, reason };
    const accepted =
      (await this.runs.cancelExecution(executionId, request)) ??
      (await this.answerWithoutRun(executionId, key, bodyHash));
    return {
      executionId,
      intent: accepted.intent,
      steps: [...accepted.steps],
      ...(accepted.finishes !== undefined && { finishes: [...accepted.finishes] }),
      latestEnd: accepted.latestEnd,
      finishedDeploys: [...(accepted.finishedDeploys ?? [])],
      links: { self: executionPath(executionId), events: `${executionPath(executionId)}/events` },
    };
  }

  /** The recorded answer of a cancel that is over, or why there is nothing to cancel. */
  private async answerWithoutRun(executionId: string, key: string, bodyHash: string) {
    const folded = await this.reader.findFolded(executionId);
    if (folded === null) throw executionNotFound(executionId);
    const { state } = folded;
    const earlier = state.acceptedCancels.find((known) => known.requestId === key);
    if (earlier === undefined) throw nothingRuns(state);
    if (earlier.bodyHash !== bodyHash) throw keyReused();
    return earlier;
  }
}

function nothingRuns(state: ExecutionState): GennakerError {
  const { executionId, status } = state;
  if (isComplete(status)) {
    const [rollback, ...more] = rollbackActions(state);
    const stays =
      rollback === undefined
        ? ''
        : ` What it has deployed stays: to take it back, ${rollback.method} ${rollback.href}.`;
    const message = `Execution ${executionId} has already ended ${status}; there is nothing to cancel.${stays}`;
    const actions = [...(rollback === undefined ? [] : [rollback]), ...more].map((one) => ({
      ...one,
    }));
    return new GennakerError('EXECUTION_COMPLETE', message, { details: { status, actions } });
  }
  return new GennakerError(
    'SERVICE_UNAVAILABLE',
    `Execution ${executionId} is ${status} and has no run at this moment. Nothing has been changed. Try again in a few seconds.`,
    { details: { service: 'temporal', status } },
  );
}

import { Inject, Injectable } from '@nestjs/common';
import type { JudgeAnswer } from '@gennaker/contract';
import type { JudgeStageRequest } from '@gennaker/contract/wire';
import {
  decideJudgment,
  GennakerError,
  parseExecutionId,
  type AnsweredJudgment,
  type JudgmentDecision,
} from '@gennaker/domain';
import { canonicalJson, sha256Hex } from '@gennaker/platform';

import { PIPELINE_RUNS, type PipelineRuns } from '../temporal/pipeline-runs.js';
import { executionPath } from './execution-links.js';
import { executionNotFound, ExecutionReader } from './execution-reader.js';

export interface JudgeCommand {
  readonly executionId: string;
  readonly refId: string;
  readonly judgmentId?: string;
  readonly decision: JudgmentDecision;
  readonly input?: string;
  readonly by: string;
  readonly reason: string;
  readonly key: string;
}

/** Gives a person's answer to a stage that waits for one. PostgreSQL is asked only about an execution without an open run. */
@Injectable()
export class JudgmentService {
  constructor(
    @Inject(PIPELINE_RUNS) private readonly runs: PipelineRuns,
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
  ) {}

  /**
   * The answer as it was recorded; the same key and body again gets the same. Throws the engine's refusal by its code,
   * EXECUTION_NOT_FOUND, OUTCOME_UNKNOWN when no worker answers within 10 s, SERVICE_UNAVAILABLE when nothing has changed.
   */
  async judge(command: JudgeCommand): Promise<JudgeAnswer> {
    const { executionId, key, ...body } = command;
    if (parseExecutionId(executionId) === undefined) throw executionNotFound(executionId);
    const bodyHash = sha256Hex(canonicalJson({ judge: { executionId, ...body } }));
    const request: JudgeStageRequest = { requestId: key, bodyHash, ...body };
    const answer =
      (await this.runs.judgeStage(executionId, request)) ??
      (await this.answerWithoutRun(executionId, request));
    const { refId, attempt, judgmentId, given } = answer;
    const { decision, input, by, reason } = given;
    const path = executionPath(executionId);
    const links = { self: path, events: `${path}/events` };
    return { executionId, refId, attempt, judgmentId, decision, input, by, reason, links };
  }

  /** The recorded answer of a stage that has gone on since, or why there is nothing to judge. */
  private async answerWithoutRun(
    executionId: string,
    request: JudgeStageRequest,
  ): Promise<AnsweredJudgment> {
    const folded = await this.reader.findFolded(executionId);
    if (folded === null) throw executionNotFound(executionId);
    const decision = decideJudgment(folded.state, request);
    switch (decision.outcome) {
      case 'repeated':
        return decision.answer;
      case 'refused': {
        const { code, message, details } = decision.error;
        throw new GennakerError(code, message, { details });
      }
      case 'accepted':
        throw new GennakerError(
          'SERVICE_UNAVAILABLE',
          `Execution ${executionId} has no run at this moment. Nothing has been changed. Try again in a few seconds.`,
          { details: { service: 'temporal' } },
        );
    }
  }
}

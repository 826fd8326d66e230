import { decideAttention, decideCancel, decideJudgment, decideRetry } from '@gennaker/domain';
import type {
  CancelExecutionAnswer,
  CancelExecutionRequest,
  JudgeStageAnswer,
  JudgeStageRequest,
  ResolveAttentionAnswer,
  ResolveAttentionRequest,
  RetryStageAnswer,
  RetryStageRequest,
} from '@gennaker/contract/wire';
import { closeUndo } from './attention.js';
import { updateRefusal } from './failures.js';
import type { Run } from './run.js';

/** Accepts or refuses a retry. Changes state and returns; the main loop starts the stage. */
export function acceptRetry(run: Run, request: RetryStageRequest): RetryStageAnswer {
  const { refId } = request;
  const decision = decideRetry(run.state, request);
  if (decision.outcome === 'refused') throw updateRefusal(decision.error);
  if (decision.outcome === 'repeated') {
    return { executionId: run.executionId, refId, attempt: decision.answer.attempt };
  }
  const { attempt, request: accepted } = decision.accepted;
  run.emit({ kind: 'retry.accepted', refId, attempt, request: accepted });
  return { executionId: run.executionId, refId, attempt };
}

/** Accepts or refuses a cancel. The stages that run see it in the state. */
export function acceptCancel(run: Run, request: CancelExecutionRequest): CancelExecutionAnswer {
  const decision = decideCancel(run.state, request, Date.now());
  if (decision.outcome === 'refused') throw updateRefusal(decision.error);
  if (decision.outcome === 'repeated') {
    return { executionId: run.executionId, ...decision.answer };
  }
  run.emit({ kind: 'cancel.accepted', request: decision.accepted });
  return { executionId: run.executionId, ...decision.accepted };
}

/** Accepts or refuses a person's answer. The stage that waits sees it in the state. */
export function acceptJudgment(run: Run, request: JudgeStageRequest): JudgeStageAnswer {
  const decision = decideJudgment(run.state, request);
  if (decision.outcome === 'refused') throw updateRefusal(decision.error);
  if (decision.outcome === 'repeated') {
    return { executionId: run.executionId, ...decision.answer };
  }
  run.emit({ kind: 'judgment.given', ...decision.accepted });
  return { executionId: run.executionId, ...decision.accepted };
}

/** Accepts or refuses a way out of NEEDS_ATTENTION. Changes state and returns; the main loop carries it out. */
export function acceptResolution(
  run: Run,
  request: ResolveAttentionRequest,
): ResolveAttentionAnswer {
  const decision = decideAttention(run.state, request, Date.now());
  if (decision.outcome === 'refused') throw updateRefusal(decision.error);
  if (decision.outcome === 'repeated') {
    return { executionId: run.executionId, ...decision.answer };
  }
  const { accepted } = decision;
  run.emit({ kind: 'attention.resolving', resolution: accepted });
  closeUndo(run, accepted);
  return { executionId: run.executionId, ...accepted };
}

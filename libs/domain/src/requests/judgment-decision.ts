import { findStage, latestAttempt, type ExecutionState } from '../execution/execution-state.js';
import type { GivenJudgment, JudgmentDecision, JudgmentState } from './judgment.js';
import { refused, type Decision } from '../refusal.js';
import { isComplete } from '../execution/status.js';

/** What an answer asks for. */
export interface JudgeRequest {
  readonly requestId: string;
  readonly bodyHash: string;
  readonly refId: string;
  /** The question that the caller has seen; absent: the one that is open. */
  readonly judgmentId?: string;
  readonly decision: JudgmentDecision;
  readonly input?: string;
  readonly by: string;
  readonly reason: string;
}

/** A question with its answer, and where it was asked. */
export interface AnsweredJudgment {
  readonly refId: string;
  readonly attempt: number;
  readonly judgmentId: string;
  readonly given: GivenJudgment;
}

/**
 * Whether an answer counts. The same request again gets the recorded one, also when the stage has gone on since. Refusals:
 * IDEMPOTENCY_KEY_REUSED, STAGE_NOT_FOUND, EXECUTION_CANCELING, JUDGMENT_NOT_AWAITED (nothing is asked, or it is answered
 * already), INVALID_REQUEST (not one of the choices). Pure.
 */
export function decideJudgment(
  state: ExecutionState,
  request: JudgeRequest,
): Decision<AnsweredJudgment, AnsweredJudgment> {
  const earlier = findAnswer(state, request.requestId);
  if (earlier !== undefined) {
    return earlier.given.bodyHash === request.bodyHash && earlier.refId === request.refId
      ? { outcome: 'repeated', answer: earlier }
      : refused('IDEMPOTENCY_KEY_REUSED', 'this Idempotency-Key was used for another request');
  }
  if (findStage(state, request.refId) === undefined) {
    return refused('STAGE_NOT_FOUND', `the execution has no stage "${request.refId}"`);
  }
  if (state.cancel !== null && !isComplete(state.status)) {
    return refused('EXECUTION_CANCELING', 'the execution is being cancelled');
  }
  return answered(state, request);
}

/** The question that a running stage waits for now. */
export function openJudgment(
  state: ExecutionState,
  refId: string,
): { readonly attempt: number; readonly judgment: JudgmentState } | undefined {
  const stage = findStage(state, refId);
  const attempt = stage === undefined ? undefined : latestAttempt(stage);
  if (stage?.status !== 'RUNNING' || attempt === undefined) return undefined;
  const judgment = (attempt.judgments ?? []).at(-1);
  if (attempt.undoing !== null || judgment === undefined || judgment.given !== null)
    return undefined;
  return { attempt: attempt.attempt, judgment };
}

/** The answer that this request has given, if it has. */
function findAnswer(state: ExecutionState, requestId: string): AnsweredJudgment | undefined {
  return state.stages
    .flatMap(({ refId, attempts }) =>
      attempts.flatMap(({ attempt, judgments = [] }) =>
        judgments.flatMap(({ judgmentId, given }) =>
          given === null ? [] : [{ refId, attempt, judgmentId, given }],
        ),
      ),
    )
    .find(({ given }) => given.requestId === requestId);
}

function answered(
  state: ExecutionState,
  request: JudgeRequest,
): Decision<AnsweredJudgment, AnsweredJudgment> {
  const { refId, decision, input, requestId, bodyHash, by, reason } = request;
  const open = openJudgment(state, refId);
  if (open === undefined) return notAwaited(state, refId);
  const { judgmentId, inputs } = open.judgment;
  if (request.judgmentId !== undefined && request.judgmentId !== judgmentId) {
    return refused(
      'JUDGMENT_NOT_AWAITED',
      `stage "${refId}" waits for judgment "${judgmentId}", not "${request.judgmentId}"; look again`,
      { judgmentId },
    );
  }
  const isChoice =
    input === undefined ? decision === 'stop' || inputs.length === 0 : inputs.includes(input);
  if (!isChoice) {
    return refused(
      'INVALID_REQUEST',
      inputs.length === 0
        ? 'this judgment has no choices: leave input out'
        : `input must be one of: ${inputs.join(', ')}`,
      { inputs },
    );
  }
  const given: GivenJudgment = { requestId, bodyHash, decision, input: input ?? null, by, reason };
  return { outcome: 'accepted', accepted: { refId, attempt: open.attempt, judgmentId, given } };
}

function notAwaited(state: ExecutionState, refId: string) {
  const stage = findStage(state, refId);
  const last = (stage?.attempts ?? []).flatMap((attempt) => attempt.judgments ?? []).at(-1)?.given;
  if (last !== null && last !== undefined) {
    return refused(
      'JUDGMENT_NOT_AWAITED',
      `stage "${refId}" was judged already: ${last.decision}, by ${last.by}`,
      { decision: last.decision, by: last.by },
    );
  }
  return refused(
    'JUDGMENT_NOT_AWAITED',
    `stage "${refId}" is ${stage?.status ?? 'unknown'} and waits for no judgment`,
    { status: stage?.status ?? null },
  );
}

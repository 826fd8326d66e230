import { isoTime, type GivenJudgment } from '@gennaker/domain';
import { condition } from '@temporalio/workflow';
import type { AttemptContext } from '../attempt-context.js';
import { StageFailure } from '../failures.js';

/** A question to a person. */
export interface Question {
  /** Unique within the attempt; the same id again is the same question. */
  readonly judgmentId: string;
  readonly instructions: string;
  readonly inputs: readonly string[];
}

/**
 * Asks a person and waits for the answer, which an update brings (`judgeStage`). A run that takes over goes on waiting for
 * the question that was asked. Throws the scope's cancellation: at the deadline, on cancel, and when the run hands over.
 */
export async function awaitJudgment(
  context: AttemptContext,
  question: Question,
): Promise<GivenJudgment> {
  const deadline = isoTime(context.deadlineMs());
  const find = () =>
    (context.state.judgments ?? []).find((one) => one.judgmentId === question.judgmentId);
  if (find() === undefined) {
    const judgment = { ...question, deadline };
    context.run.emit({ kind: 'judgment.requested', ...context.identity, judgment });
  }
  const { instructions, inputs } = question;
  const choices = inputs.length === 0 ? '' : ` (one of: ${inputs.join(', ')})`;
  context.waiting({
    reason: 'judgment',
    message: `waits for a person to decide${choices}${instructions === '' ? '' : `: ${instructions}`}`,
    done: null,
    wanted: null,
    nextLookAt: null,
    deadline,
  });
  for (;;) {
    const given = find()?.given ?? null;
    if (given !== null) return given;
    await condition(() => (find()?.given ?? null) !== null);
  }
}

/** What ends a stage that a person decided to stop: who, why, and the choice. */
export function judgedStop({ by, reason, input }: GivenJudgment): StageFailure {
  return new StageFailure({
    code: 'JUDGED_STOP',
    message: `${by} decided to stop${reason === '' ? '' : `: ${reason}`}`,
    details: { by, reason, input },
  });
}

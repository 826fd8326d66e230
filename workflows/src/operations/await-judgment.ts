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
  /** What a person should know besides, as it is by now; absent: nothing. */
  readonly besides?: () => string;
}

/**
 * Asks a person and waits for the answer, which an update brings (`judgeStage`). A run that takes over goes on waiting for
 * the question that was asked. Throws the scope's cancellation: at the deadline, on cancel, and when the run hands over.
 */
export async function awaitJudgment(
  context: AttemptContext,
  question: Question,
): Promise<GivenJudgment> {
  const { judgmentId, instructions, inputs } = question;
  const find = () => (context.state.judgments ?? []).find((one) => one.judgmentId === judgmentId);
  if (find() === undefined) {
    const deadline = isoTime(context.deadlineMs());
    const judgment = { judgmentId, instructions, inputs, deadline };
    context.run.emit({ kind: 'judgment.requested', ...context.identity, judgment });
  }
  tellQuestion(context, question);
  for (;;) {
    const given = find()?.given ?? null;
    if (given !== null) return given;
    await condition(() => (find()?.given ?? null) !== null);
  }
}

/** Says what is waited for, with what a person should know besides by now. */
export function tellQuestion(
  context: AttemptContext,
  { instructions, inputs, besides }: Question,
): void {
  const choices = inputs.length === 0 ? '' : ` (one of: ${inputs.join(', ')})`;
  const asked = instructions === '' ? '' : `: ${instructions}`;
  const also = besides === undefined ? '' : ` Meanwhile: ${besides()}.`;
  context.waiting({
    reason: 'judgment',
    message: `waits for a person to decide${choices}${asked}${also}`,
    done: null,
    wanted: null,
    nextLookAt: null,
    deadline: isoTime(context.deadlineMs()),
  });
}

/** What ends a stage that a person decided to stop: who, why, and the choice. */
export function judgedStop({ by, reason, input }: GivenJudgment): StageFailure {
  return new StageFailure({
    code: 'JUDGED_STOP',
    message: `${by} decided to stop${reason === '' ? '' : `: ${reason}`}`,
    details: { by, reason, input },
  });
}

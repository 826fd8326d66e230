import { isoTime, type PlanStep } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';

/** A wait ends by itself just before the stage's deadline, because it can say best what it was waiting for. */
const waitEndsEarlierMs = 1_000;

/** Who a step's forward work is for, until the stage's deadline. */
export function forward(
  context: AttemptContext,
  step: Pick<PlanStep, 'id' | 'subject'>,
  priority: 'write' | 'wait' = 'write',
) {
  const earlierMs = priority === 'wait' ? waitEndsEarlierMs : 0;
  const deadline = isoTime(context.deadlineMs() - earlierMs);
  return context.operation(step.id, step.subject.serverGroup, { priority, deadline });
}

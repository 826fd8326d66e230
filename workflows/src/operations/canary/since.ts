import type { AttemptContext } from '../../attempt-context.js';

/** When the weights of a step began to hold, by AWS's time (ISO 8601). */
export function sinceOf(context: AttemptContext, stepId: string): string {
  const begun = context.state.steps.find((known) => known.stepId === stepId);
  const since = begun?.outputs['since'];
  if (typeof since === 'string') return since;
  throw new Error(`step ${stepId} has noted no time`);
}

import type { StepState } from '@gennaker/domain';
import type { AttemptContext } from '../../attempt-context.js';

/** When the weights of a step began to hold, by AWS's time (ISO 8601). */
export function sinceOf(context: AttemptContext, stepId: string): string {
  const begun = context.state.steps.find((known) => known.stepId === stepId);
  const since = begun?.outputs['since'];
  if (typeof since === 'string') return since;
  throw new Error(`step ${stepId} has noted no time`);
}

/** The watch of the share that began with that step, once it has run; undefined where a person alone decides. */
export function shareWatchOf(context: AttemptContext, since: string): StepState | undefined {
  const share = since.replace(/^since:/, '');
  return context.state.steps.findLast(
    ({ operation, stepId }) =>
      operation === 'watchCanary' && stepId.replace(/^watch:/, '') === share,
  );
}

import type { ErrorRecord } from '../errors.js';
import type { ExecutionEvent } from './execution-event.js';
import { latestAttempt, type ExecutionState } from './execution-state.js';
import { remainingSteps } from '../undo/remaining-steps.js';
import { isComplete } from './status.js';

/**
 * What has to be recorded about an execution whose workflow was ended from outside (terminated in Temporal, or failed): its
 * running stages end TERMINAL, nothing is undone, and a person is told what is left. Empty for one that has ended.
 */
export function eventsOfTerminatedRun(
  state: ExecutionState,
  reason: string,
): readonly ExecutionEvent[] {
  if (isComplete(state.status)) return [];
  const error: ErrorRecord = { code: 'INTERNAL', message: reason, details: {} };
  const running = state.stages.filter((stage) => stage.status === 'RUNNING');
  const finished = running.map((stage): ExecutionEvent => ({
    kind: 'stage.finished',
    refId: stage.refId,
    attempt: latestAttempt(stage)?.attempt ?? 1,
    status: 'TERMINAL',
    outputs: {},
    error,
    summary: null,
  }));
  const remaining = remainingSteps(state, () => true);
  return [
    ...finished,
    { kind: 'attention.raised', reason, remaining },
    { kind: 'execution.finished', status: state.resolving?.endsAs ?? 'TERMINAL' },
  ];
}

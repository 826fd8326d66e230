import {
  attentionActions,
  decideRetry,
  isComplete,
  latestAttempt,
  openJudgment,
  rollbackActions,
  type ExecutionState,
  type StageAction,
} from '@gennaker/domain';

import { executionPath, judgePath, retryPath } from './execution-links.js';

/** At most so many actions are offered (D16). */
const actionsMax = 3;

/** What a person can do about an execution now: what needs attention comes first and alone; else judge, retry what failed, cancel what runs, take back what was deployed. */
export function executionActions(state: ExecutionState): readonly StageAction[] {
  if (state.needsAttention !== null && isComplete(state.status)) {
    return attentionActions(state.executionId);
  }
  const actions = [judgments, retries, cancels, rollbackActions].flatMap((of) => of(state));
  return actions.slice(0, actionsMax);
}

function retries(state: ExecutionState): readonly StageAction[] {
  return state.stages
    .filter(({ refId }) => {
      const request = { requestId: '', bodyHash: '', refId, by: '', reason: '' };
      return decideRetry(state, request).outcome === 'accepted';
    })
    .map((stage) => ({
      label: `Retry ${stage.name}`,
      method: 'POST',
      href: retryPath(state.executionId, stage.refId),
      effect: `Makes attempt ${(latestAttempt(stage)?.attempt ?? 0) + 1} of stage "${stage.refId}" and runs the stages after it; finished stages stay.`,
    }));
}

function judgments(state: ExecutionState): readonly StageAction[] {
  if (state.cancel !== null) return [];
  return state.stages
    .filter((stage) => openJudgment(state, stage.refId) !== undefined)
    .map((stage) => ({
      label: `Judge ${stage.name}`,
      method: 'POST',
      href: judgePath(state.executionId, stage.refId),
      effect:
        'With decision "continue" the stage goes on; with "stop" it ends TERMINAL and what it has changed is undone.',
    }));
}

function cancels(state: ExecutionState): readonly StageAction[] {
  if (isComplete(state.status) || state.cancel?.intent === 'stop') return [];
  const href = `${executionPath(state.executionId)}/cancel`;
  const stop: StageAction = {
    label: 'Stop as it is',
    method: 'POST',
    href,
    effect:
      'With intent "stop": ends at once and leaves things as they are, named in the result; an undo ends after its step in progress.',
  };
  if (state.cancel?.intent === 'rollback' || state.resolving !== undefined) return [stop];
  const rollback: StageAction = {
    label: 'Cancel and roll back',
    method: 'POST',
    href,
    effect: 'Undoes what the stages that run have changed; finished stages stay.',
  };
  if (state.cancel !== null) return [rollback, stop];
  const finishStep: StageAction = {
    label: 'Finish the step, then stop',
    method: 'POST',
    href,
    effect:
      'With intent "finishStep": the step in progress ends and is verified, none is begun after it, and things stay as they are then.',
  };
  return [rollback, finishStep, stop];
}

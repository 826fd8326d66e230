import { checkStageOutput, type JsonObject, type StageSpec } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';

/**
 * The outputs of a stage whose work needs neither a wait nor an activity and succeeds; null for every other one, which runs
 * by its task. A chain of such stages costs no coroutine: every promise in a workflow has its stack recorded by the SDK.
 */
export function immediateOutputs(context: AttemptContext, spec: StageSpec): JsonObject | null {
  switch (spec.type) {
    case 'wait':
      return spec.waitSeconds === 0 ? {} : null;
    case 'checkPreconditions': {
      const checked = spec.preconditions.map((condition) =>
        condition.type === 'stageOutput' ? checkStageOutput(condition, context.run.state) : null,
      );
      if (checked.some((one) => one === null || !one.holds)) return null;
      return { checked: checked.map((one) => one?.message ?? '') };
    }
    case 'findImage':
    case 'deploy':
    case 'manualJudgment':
    case 'rollbackCluster':
    case 'resizeServerGroup':
    case 'enableServerGroup':
    case 'disableServerGroup':
    case 'destroyServerGroup':
    case 'suspendProcesses':
    case 'resumeProcesses':
    case 'pinServerGroup':
    case 'unpinServerGroup':
    case 'tagServerGroup':
      return null;
  }
}

import type { JsonObject, StageSpec } from '@gennaker/domain';
import type { AttemptContext } from '../attempt-context.js';
import { checkPreconditionsTask } from './check-preconditions.js';
import { deployTask } from './deploy.js';
import { findImageTask } from './find-image.js';
import { manualJudgmentTask } from './manual-judgment.js';
import { rollbackClusterTask } from './rollback-cluster.js';
import { destroyServerGroupTask } from './server-group/destroy.js';
import { disableServerGroupTask } from './server-group/disable.js';
import { enableServerGroupTask } from './server-group/enable.js';
import { pinServerGroupTask, unpinServerGroupTask } from './server-group/pin.js';
import { resumeProcessesTask, suspendProcessesTask } from './server-group/processes.js';
import { resizeServerGroupTask } from './server-group/resize.js';
import { tagServerGroupTask } from './server-group/tags.js';
import { waitTask } from './wait.js';

/** Runs the task of the stage's type. Every stage type is registered here, and nowhere else in the engine. */
export function runStageTask(context: AttemptContext, spec: StageSpec): Promise<JsonObject> {
  switch (spec.type) {
    case 'findImage':
      return findImageTask(context, spec);
    case 'deploy':
      return deployTask(context, spec);
    case 'rollbackCluster':
      return rollbackClusterTask(context, spec);
    case 'wait':
      return waitTask(context, spec);
    case 'checkPreconditions':
      return checkPreconditionsTask(context, spec);
    case 'manualJudgment':
      return manualJudgmentTask(context, spec);
    case 'resizeServerGroup':
      return resizeServerGroupTask(context, spec);
    case 'enableServerGroup':
      return enableServerGroupTask(context, spec);
    case 'disableServerGroup':
      return disableServerGroupTask(context, spec);
    case 'destroyServerGroup':
      return destroyServerGroupTask(context, spec);
    case 'suspendProcesses':
      return suspendProcessesTask(context, spec);
    case 'resumeProcesses':
      return resumeProcessesTask(context, spec);
    case 'pinServerGroup':
      return pinServerGroupTask(context, spec);
    case 'unpinServerGroup':
      return unpinServerGroupTask(context, spec);
    case 'tagServerGroup':
      return tagServerGroupTask(context, spec);
  }
}

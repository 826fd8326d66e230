import type {
  AwsWaitActivities,
  AwsWriteActivities,
  RefreshWriteActivities,
  ServerGroupActivities,
} from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from './aws-activity-dependencies.js';
import { createAnalyseCanary } from './canary/analyse-canary.js';
import { createReadAwsTime } from './canary/read-aws-time.js';
import { createWatchCanary } from './canary/watch-canary.js';
import { createAwaitInstanceRefresh } from './aws-wait/await-instance-refresh.js';
import { createAwaitNoInstanceRefresh } from './aws-wait/await-no-instance-refresh.js';
import {
  createAwaitServerGroupDrained,
  createAwaitServerGroupShareDrained,
} from './aws-wait/await-server-group-drained.js';
import { createAwaitServerGroupShrunk } from './aws-wait/await-server-group-shrunk.js';
import { createAwaitServerGroupGone } from './aws-wait/await-server-group-gone.js';
import { createAwaitServerGroupHealthy } from './aws-wait/await-server-group-healthy.js';
import { createAttachScaling } from './aws-write/attach-scaling.js';
import { createCaptureRefreshState } from './aws-write/capture-refresh-state.js';
import { createCaptureRule } from './aws-write/capture-rule.js';
import { createWatchAlarms } from './aws-wait/watch-alarms.js';
import { createCaptureServerGroup } from './aws-write/capture-server-group.js';
import { createChangeServerGroupProcesses } from './aws-write/change-server-group-processes.js';
import { createChangeServerGroupSize } from './aws-write/change-server-group-size.js';
import { createCompareUndo } from './aws-write/compare-undo.js';
import {
  createChangeServerGroupTags,
  createReadServerGroupTags,
  createRestoreServerGroupTags,
} from './aws-write/change-server-group-tags.js';
import { createCreateServerGroup } from './aws-write/create-server-group.js';
import { createDeleteLaunchTemplate } from './aws-write/delete-launch-template.js';
import { createDeleteServerGroup } from './aws-write/delete-server-group.js';
import { createDestroyServerGroup } from './aws-write/destroy-server-group.js';
import { createDeleteServerGroupAlarms } from './aws-write/delete-server-group-alarms.js';
import { createDisableServerGroup } from './aws-write/disable-server-group.js';
import { createDisableServerGroupShare } from './aws-write/disable-server-group-share.js';
import { createEnsureLaunchTemplateVersion } from './aws-write/ensure-launch-template-version.js';
import { createFindImage } from './aws-write/find-image.js';
import { LaunchSources } from './aws-write/launch-source.js';
import { createMatchServerGroup } from './aws-write/match-server-group.js';
import { createPinLaunchTemplate } from './aws-write/pin-launch-template.js';
import { createPinServerGroup } from './aws-write/pin-server-group.js';
import { createPlanDeploy } from './aws-write/plan-deploy.js';
import { createPlanRollback } from './aws-write/plan-rollback.js';
import { createPreviewPlans } from './aws-write/preview-plans.js';
import { createReadCluster } from './aws-write/read-cluster.js';
import { createReadFailureEvidence } from './aws-write/read-failure-evidence.js';
import { createReadScalingActivities } from './aws-write/read-scaling-activities.js';
import { createReadServing } from './aws-write/read-serving.js';
import { createRegisterServerGroup } from './aws-write/register-server-group.js';
import { createReleaseScaling } from './aws-write/release-scaling.js';
import { createResizeServerGroup } from './aws-write/resize-server-group.js';
import { createRestoreServerGroupProcesses } from './aws-write/restore-server-group-processes.js';
import { createRestoreServerGroupSize } from './aws-write/restore-server-group-size.js';
import { createRestoreLaunchTemplate } from './aws-write/restore-launch-template.js';
import { createResumeServerGroup } from './aws-write/resume-server-group.js';
import { createRollbackInstanceRefresh } from './aws-write/rollback-instance-refresh.js';
import { createSetRuleWeights, createVerifyRuleWeights } from './aws-write/set-rule-weights.js';
import { createStartInstanceRefresh } from './aws-write/start-instance-refresh.js';
import { createTagServerGroup } from './aws-write/tag-server-group.js';
import {
  createDeleteTargetGroup,
  createEnsureTargetGroup,
} from './aws-write/temporary-target-group.js';
import { createUnpinServerGroup } from './aws-write/unpin-server-group.js';
import { withFailureMapping } from './failure.js';

/** The AWS activities of one worker, by the queue that they belong to. All need the lease interceptor. */
export interface AwsActivities {
  readonly write: AwsWriteActivities;
  readonly wait: AwsWaitActivities;
}

/**
 * Makes them; the names of the functions are the wire names of the activities. Every error is mapped to a Temporal failure
 * (type = code); a cancellation passes untouched.
 */
export function createAwsActivities(dependencies: AwsActivityDependencies): AwsActivities {
  const launchSources = new LaunchSources();
  return {
    write: withFailureMapping<AwsWriteActivities>({
      findImage: createFindImage(dependencies),
      readCluster: createReadCluster(dependencies),
      planDeploy: createPlanDeploy(dependencies, launchSources),
      planRollback: createPlanRollback(dependencies, launchSources),
      restoreServerGroupProcesses: createRestoreServerGroupProcesses(dependencies),
      previewPlans: createPreviewPlans(dependencies, launchSources),
      captureServerGroup: createCaptureServerGroup(dependencies),
      captureRule: createCaptureRule(dependencies),
      setRuleWeights: createSetRuleWeights(dependencies),
      verifyRuleWeights: createVerifyRuleWeights(dependencies),
      createServerGroup: createCreateServerGroup(dependencies, launchSources),
      resizeServerGroup: createResizeServerGroup(dependencies),
      disableServerGroup: createDisableServerGroup(dependencies),
      registerServerGroup: createRegisterServerGroup(dependencies),
      resumeServerGroup: createResumeServerGroup(dependencies),
      deleteServerGroup: createDeleteServerGroup(dependencies),
      deleteLaunchTemplate: createDeleteLaunchTemplate(dependencies),
      readScalingActivities: createReadScalingActivities(dependencies),
      readServing: createReadServing(dependencies),
      readFailureEvidence: createReadFailureEvidence(dependencies),
      compareUndo: createCompareUndo(dependencies),
      matchServerGroup: createMatchServerGroup(dependencies),
      ...refreshWrites(dependencies),
      ensureTargetGroup: createEnsureTargetGroup(dependencies),
      deleteTargetGroup: createDeleteTargetGroup(dependencies),
      ...serverGroupWrites(dependencies),
      attachScaling: createAttachScaling(dependencies),
      releaseScaling: createReleaseScaling(dependencies),
      deleteServerGroupAlarms: createDeleteServerGroupAlarms(dependencies),
      analyseCanary: createAnalyseCanary(dependencies),
      readAwsTime: createReadAwsTime(dependencies),
    }),
    wait: withFailureMapping<AwsWaitActivities>({
      awaitServerGroupHealthy: createAwaitServerGroupHealthy(dependencies),
      awaitServerGroupDrained: createAwaitServerGroupDrained(dependencies),
      awaitServerGroupShareDrained: createAwaitServerGroupShareDrained(dependencies),
      awaitServerGroupShrunk: createAwaitServerGroupShrunk(dependencies),
      awaitServerGroupGone: createAwaitServerGroupGone(dependencies),
      watchAlarms: createWatchAlarms(dependencies),
      watchCanary: createWatchCanary(dependencies),
      awaitNoInstanceRefresh: createAwaitNoInstanceRefresh(dependencies),
      awaitInstanceRefresh: createAwaitInstanceRefresh(dependencies),
    }),
  };
}

function serverGroupWrites(dependencies: AwsActivityDependencies): ServerGroupActivities {
  return {
    pinServerGroup: createPinServerGroup(dependencies),
    unpinServerGroup: createUnpinServerGroup(dependencies),
    disableServerGroupShare: createDisableServerGroupShare(dependencies),
    changeServerGroupSize: createChangeServerGroupSize(dependencies),
    restoreServerGroupSize: createRestoreServerGroupSize(dependencies),
    changeServerGroupProcesses: createChangeServerGroupProcesses(dependencies),
    tagServerGroup: createTagServerGroup(dependencies),
    destroyServerGroup: createDestroyServerGroup(dependencies),
    readServerGroupTags: createReadServerGroupTags(dependencies),
    changeServerGroupTags: createChangeServerGroupTags(dependencies),
    restoreServerGroupTags: createRestoreServerGroupTags(dependencies),
  };
}

function refreshWrites(dependencies: AwsActivityDependencies): RefreshWriteActivities {
  return {
    captureRefreshState: createCaptureRefreshState(dependencies),
    pinLaunchTemplate: createPinLaunchTemplate(dependencies),
    ensureLaunchTemplateVersion: createEnsureLaunchTemplateVersion(dependencies),
    startInstanceRefresh: createStartInstanceRefresh(dependencies),
    rollbackInstanceRefresh: createRollbackInstanceRefresh(dependencies),
    restoreLaunchTemplate: createRestoreLaunchTemplate(dependencies),
  };
}

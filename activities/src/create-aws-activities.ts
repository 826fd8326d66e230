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
import { createAttachScaling } from './aws-write/creation/attach-scaling.js';
import { createCaptureRefreshState } from './aws-write/reads/capture-refresh-state.js';
import { createCaptureRule } from './aws-write/reads/capture-rule.js';
import { createWatchAlarms } from './aws-wait/watch-alarms.js';
import { createCaptureServerGroup } from './aws-write/reads/capture-server-group.js';
import { createChangeServerGroupProcesses } from './aws-write/traffic/change-server-group-processes.js';
import { createChangeServerGroupSize } from './aws-write/sizes/change-server-group-size.js';
import { createCompareUndo } from './aws-write/reads/compare-undo.js';
import {
  createChangeServerGroupTags,
  createReadServerGroupTags,
  createRestoreServerGroupTags,
} from './aws-write/tags/change-server-group-tags.js';
import { createCreateServerGroup } from './aws-write/creation/create-server-group.js';
import { createDeleteLaunchTemplate } from './aws-write/removal/delete-launch-template.js';
import { createDeleteServerGroup } from './aws-write/removal/delete-server-group.js';
import { createDestroyServerGroup } from './aws-write/removal/destroy-server-group.js';
import { createDeleteServerGroupAlarms } from './aws-write/removal/delete-server-group-alarms.js';
import { createDisableServerGroup } from './aws-write/traffic/disable-server-group.js';
import { createDisableServerGroupShare } from './aws-write/traffic/disable-server-group-share.js';
import { createEnsureLaunchTemplateVersion } from './aws-write/refreshes/ensure-launch-template-version.js';
import { createFindImage } from './aws-write/reads/find-image.js';
import { LaunchSources } from './aws-write/plans/launch-source.js';
import { createMatchServerGroup } from './aws-write/sizes/match-server-group.js';
import { createPinLaunchTemplate } from './aws-write/refreshes/pin-launch-template.js';
import { createPinServerGroup } from './aws-write/sizes/pin-server-group.js';
import { createPlanDeploy } from './aws-write/plans/plan-deploy.js';
import { createPlanRollback } from './aws-write/plans/plan-rollback.js';
import { createPreviewPlans } from './aws-write/plans/preview-plans.js';
import { createReadCluster } from './aws-write/reads/read-cluster.js';
import { createReadFailureEvidence } from './aws-write/reads/read-failure-evidence.js';
import { createReadScalingActivities } from './aws-write/reads/read-scaling-activities.js';
import { createReadServing } from './aws-write/reads/read-serving.js';
import { createRegisterServerGroup } from './aws-write/traffic/register-server-group.js';
import { createReleaseScaling } from './aws-write/sizes/release-scaling.js';
import { createResizeServerGroup } from './aws-write/sizes/resize-server-group.js';
import { createRestoreServerGroupProcesses } from './aws-write/traffic/restore-server-group-processes.js';
import { createRestoreServerGroupSize } from './aws-write/sizes/restore-server-group-size.js';
import { createRestoreLaunchTemplate } from './aws-write/refreshes/restore-launch-template.js';
import { createResumeServerGroup } from './aws-write/traffic/resume-server-group.js';
import { createRollbackInstanceRefresh } from './aws-write/refreshes/rollback-instance-refresh.js';
import {
  createSetRuleWeights,
  createVerifyRuleWeights,
} from './aws-write/traffic/set-rule-weights.js';
import { createStartInstanceRefresh } from './aws-write/refreshes/start-instance-refresh.js';
import { createTagServerGroup } from './aws-write/tags/tag-server-group.js';
import {
  createDeleteTargetGroup,
  createEnsureTargetGroup,
} from './aws-write/creation/temporary-target-group.js';
import { createUnpinServerGroup } from './aws-write/sizes/unpin-server-group.js';
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

import { createAwsActivities, createRecordsActivities } from '@gennaker/activities';
import {
  clusterLockWorkflowId,
  ruleLockWorkflowId,
  messageNames,
  taskQueues,
  workflowTypes,
} from '@gennaker/contract/wire';
import * as workflows from '@gennaker/workflows';
import { expect, test } from 'vitest';

/**
 * Names that running workers, open workflows and recorded histories know: a public contract. A name that was released is
 * never changed and never given another meaning; a new one is added here.
 */
test('the task queues', () => {
  expect(taskQueues).toEqual({
    engine: 'engine',
    records: 'records',
    awsWrite: 'aws-write',
    awsWait: 'aws-wait',
  });
});

test('the workflow types, each of which the bundle exports', () => {
  expect(workflowTypes).toEqual({
    pipeline: 'pipelineWorkflow',
    lock: 'lockWorkflow',
    inspect: 'inspectWorkflow',
  });
  expect(Object.keys(workflows).toSorted()).toEqual(Object.values(workflowTypes).toSorted());
});

test('the updates, signals and queries', () => {
  expect(messageNames).toEqual({
    retryStageUpdate: 'retryStage',
    cancelExecutionUpdate: 'cancelExecution',
    judgeStageUpdate: 'judgeStage',
    resolveAttentionUpdate: 'resolveAttention',
    lockGrantedSignal: 'lockGranted',
    lockQueuedSignal: 'lockQueued',
    requestLockSignal: 'requestLock',
    releaseLockSignal: 'releaseLock',
    lockQueueQuery: 'lockQueue',
  });
});

test('the workflow id of a lock', () => {
  const cluster = { account: 'demo', region: 'eu-west-1', cluster: 'web-prod' };
  expect(clusterLockWorkflowId(cluster)).toBe('lock:cluster:demo:eu-west-1:web-prod');
  expect(ruleLockWorkflowId({ account: 'demo', region: 'eu-west-1', arn: 'arn:rule' })).toBe(
    'lock:rule:demo:eu-west-1:arn:rule',
  );
});

test('the activities of each queue', () => {
  const nothing = {} as never;
  const { write, wait } = createAwsActivities(nothing);
  expect(Object.keys(write).toSorted()).toEqual([
    'analyseCanary',
    'attachScaling',
    'captureRefreshState',
    'captureRule',
    'captureServerGroup',
    'changeServerGroupProcesses',
    'changeServerGroupSize',
    'changeServerGroupTags',
    'compareUndo',
    'createServerGroup',
    'deleteLaunchTemplate',
    'deleteServerGroup',
    'deleteServerGroupAlarms',
    'deleteTargetGroup',
    'destroyServerGroup',
    'disableServerGroup',
    'disableServerGroupShare',
    'ensureLaunchTemplateVersion',
    'ensureTargetGroup',
    'findImage',
    'matchServerGroup',
    'pinLaunchTemplate',
    'pinServerGroup',
    'planDeploy',
    'planRollback',
    'previewPlans',
    'readAwsTime',
    'readCluster',
    'readFailureEvidence',
    'readScalingActivities',
    'readServerGroupTags',
    'readServing',
    'registerServerGroup',
    'releaseScaling',
    'resizeServerGroup',
    'restoreLaunchTemplate',
    'restoreServerGroupProcesses',
    'restoreServerGroupSize',
    'restoreServerGroupTags',
    'resumeServerGroup',
    'rollbackInstanceRefresh',
    'setRuleWeights',
    'startInstanceRefresh',
    'tagServerGroup',
    'unpinServerGroup',
    'verifyRuleWeights',
  ]);
  expect(Object.keys(wait).toSorted()).toEqual([
    'awaitInstanceRefresh',
    'awaitNoInstanceRefresh',
    'awaitServerGroupDrained',
    'awaitServerGroupGone',
    'awaitServerGroupHealthy',
    'awaitServerGroupShareDrained',
    'awaitServerGroupShrunk',
    'watchAlarms',
    'watchCanary',
  ]);
  expect(Object.keys(createRecordsActivities(nothing)).toSorted()).toEqual([
    'openRun',
    'recordEvents',
    'requestLock',
  ]);
});

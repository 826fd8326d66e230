import type { RefreshWaitActivities, RefreshWriteActivities } from '@gennaker/contract/wire';
import type { DeployPlan, RefreshPreferences, RefreshRestoreState } from '@gennaker/domain';

type Call = (activity: string, subject: string) => Promise<void>;

const restore: RefreshRestoreState = {
  arn: 'arn:web-prod-v000',
  capacity: { min: 3, desired: 3, max: 3 },
  suspendedProcesses: [],
  instancesInService: 3,
  launch: {
    launchTemplateId: 'lt-0',
    version: '1',
    specified: '1',
    latestVersion: '1',
    imageId: 'ami-00000000',
    madeBy: null,
    mixedInstancesPolicy: null,
  },
  runningVersions: { 'lt-0:1': 3 },
};

const preferences: RefreshPreferences = {
  minHealthyPercent: 100,
  maxHealthyPercent: 110,
  instanceWarmupSeconds: null,
  checkpointPercents: [],
  checkpointDelaySeconds: null,
  bakeSeconds: 0,
  alarms: [],
  autoRollback: true,
  skipMatching: true,
};

/** The plan of a deploy of web-prod-v000 in place. */
export function scriptedRolling(plan: DeployPlan): DeployPlan {
  const { account, region } = plan.cluster;
  const step = (id: string) => ({
    id,
    title: id,
    subject: { account, region, serverGroup: 'web-prod-v000' },
  });
  return {
    ...plan,
    strategy: 'rolling',
    disables: [],
    steps: [
      { ...step('clear'), operation: 'awaitNoInstanceRefresh' },
      {
        ...step('version'),
        operation: 'createLaunchTemplateVersion',
        launchTemplateId: 'lt-0',
        imageId: plan.target.imageId,
        instanceType: null,
        undo: { preferences, secondsMax: 3600 },
      },
      { ...step('refresh'), operation: 'startInstanceRefresh', preferences },
      {
        ...step('replaced'),
        operation: 'awaitInstanceRefresh',
        arn: 'arn:web-prod-v000',
        instancesFloor: 3,
      },
      { ...step('verify'), operation: 'verifyDeploy', instancesHealthyMin: 3 },
    ],
  };
}

/** Instance refreshes of the scripted world: each goes well at once, and each is rolled back in one round, once it may begin. */
export function scriptedRefreshes(
  call: Call,
  /** How many instances start at the next look before a way back. */
  startingNow: () => number,
): RefreshWriteActivities & RefreshWaitActivities {
  return {
    captureRefreshState: async ({ subject }) => {
      await call('captureRefreshState', subject.serverGroup);
      return restore;
    },
    pinLaunchTemplate: ({ subject }) => call('pinLaunchTemplate', subject.serverGroup),
    ensureLaunchTemplateVersion: async ({ subject }) => {
      await call('ensureLaunchTemplateVersion', subject.serverGroup);
      return { launchTemplateId: 'lt-0', version: '2' };
    },
    startInstanceRefresh: async ({ subject }) => {
      await call('startInstanceRefresh', subject.serverGroup);
      return { outcome: 'running', refreshId: 'refresh-1' };
    },
    rollbackInstanceRefresh: async ({ subject }) => {
      await call('rollbackInstanceRefresh', subject.serverGroup);
      const starting = startingNow();
      if (starting > 0) return { state: 'settling', starting };
      return { state: 'restored', note: null, instancesHealthyMin: restore.instancesInService };
    },
    restoreLaunchTemplate: ({ subject }) => call('restoreLaunchTemplate', subject.serverGroup),
    awaitNoInstanceRefresh: ({ subject }) => call('awaitNoInstanceRefresh', subject.serverGroup),
    awaitInstanceRefresh: async ({ subject, refreshId }) => {
      await call('awaitInstanceRefresh', subject.serverGroup);
      const startedAt = '2026-01-01T00:00:00Z';
      return { refreshId, instances: 3, startedAt, endedAt: startedAt };
    },
  };
}

import type { RefreshWaitActivities, RefreshWriteActivities } from '@gennaker/contract/wire';
import type { RefreshRestoreState } from '@gennaker/domain';

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
    mixedInstancesPolicy: null,
  },
  runningVersions: { 'lt-0:1': 3 },
};

/** Instance refreshes of the scripted world: each goes well at once, and each is rolled back in one round. */
export function scriptedRefreshes(call: Call): RefreshWriteActivities & RefreshWaitActivities {
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

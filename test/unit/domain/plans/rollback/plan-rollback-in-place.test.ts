import {
  planDeploy,
  planRollbackInPlace,
  rollingToReverse,
  type RecordedDeploy,
  type RecordedLaunch,
  type RefreshFacts,
  type RollbackClusterStage,
  type ServerGroupView,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { cluster, facts, group, settings, stage as deployStage } from '../plan-builder.js';
import { stage, thrownBy } from './rollback-builder.js';

const name = 'web-prod-v003';
const executionId = '01K0000000000000000000000A';
const before: RecordedLaunch = {
  launchTemplateId: 'lt-1',
  version: '4',
  specified: '4',
  latestVersion: '6',
  imageId: 'ami-1',
  madeBy: null,
  mixedInstancesPolicy: null,
};
/** What the deploy has made the group launch from. */
const made: RecordedLaunch = {
  ...before,
  version: '7',
  specified: '7',
  latestVersion: '7',
  imageId: 'ami-2',
  madeBy: { executionId, stage: 'deploy' },
};
const refresh: RefreshFacts = {
  launch: before,
  latestFollowers: [],
  active: null,
  alarms: [],
  warmupSeconds: 120,
};
const strategy = { type: 'rolling', instanceWarmupSeconds: 30 } as const;
const plan = planDeploy(
  facts({
    stage: { ...deployStage, strategy },
    cluster: cluster(group(name)),
    serverGroup: name,
    refresh,
  }),
);
const deploy: RecordedDeploy = { executionId, plan, launch: before };

const asked: RollbackClusterStage = { ...stage, toServerGroup: name, expectedServing: name };
const { toServerGroup: _none, expectedServing: _any, ...unnamed } = asked;

function reversed(
  request: RollbackClusterStage,
  groups: readonly ServerGroupView[] = [group(name)],
  last: RecordedDeploy | null = deploy,
) {
  return rollingToReverse(request, cluster(...groups), last);
}

function planned(changes: Partial<RefreshFacts> = {}) {
  const found = reversed(asked);
  if (found === null) throw new Error('nothing to reverse');
  return planRollbackInPlace({
    stage: asked,
    cluster: cluster(group(name, { imageId: 'ami-2' })),
    reversed: found,
    settings,
    refresh: { ...refresh, launch: made, ...changes },
    imageId: 'ami-1',
  });
}

describe('what a rollback takes back in place', () => {
  it('is the last deploy where that was a rolling one and its group alone serves', () => {
    const version = { launchTemplateId: 'lt-1', version: '4' };
    expect(reversed(asked)?.version).toEqual(version);
    expect(reversed(unnamed)?.version).toEqual(version);
  });

  it('is what the plan has inherited, where nothing was recorded at the change', () => {
    const older: RecordedDeploy = { executionId, plan };
    expect(reversed(asked, [group(name)], older)?.version.version).toBe('4');
  });

  it('is nothing where server groups change places', () => {
    expect(reversed(asked, [group(name)], null)).toBeNull();
    expect(reversed({ ...asked, toServerGroup: 'web-prod-v002' })).toBeNull();
    expect(reversed(asked, [group(name), group('web-prod-v004')])).toBeNull();
    expect(reversed(asked, [group(name, { enabled: false })])).toBeNull();
    expect(reversed(asked, [])).toBeNull();
    const switched = { executionId, plan: { ...plan, strategy: 'redBlack' as const } };
    expect(reversed(asked, [group(name)], switched)).toBeNull();
  });

  it('is refused where something else was expected to serve', () => {
    const other = { ...asked, expectedServing: 'web-prod-v009' };
    expect(thrownBy(() => reversed(other))).toMatchObject({ code: 'CLUSTER_MOVED_ON' });
  });
});

describe('the plan of a rollback in place', () => {
  it('refreshes to a copy of the recorded version, faster than forward', () => {
    const { strategy: kind, steps, promise, disables } = planned();
    expect([kind, disables]).toEqual(['rollback', []]);
    expect(steps.map((step) => step.operation)).toEqual([
      'awaitNoInstanceRefresh',
      'pinServerGroup',
      'createLaunchTemplateVersion',
      'startInstanceRefresh',
      'awaitInstanceRefresh',
      'verifyDeploy',
      'unpinServerGroup',
    ]);
    expect(steps[2]).toMatchObject({
      title: 'Make a copy of version 4 of lt-1, with image ami-1',
      copyOf: '4',
      imageId: 'ami-1',
      instanceType: null,
    });
    expect(steps[3]).toMatchObject({
      preferences: { minHealthyPercent: 100, maxHealthyPercent: 150, instanceWarmupSeconds: 30 },
    });
    expect(promise).toMatchObject({
      instancesServingMin: 3,
      succeeded: { serverGroups: [{ serverGroup: name, imageId: 'ami-1' }] },
      undone: { serverGroups: [{ serverGroup: name, imageId: 'ami-2' }] },
    });
  });

  it.each([
    ['another execution made what it launches', { ...made, madeBy: null }],
    ['it launches the recorded version already', { ...before, madeBy: made.madeBy }],
  ])('is refused where %s', (_why, launch) => {
    const error = thrownBy(() => planned({ launch }));
    expect(error).toMatchObject({ code: 'CLUSTER_MOVED_ON' });
  });
});

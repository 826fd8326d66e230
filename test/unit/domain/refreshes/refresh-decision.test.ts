import {
  decideForward,
  decideStart,
  decideUndoRefresh,
  isActiveRefresh,
  refreshInWords,
  refreshStatuses,
  type InstanceRefreshView,
  type InstanceView,
  type RefreshRestoreState,
  type RefreshStatus,
  type ServerGroupView,
} from '@gennaker/domain';
import { describe, expect, test } from 'vitest';

const recorded = { launchTemplateId: 'lt-1', version: '4' };
const ours = { launchTemplateId: 'lt-1', version: '7' };
const theirs = { launchTemplateId: 'lt-1', version: '8' };

function refresh(
  status: RefreshStatus,
  changes: Partial<InstanceRefreshView> = {},
): InstanceRefreshView {
  return {
    refreshId: 'r-1',
    status,
    statusReason: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    percentComplete: 40,
    instancesToUpdate: 36,
    desired: ours,
    rollbackReason: null,
    ...changes,
  };
}

describe('whose refresh it is', () => {
  test('only the version of the desired configuration tells', () => {
    expect(decideStart([], ours)).toEqual({ kind: 'start' });
    expect(decideStart([refresh('Cancelled')], ours)).toMatchObject({ kind: 'ours' });
    const foreign = [
      refresh('InProgress', { desired: null }),
      refresh('InProgress', { desired: theirs }),
      refresh('InProgress', { desired: { ...ours, launchTemplateId: 'lt-2' } }),
    ];
    for (const one of foreign) expect(decideStart([one], ours)).toMatchObject({ kind: 'foreign' });
  });

  test('another’s that has ended is not in the way, ours is never started twice', () => {
    const ended = refresh('Failed', { desired: theirs });
    expect(decideStart([ended], ours)).toEqual({ kind: 'start' });
    const both = [
      refresh('InProgress', { refreshId: 'r-2', desired: theirs }),
      refresh('Cancelled'),
    ];
    expect(decideStart(both, ours)).toMatchObject({ kind: 'ours', refresh: { refreshId: 'r-1' } });
  });

  test('a status that nobody knows yet counts as active', () => {
    expect(refreshStatuses.filter((status) => isActiveRefresh({ status }))).toEqual([
      'Pending',
      'InProgress',
      'Baking',
      'Cancelling',
      'RollbackInProgress',
      'Unknown',
    ]);
  });

  test('is told with id, start, percent and AWS’s words', () => {
    const said = refreshInWords(refresh('InProgress', { statusReason: 'warming up' }));
    expect(said).toBe(
      'instance refresh r-1 (since 2026-01-01T00:00:00.000Z, 40 %, InProgress: warming up)',
    );
  });
});

describe('going forward', () => {
  const decide = (one: InstanceRefreshView, others: readonly InstanceRefreshView[] = []) =>
    decideForward('web-v003', one, [...others, one]);

  test.each(['Pending', 'InProgress', 'Baking', 'Unknown'] as const)('%s goes on', (status) => {
    expect(decide(refresh(status))).toEqual({ kind: 'running' });
  });

  test('Successful has succeeded', () => {
    expect(decide(refresh('Successful'))).toEqual({ kind: 'succeeded' });
  });

  test('Failed is a failure in AWS’s words', () => {
    expect(decide(refresh('Failed', { statusReason: 'no progress for an hour' }))).toMatchObject({
      kind: 'failed',
      error: {
        code: 'INSTANCE_REFRESH_FAILED',
        message:
          'The instance refresh r-1 of web-v003 failed at 40 %. AWS says: no progress for an hour',
      },
    });
  });

  test.each(['Cancelling', 'Cancelled'] as const)(
    '%s was somebody else, who is named by what runs instead',
    (status) => {
      const other = refresh('InProgress', {
        refreshId: 'r-2',
        startedAt: '2026-01-01T00:10:00.000Z',
        desired: theirs,
      });
      const alone = decide(refresh(status));
      expect(alone).toMatchObject({ error: { code: 'CHANGED_BY_SOMEONE_ELSE' } });
      expect(decide(refresh(status), [other])).toMatchObject({
        error: {
          message: expect.stringContaining('Since then there is instance refresh r-2') as string,
          details: { otherRefreshId: 'r-2' },
        },
      });
    },
  );

  test.each(['RollbackInProgress', 'RollbackSuccessful', 'RollbackFailed'] as const)(
    '%s is Auto Scaling’s doing, unless its reason says that it was by hand',
    (status) => {
      const alarm = decide(refresh(status, { rollbackReason: 'alarm 5xx is in ALARM' }));
      expect(alarm).toMatchObject({
        error: {
          code: 'INSTANCE_REFRESH_FAILED',
          message: expect.stringContaining('AWS says: alarm 5xx') as string,
        },
      });
      const byHand = decide(refresh(status, { rollbackReason: 'Requested by user.' }));
      expect(byHand).toMatchObject({ error: { code: 'CHANGED_BY_SOMEONE_ELSE' } });
      expect(decide(refresh(status))).toMatchObject({ error: { code: 'INSTANCE_REFRESH_FAILED' } });
    },
  );
});

describe('going back', () => {
  const restore: RefreshRestoreState = {
    arn: 'arn:web-v003',
    capacity: { min: 2, desired: 2, max: 4 },
    suspendedProcesses: [],
    instancesInService: 2,
    launch: {
      ...recorded,
      specified: '4',
      latestVersion: '6',
      imageId: 'ami-1',
      madeBy: null,
      mixedInstancesPolicy: null,
    },
    runningVersions: { 'lt-1:4': 2 },
  };

  function group(
    launchTemplate: ServerGroupView['launchTemplate'],
    versions: readonly (readonly [string, string])[] = [],
  ): ServerGroupView {
    const instances = versions.map(([version, lifecycleState], index): InstanceView => ({
      instanceId: `i-${index}`,
      zone: 'a',
      lifecycleState,
      healthStatus: 'Healthy',
      targetHealth: [],
      health: 'Up',
      launchTemplate: { launchTemplateId: 'lt-1', version },
    }));
    return {
      name: 'web-v003',
      arn: 'arn:web-v003',
      createdAt: '2026-01-01T00:00:00.000Z',
      capacity: restore.capacity,
      enabled: true,
      deleting: false,
      suspendedProcesses: [],
      targetGroupArns: [],
      imageId: null,
      ...(launchTemplate === undefined ? {} : { launchTemplate }),
      instances,
      owner: null,
    };
  }

  const decide = (
    newestFirst: readonly InstanceRefreshView[],
    seen: ServerGroupView,
    made: typeof ours | null = ours,
  ) => decideUndoRefresh({ restore, ours: made, newestFirst, group: seen });

  test.each(['Pending', 'InProgress', 'Baking'] as const)('ours %s is rolled back', (status) => {
    expect(decide([refresh(status)], group(recorded))).toMatchObject({ kind: 'rollBack' });
  });

  test.each(['Cancelling', 'RollbackInProgress', 'Unknown'] as const)(
    'ours %s is waited for',
    (status) => {
      expect(decide([refresh(status)], group(recorded))).toMatchObject({ kind: 'wait' });
    },
  );

  test('another’s is waited for in every state, and so is one to what was recorded', () => {
    for (const desired of [theirs, recorded, null]) {
      const active = refresh('InProgress', { desired });
      expect(decide([active, refresh('Cancelled')], group(recorded))).toMatchObject({
        kind: 'wait',
        refresh: { desired },
      });
    }
  });

  test.each(['Successful', 'Failed', 'Cancelled', 'RollbackFailed'] as const)(
    'after %s with instances of ours left there is a refresh to what was recorded',
    (status) => {
      const mixed = [
        ['4', 'InService'],
        ['7', 'InService'],
      ] as const;
      expect(decide([refresh(status)], group(recorded, mixed))).toEqual({ kind: 'reverse' });
      expect(decide([refresh(status)], group(ours, mixed))).toEqual({ kind: 'reverse' });
    },
  );

  test('a group that launches from ours needs one even without an instance', () => {
    expect(decide([refresh('Successful')], group(ours))).toEqual({ kind: 'reverse' });
  });

  test('nothing of ours left is restored; instances on their way out do not count', () => {
    const seen = group(recorded, [
      ['4', 'InService'],
      ['7', 'Terminating:Wait'],
    ]);
    expect(decide([refresh('RollbackSuccessful')], seen)).toEqual({ kind: 'restored', note: null });
    expect(decide([], group(recorded), null)).toEqual({ kind: 'restored', note: null });
  });

  test('what the group follows is as good as the number that it meant', () => {
    const following = { ...restore, launch: { ...restore.launch, specified: '$Latest' } };
    const seen = group({ launchTemplateId: 'lt-1', version: '$Latest' });
    expect(decideUndoRefresh({ restore: following, ours, newestFirst: [], group: seen })).toEqual({
      kind: 'restored',
      note: null,
    });
  });

  test('somebody else’s launch template is never overwritten', () => {
    expect(decide([], group(theirs))).toMatchObject({
      kind: 'restored',
      note: expect.stringContaining('lt-1:8') as string,
    });
    expect(decide([], group(null))).toMatchObject({
      note: expect.stringContaining('something else') as string,
    });
    expect(decide([], group(theirs, [['7', 'InService']]))).toMatchObject({
      kind: 'refused',
      error: {
        code: 'CHANGED_BY_SOMEONE_ELSE',
        details: { instances: 1, version: 'lt-1:7', recorded: 'lt-1:4', found: 'lt-1:8' },
      },
    });
  });
});

import {
  clusterLockOf,
  clusterOfSelection,
  resizedCapacity,
  selectionWords,
  selectServerGroup,
  targetedServerGroup,
  type ClusterView,
  type Resize,
  type ServerGroupView,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';

function group(name: string, changes: Partial<ServerGroupView> = {}): ServerGroupView {
  return {
    name,
    arn: `arn:${name}`,
    createdAt: '2026-01-01T00:00:00Z',
    capacity: { min: 1, desired: 3, max: 5 },
    enabled: true,
    deleting: false,
    suspendedProcesses: [],
    targetGroupArns: [],
    imageId: null,
    instances: [],
    owner: null,
    ...changes,
  };
}

function cluster(...serverGroups: readonly ServerGroupView[]): ClusterView {
  const observedAt = '2026-01-01T00:00:00Z';
  return { account: 'demo', region: 'eu-west-1', cluster: 'web', observedAt, serverGroups };
}

const three = cluster(group('web-v001'), group('web-v002', { enabled: false }), group('web-v003'));

describe('selecting a server group', () => {
  it.each([
    ['newest', 'web-v003'],
    ['current', 'web-v003'],
    ['previous', 'web-v002'],
    ['ancestor', 'web-v002'],
    ['oldest', 'web-v001'],
  ] as const)('finds the %s, disabled ones too', (target, name) => {
    expect(selectServerGroup(three, { cluster: 'web', target })?.name).toBe(name);
  });

  it('finds by name, and never one that is being deleted', () => {
    expect(selectServerGroup(three, { name: 'web-v002' })?.name).toBe('web-v002');
    const going = cluster(group('web-v001'), group('web-v002', { deleting: true }));
    expect(selectServerGroup(going, { name: 'web-v002' })).toBeNull();
    expect(selectServerGroup(going, { cluster: 'web', target: 'newest' })?.name).toBe('web-v001');
    expect(selectServerGroup(going, { cluster: 'web', target: 'previous' })).toBeNull();
    expect(selectServerGroup(cluster(), { cluster: 'web', target: 'oldest' })).toBeNull();
  });

  it('remembers the newest enabled group beside it', () => {
    const besides = (name: string) => targetedServerGroup(three, group(name)).besides;
    expect(besides('web-v001')).toBe('web-v003');
    expect(besides('web-v003')).toBe('web-v001');
    expect(targetedServerGroup(cluster(group('web')), group('web')).besides).toBeNull();
  });

  it('takes the lock of the cluster that the name belongs to', () => {
    const place = { account: 'demo', region: 'eu-west-1' };
    const name = 'web-prod-v012';
    expect(clusterOfSelection(place, { name }).cluster).toBe('web-prod');
    const base = { refId: 'a', name: 'a', requisiteStageRefIds: [], timeoutSeconds: 60, ...place };
    const stage = {
      ...base,
      type: 'suspendProcesses',
      serverGroup: { name },
      processes: [],
    } as const;
    expect(clusterLockOf('other', stage)?.cluster).toBe('web-prod');
    expect(selectionWords({ name })).toBe('server group web-prod-v012');
  });
});

describe('the sizes of a resize', () => {
  const now = { min: 2, desired: 4, max: 6 };
  const other = { min: 7, desired: 8, max: 9 };
  const cases: readonly (readonly [string, Resize, object | null])[] = [
    ['exact, all', { action: 'exact', min: 0, desired: 1, max: 2 }, { min: 0, desired: 1, max: 2 }],
    ['exact, one', { action: 'exact', desired: 5 }, { min: 2, desired: 5, max: 6 }],
    ['exact, contradicting what stays', { action: 'exact', desired: 7 }, null],
    ['up by instances', { action: 'scaleUp', instances: 1 }, { min: 2, desired: 5, max: 6 }],
    ['up beyond the maximum', { action: 'scaleUp', percent: 100 }, { min: 2, desired: 8, max: 8 }],
    ['up by a little', { action: 'scaleUp', percent: 1 }, { min: 2, desired: 5, max: 6 }],
    [
      'down below the minimum',
      { action: 'scaleDown', instances: 3 },
      { min: 1, desired: 1, max: 6 },
    ],
    ['down to nothing', { action: 'scaleDown', percent: 500 }, { min: 0, desired: 0, max: 6 }],
    ['match', { action: 'match', serverGroup: { name: 'web-v001' } }, other],
  ];

  it.each(cases)('%s', (_name, resize, wanted) => {
    expect(resizedCapacity(now, resize, other)).toEqual(wanted);
  });
});

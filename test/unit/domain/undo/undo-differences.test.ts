import {
  undoDifferences,
  type InstanceView,
  type ServerGroupRestoreState,
  type UndoEntry,
  type UndoObservation,
} from '@gennaker/domain';
import { expect, test } from 'vitest';

import { wayBackPreferences } from '../refreshes/way-back.js';
import { at, destroyEntry, groupView, place } from '../execution/execution-builder.js';
import { blue, forward, green, rule, ruleArn } from '../weights/rules.js';

const nothing: UndoObservation = {
  group: null,
  isOurs: false,
  left: [],
  tags: {},
  rule: null,
  refreshes: [],
  ourVersion: null,
};

const base = { id: 'x', title: 'x', subject: { ...place, serverGroup: 'web-v000' } };
const restore: ServerGroupRestoreState = {
  capacity: { min: 2, desired: 3, max: 5 },
  suspendedProcesses: [],
  targetGroupArns: ['arn:tg'],
  registered: { 'arn:tg': ['i-1', 'i-2'] },
  instancesInService: 2,
  owner: null,
};

function instances(count: number, state = 'healthy', version = '4'): readonly InstanceView[] {
  return Array.from({ length: count }, (_, index) => ({
    instanceId: `i-${index}`,
    zone: 'eu-west-1a',
    lifecycleState: 'InService',
    healthStatus: 'Healthy',
    targetHealth: [{ targetGroupArn: 'arn:tg', state }],
    health: state === 'healthy' ? ('Up' as const) : ('Down' as const),
    launchTemplate: { launchTemplateId: 'lt-1', version },
  }));
}

const serving = groupView('web-v000', {
  capacity: restore.capacity,
  targetGroupArns: ['arn:tg'],
  instances: instances(2),
});

function found(entry: UndoEntry, seen: Partial<UndoObservation>): readonly string[] {
  return undoDifferences(entry, { ...nothing, ...seen }).map(
    (one) => `${one.resource}: ${one.expected}: ${one.found}`,
  );
}

test('what was to be destroyed is gone, with what was made for it; a group of others of that name does not count', () => {
  const group = groupView('web-v001');
  expect(found(destroyEntry(), {})).toEqual([]);
  expect(found(destroyEntry(), { group })).toEqual([]);
  expect(found(destroyEntry(), { group, isOurs: true, left: ['alarm web-v001-high'] })).toEqual([
    'server group web-v001: gone: it is there',
    'alarm web-v001-high: gone: it is there',
  ]);
  const deleting = { ...group, deleting: true };
  expect(found(destroyEntry(), { group: deleting, isOurs: true })).toEqual([
    'server group web-v001: gone: it is still being deleted',
  ]);
});

const enable: UndoEntry = { ...base, operation: 'enableServerGroup', restore };

test('what was to be enabled serves at its recorded sizes with nothing suspended besides', () => {
  expect(found(enable, { group: serving })).toEqual([]);
  const wrong = {
    ...serving,
    suspendedProcesses: ['AddToLoadBalancer'],
    capacity: { min: 0, desired: 2, max: 5 },
    instances: instances(2, 'unhealthy'),
  };
  expect(found(enable, { group: wrong })).toEqual([
    'server group web-v000: suspended: nothing: AddToLoadBalancer',
    'server group web-v000: sizes 2/3/5: 0/2/5',
    'server group web-v000: 2 instances healthy in traffic: 0',
  ]);
});

test('one that has left its target groups does not serve', () => {
  const group = { ...serving, targetGroupArns: [], instances: instances(2, 'unused') };
  expect(found(enable, { group })).toEqual([
    'server group web-v000: 2 instances healthy in traffic: 0',
  ]);
});

test('one that covers what has grown in its place may be larger, never smaller', () => {
  const covering: UndoEntry = { ...enable, covers: ['web-v001'] };
  const larger = { ...serving, capacity: { min: 4, desired: 4, max: 6 } };
  expect(found(covering, { group: larger })).toEqual([]);
  expect(found(enable, { group: larger })).toHaveLength(1);
  const smaller = { ...serving, capacity: { min: 1, desired: 2, max: 5 } };
  expect(found(covering, { group: smaller })).toHaveLength(1);
});

test('a group that is gone cannot be enabled, unless it was to be destroyed', () => {
  expect(found(enable, {})).toEqual(['server group web-v000: in traffic: it is gone']);
  expect(found({ ...enable, unlessGone: true }, {})).toEqual([]);
});

test('what was out of traffic is out again, at its sizes; one of another ARN is left alone', () => {
  const out: UndoEntry = {
    ...base,
    operation: 'restoreServerGroup',
    arn: serving.arn,
    restore: { ...restore, suspendedProcesses: ['AddToLoadBalancer'] },
    guard: null,
  };
  expect(found(out, { group: serving })).toEqual([
    'server group web-v000: suspended: AddToLoadBalancer: nothing',
    'server group web-v000: no instance in its target groups: 2',
  ]);
  const back = {
    ...serving,
    suspendedProcesses: ['AddToLoadBalancer'],
    instances: instances(3, 'unused'),
  };
  expect(found(out, { group: back })).toEqual([]);
  expect(found({ ...out, arn: 'arn:other' }, { group: serving })).toEqual([]);
});

test('a pin is off; a minimum of somebody else is theirs', () => {
  const pin: UndoEntry = {
    ...base,
    operation: 'unpinServerGroup',
    arn: serving.arn,
    recorded: restore.capacity,
    pinnedMin: 3,
  };
  const at3 = { ...serving, capacity: { min: 3, desired: 3, max: 5 } };
  expect(found(pin, { group: at3 })).toEqual(['server group web-v000: a minimum of 2: 3']);
  expect(found(pin, { group: serving })).toEqual([]);
  expect(found(pin, { group: { ...at3, capacity: { min: 1, desired: 3, max: 5 } } })).toEqual([]);
});

test('sizes that were written are set back and serve again; those of somebody else are theirs', () => {
  const written = { min: 1, desired: 1, max: 1 };
  const resize: UndoEntry = {
    ...base,
    operation: 'restoreCapacity',
    arn: serving.arn,
    recorded: restore.capacity,
    written,
    instancesHealthyMin: 3,
  };
  expect(found(resize, { group: { ...serving, capacity: written } })).toEqual([
    'server group web-v000: sizes 2/3/5: 1/1/1',
  ]);
  expect(found(resize, { group: serving })).toEqual([
    'server group web-v000: 3 instances healthy: 2',
  ]);
  const theirs = { ...serving, capacity: { min: 9, desired: 9, max: 9 } };
  expect(found(resize, { group: theirs })).toEqual([]);
  expect(found(resize, {})).toEqual([]);
});

test('processes are as they were', () => {
  const processes: UndoEntry = {
    ...base,
    operation: 'restoreProcesses',
    arn: serving.arn,
    suspend: ['AZRebalance'],
    resume: ['Launch'],
  };
  const wrong = { ...serving, suspendedProcesses: ['Launch'] };
  expect(found(processes, { group: wrong })).toEqual([
    'server group web-v000: suspended: AZRebalance: they are not',
    'server group web-v000: resumed: Launch: suspended',
  ]);
  const right = { ...serving, suspendedProcesses: ['AZRebalance', 'Terminate'] };
  expect(found(processes, { group: right })).toEqual([]);
});

test('tags are as they were, and those of others count as that', () => {
  const one = (value: string) => ({ value, propagateAtLaunch: false });
  const tags: UndoEntry = {
    ...base,
    operation: 'restoreTags',
    arn: serving.arn,
    recorded: { team: one('web'), tier: null },
    written: { team: one('shop'), tier: one('front') },
  };
  const shown = (now: Record<string, ReturnType<typeof one>>) =>
    found(tags, { group: serving, tags: now });
  expect(shown({ team: one('web') })).toEqual([]);
  expect(shown({ team: one('theirs'), tier: one('theirs') })).toEqual([]);
  expect(shown({ team: one('shop'), tier: one('front') })).toEqual([
    'server group web-v000: team=web: team=shop',
    'server group web-v000: no tier: tier=front',
  ]);
  expect(found(tags, {})).toEqual([]);
});

const weights = (one: number, other: number) => [
  { targetGroupArn: blue, weight: one },
  { targetGroupArn: green, weight: other },
];
const ruleAt = (one: number, other: number) =>
  rule({ actions: [forward({ targetGroups: weights(one, other) })] });

test('the weights are given back, and the rule differs in nothing else', () => {
  const entry: UndoEntry = {
    ...base,
    operation: 'setRuleWeights',
    rule: { account: 'demo', region: 'eu-west-1', arn: ruleArn },
    guards: [],
    captured: rule(),
    weights: weights(100, 0),
    expected: [weights(0, 100)],
  };
  expect(found(entry, { rule: ruleAt(100, 0) })).toEqual([]);
  expect(found(entry, { rule: ruleAt(0, 100) })).toHaveLength(1);
  expect(found(entry, {})).toEqual([expect.stringContaining('it is gone')]);
  const changed = { ...ruleAt(100, 0), priority: '7' };
  expect(found(entry, { rule: changed })).toEqual([expect.stringContaining('priority')]);
});

const refresh: UndoEntry = {
  ...base,
  operation: 'rollbackInstanceRefresh',
  restore: {
    arn: serving.arn,
    capacity: restore.capacity,
    suspendedProcesses: [],
    instancesInService: 2,
    launch: {
      launchTemplateId: 'lt-1',
      version: '4',
      specified: '$Latest',
      latestVersion: '4',
      imageId: null,
      madeBy: null,
      mixedInstancesPolicy: null,
    },
    runningVersions: { 'lt-1:4': 2 },
  },
  versionOperationKey: 'key',
  preferences: wayBackPreferences,
  secondsMax: 60,
};
const following = (version: string) => ({
  ...serving,
  launchTemplate: { launchTemplateId: 'lt-1', version },
});

test('after a refresh all instances run the recorded version, ours is gone, and the group follows what it followed', () => {
  expect(found(refresh, { group: following('$Latest') })).toEqual([]);
  const wrong = { ...following('5'), instances: instances(2, 'healthy', '5') };
  const running = {
    refreshId: 'r-1',
    status: 'InProgress' as const,
    statusReason: null,
    startedAt: at,
    endedAt: null,
    percentComplete: 50,
    instancesToUpdate: 1,
    desired: null,
    rollbackReason: null,
  };
  const ourVersion = { launchTemplateId: 'lt-1', version: '5' };
  const all = found(refresh, { group: wrong, refreshes: [running], ourVersion });
  expect(all).toHaveLength(4);
  expect(found(refresh, { group: following('4') })).toEqual([
    'server group web-v000: launch template lt-1:$Latest: lt-1:4',
  ]);
});

test('a launch template that somebody else has set since is theirs', () => {
  const theirs = { ...following('9'), instances: instances(2, 'healthy', '9') };
  expect(found(refresh, { group: theirs })).toEqual([]);
  expect(found(refresh, {})).toEqual([]);
});

test('a failed group that was to be kept may be there, out of traffic', () => {
  const entry: UndoEntry = { ...destroyEntry(), keepOnFailure: true };
  const kept = groupView('web-v001', { enabled: false, targetGroupArns: ['arn:tg'] });
  expect(found(entry, { group: kept, isOurs: true })).toEqual([]);
  const registered = { ...kept, instances: instances(1) };
  expect(found(entry, { group: registered, isOurs: true })).toHaveLength(1);
  expect(found(entry, { group: { ...kept, enabled: true }, isOurs: true })).toHaveLength(1);
});

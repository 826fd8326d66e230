import type { AttemptState } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { scriptedGroup as group } from '../../support/engine/scripted-group.js';
import { onServerGroup } from '../../support/engine/stages.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());

const old = 'web-prod-v000';

beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
  engine.aws.outOfTraffic.clear();
  engine.aws.serverGroups = [group(old), group('web-prod-v001')];
});

function attemptOf(id: string): AttemptState {
  const attempt = engine.records.state(id).stages[0]?.attempts.at(-1);
  if (attempt === undefined) throw new Error('the stage never started');
  return attempt;
}

/** The calls after the look that chose the group. */
function calls(): readonly string[] {
  return engine.aws.calls.slice(1).map((call) => call.replace(` ${old}`, ''));
}

async function runs(stage: Parameters<EngineHarness['execute']>[0][number]): Promise<AttemptState> {
  const id = await engine.execute([stage]);
  await engine.result(id);
  return attemptOf(id);
}

const disable = {
  ...onServerGroup(),
  type: 'disableServerGroup',
  percent: 100,
  remainingHealthyMin: 1,
} as const;
const enable = { ...onServerGroup(), type: 'enableServerGroup', keepSuspended: [] } as const;
const destroy = {
  ...onServerGroup(),
  type: 'destroyServerGroup',
  allowServing: true,
  remainingHealthyMin: 1,
} as const;
const resize = {
  ...onServerGroup(),
  type: 'resizeServerGroup',
  resize: { action: 'scaleDown', instances: 1 },
  remainingHealthyMin: 1,
} as const;

describe('disableServerGroup', () => {
  test('captures, disables and drains the previous server group', async () => {
    const attempt = await runs(disable);
    expect(attempt.status).toBe('SUCCEEDED');
    expect(attempt.targeted).toMatchObject({ serverGroup: old, besides: 'web-prod-v001' });
    expect(calls()).toEqual([
      'captureServerGroup',
      'disableServerGroup',
      'awaitServerGroupDrained',
    ]);
  });

  test('takes a share out', async () => {
    await runs({ ...disable, percent: 50 });
    expect(calls()).toEqual([
      'captureServerGroup',
      'disableServerGroupShare',
      'awaitServerGroupShareDrained',
    ]);
  });

  test('enables it again when it is cancelled in the middle', async () => {
    const waiting = engine.aws.waits('awaitServerGroupDrained');
    const id = await engine.execute([disable]);
    await waiting;
    await engine.cancel(id, 'rollback');
    await engine.result(id);
    expect(attemptOf(id)).toMatchObject({ status: 'CANCELED', undo: [{ status: 'done' }] });
    expect(calls()).toEqual(expect.arrayContaining(['registerServerGroup', 'resumeServerGroup']));
  });

  test('changes nothing where it is disabled already', async () => {
    engine.aws.serverGroups = [group(old, { enabled: false }), group('web-prod-v001')];
    expect((await runs(disable)).outputs).toEqual({ serverGroup: old, changed: false });
    expect(calls()).toEqual([]);
  });

  test('refuses to leave nothing that serves, unless told so', async () => {
    engine.aws.serverGroups = [group(old)];
    const only = { ...disable, serverGroup: { name: old } };
    expect((await runs(only)).error?.code).toBe('TRAFFIC_GUARD');
    expect(calls()).toEqual([]);
    expect((await runs({ ...only, remainingHealthyMin: 0 })).status).toBe('SUCCEEDED');
  });

  test('says what is there when the group is not', async () => {
    engine.aws.serverGroups = [group('web-prod-v001')];
    const { error } = await runs(disable);
    expect(error).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message:
        'there is no previous server group of web-prod in demo eu-west-1; the cluster has web-prod-v001',
    });
  });
});

describe('enableServerGroup', () => {
  beforeEach(() => {
    engine.aws.outOfTraffic.add(old);
    engine.aws.serverGroups = [
      group(old, { enabled: false, suspendedProcesses: ['AddToLoadBalancer', 'Launch'] }),
      group('web-prod-v001'),
    ];
  });

  test('registers, waits, resumes, waits', async () => {
    expect((await runs(enable)).status).toBe('SUCCEEDED');
    expect(calls()).toEqual([
      'captureServerGroup',
      'registerServerGroup',
      'awaitServerGroupHealthy',
      'resumeServerGroup',
      'awaitServerGroupHealthy',
    ]);
  });

  test('disables it again when it fails', async () => {
    engine.aws.fails('resumeServerGroup', 'AWS_DENIED');
    const attempt = await runs(enable);
    expect(attempt).toMatchObject({ status: 'TERMINAL', undo: [{ status: 'done' }] });
    expect(attempt.summary?.undone).toEqual([`Disable ${old} again`]);
    expect(calls().slice(-5)).toEqual([
      'awaitServerGroupHealthy web-prod-v001',
      'disableServerGroup',
      'awaitServerGroupDrained',
      'restoreServerGroupSize',
      'restoreServerGroupProcesses',
    ]);
  });
});

describe('destroyServerGroup', () => {
  test('disables, destroys, and waits until it is gone; the template of others stays', async () => {
    expect((await runs(destroy)).status).toBe('SUCCEEDED');
    expect(calls()).toEqual([
      'captureServerGroup',
      'disableServerGroup',
      'awaitServerGroupDrained',
      'destroyServerGroup',
      'awaitServerGroupGone',
    ]);
  });

  test('deletes alarms and launch template with a group that Gennaker made', async () => {
    const owner = { executionId: 'earlier', stage: 'deploy' };
    engine.aws.serverGroups = [group(old, { owner, enabled: false }), group('web-prod-v001')];
    await runs(destroy);
    expect(calls()).toEqual([
      'destroyServerGroup',
      'awaitServerGroupGone',
      'deleteServerGroupAlarms',
      'deleteLaunchTemplate',
    ]);
  });

  test('refuses a group that takes traffic without consent', async () => {
    const { error } = await runs({ ...destroy, allowServing: false });
    expect(error?.code).toBe('TRAFFIC_GUARD');
    expect(calls()).toEqual([]);
  });

  test('enables it again when the deletion is refused', async () => {
    engine.aws.fails('destroyServerGroup', 'AWS_DENIED');
    const attempt = await runs(destroy);
    expect(attempt).toMatchObject({ status: 'TERMINAL', undo: [{ status: 'done' }] });
    expect(calls()).toContain('resumeServerGroup');
  });

  test('says that it cannot be undone once it is gone', async () => {
    engine.aws.fails('awaitServerGroupGone', 'AWS_DENIED');
    engine.aws.vanishes('registerServerGroup');
    const attempt = await runs(destroy);
    expect(attempt.summary?.undone[0]).toContain('it was destroyed, which cannot be undone');
    expect(engine.records.state(idOf(attempt)).needsAttention).toBeNull();
  });
});

describe('resizeServerGroup', () => {
  test('shrinks and waits until the instances are gone', async () => {
    const attempt = await runs(resize);
    expect(attempt.outputs).toEqual({
      serverGroup: old,
      capacity: { min: 2, desired: 2, max: 3 },
    });
    expect(calls()).toEqual(['changeServerGroupSize', 'awaitServerGroupShrunk']);
  });

  test('grows and waits until all of it is healthy', async () => {
    await runs({ ...resize, resize: { action: 'scaleUp', percent: 50 } });
    expect(calls()).toEqual(['changeServerGroupSize', 'awaitServerGroupHealthy']);
  });

  test('takes the sizes of another group', async () => {
    const capacity = { min: 1, desired: 2, max: 9 };
    engine.aws.serverGroups = [group(old), group('web-prod-v001', { capacity })];
    const serverGroup = { cluster: 'web-prod', target: 'newest' } as const;
    const attempt = await runs({ ...resize, resize: { action: 'match', serverGroup } });
    expect(attempt.outputs['capacity']).toEqual(capacity);
  });

  test('comes back to the old sizes when it fails', async () => {
    engine.aws.fails('awaitServerGroupShrunk', 'AWS_DENIED');
    const attempt = await runs(resize);
    expect(attempt.summary?.undone).toEqual([`Resize ${old} to 3/3/3 again`]);
    expect(calls().slice(-2)).toEqual(['restoreServerGroupSize', 'awaitServerGroupHealthy']);
  });

  test('lets a disabled group terminate while it shrinks, and refuses to let it grow', async () => {
    const suspendedProcesses = ['AddToLoadBalancer', 'Launch', 'Terminate'];
    engine.aws.serverGroups = [group(old, { enabled: false, suspendedProcesses }), group('web-v1')];
    await runs(resize);
    expect(calls()).toEqual([
      'changeServerGroupProcesses - +Terminate',
      'changeServerGroupSize',
      'awaitServerGroupShrunk',
      'changeServerGroupProcesses -Terminate +',
    ]);
    const { error } = await runs({ ...resize, resize: { action: 'scaleUp', instances: 1 } });
    expect(error).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('refuses sizes that contradict those that stay', async () => {
    const { error } = await runs({ ...resize, resize: { action: 'exact', min: 9 } });
    expect(error?.message).toContain('(now 3/3/3)');
    expect(calls()).toEqual([]);
  });
});

describe('suspendProcesses and resumeProcesses', () => {
  const processes = ['AZRebalance', 'ScheduledActions'];
  const suspend = { ...onServerGroup(), type: 'suspendProcesses', processes } as const;
  const resume = { ...onServerGroup(), type: 'resumeProcesses', processes } as const;

  test('change only what was not so before', async () => {
    engine.aws.serverGroups = [
      group(old, { suspendedProcesses: ['AZRebalance'] }),
      group('web-prod-v001'),
    ];
    expect((await runs(suspend)).outputs['changed']).toEqual(['ScheduledActions']);
    expect((await runs(resume)).outputs['changed']).toEqual(['AZRebalance']);
  });

  test('come back to what was suspended before', async () => {
    engine.aws.failsOnce('changeServerGroupProcesses', 'AWS_DENIED');
    const attempt = await runs(suspend);
    expect(attempt).toMatchObject({ status: 'TERMINAL', undo: [{ status: 'done' }] });
    expect(calls()).toEqual(['changeServerGroupProcesses - +AZRebalance,ScheduledActions']);
  });
});

function idOf(attempt: AttemptState): string {
  const href = attempt.summary?.actions[0]?.href ?? '';
  return href.split('/')[3] ?? '';
}

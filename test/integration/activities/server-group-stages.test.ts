import type { Capacity } from '@gennaker/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { newGroup, oldGroup, type RedBlack } from '../../support/activities/red-black.js';
import { eachTestInNewWorld, findViewNow, viewNow } from '../../support/activities/new-world.js';
import type { OtherHands } from '../../support/activities/other-hands.js';

let world: AwsWorld;
let others: OtherHands;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, others, deploy } = given);
});
let arn: string;
let recorded: Capacity;
beforeEach(async () => {
  const group = await viewNow(world);
  arn = group.arn;
  recorded = group.capacity;
});

async function count(action: string): Promise<number> {
  return (await world.calls()).filter((call) => call.action === action).length;
}

const of = { context: operation('change', oldGroup), subject: subject(oldGroup) };
const vanished = { type: 'SUBJECT_VANISHED', nonRetryable: true };
const denied = { type: 'AWS_DENIED', nonRetryable: true };

async function theyDelete(): Promise<void> {
  await others.deleteServerGroup(oldGroup);
  await world.settle();
}

describe('changing the size of a server group', () => {
  const capacity: Capacity = { min: 1, desired: 2, max: 4 };
  const input = () => ({ ...of, arn, capacity, guard: null });

  it('sets all three sizes, and is harmless twice', async () => {
    await world.run('changeServerGroupSize', input());
    await world.run('changeServerGroupSize', input());
    expect((await viewNow(world)).capacity).toEqual(capacity);
    await world.run('awaitServerGroupShrunk', { ...of, instancesMax: 2 });
    expect((await viewNow(world)).instances).toHaveLength(2);
  });

  it('goes on after its reply was lost, and after it was throttled', async () => {
    await throttleOnce(world.control, 'UpdateAutoScalingGroup');
    await loseReply(world.control, 'UpdateAutoScalingGroup');
    await world.runWithRetries('changeServerGroupSize', input());
    expect((await viewNow(world)).capacity).toEqual(capacity);
  });

  it('fails at once when it is denied', async () => {
    await deny(world.control, 'UpdateAutoScalingGroup');
    await expect(world.run('changeServerGroupSize', input())).rejects.toMatchObject(denied);
    expect((await viewNow(world)).capacity).toEqual(recorded);
  });

  it('asks its guard before the change', async () => {
    await deploy.create(await deploy.plan());
    const guard = { serverGroup: newGroup, instancesHealthyMin: 1 };
    const nothing = { ...input(), capacity: { min: 0, desired: 0, max: 4 }, guard };
    await expect(world.run('changeServerGroupSize', nothing)).rejects.toMatchObject({
      type: 'TRAFFIC_GUARD',
    });
    expect((await viewNow(world)).capacity).toEqual(recorded);
  });

  it('says that the group has vanished, also where another has taken its name', async () => {
    const other = { ...input(), arn: 'arn:other' };
    await expect(world.run('changeServerGroupSize', other)).rejects.toMatchObject(vanished);
    await theyDelete();
    await expect(world.run('changeServerGroupSize', input())).rejects.toMatchObject(vanished);
  });
});

describe('restoring the size of a server group', () => {
  const written: Capacity = { min: 1, desired: 2, max: 4 };
  const input = () => ({ ...of, arn, recorded, written, running: 'recorded' as const });
  const done = { outcome: 'restored', surplus: 0 };

  it('sets it back, whatever scaling has made of the desired size', async () => {
    await world.run('changeServerGroupSize', { ...of, arn, capacity: written, guard: null });
    await others.resize(oldGroup, { desired: 4 });
    await world.settle();
    expect(await world.run('restoreServerGroupSize', input())).toEqual(done);
    expect((await viewNow(world)).capacity).toEqual(recorded);
  });

  it('is harmless twice, where nothing was changed, and on an old look', async () => {
    expect(await world.run('restoreServerGroupSize', input())).toEqual(done);
    await world.run('changeServerGroupSize', { ...of, arn, capacity: written, guard: null });
    await world.run('restoreServerGroupSize', input());
    await world.run('restoreServerGroupSize', input());
    expect((await viewNow(world)).capacity).toEqual(recorded);
  });

  it('goes on after its reply was lost, and after it was throttled', async () => {
    await world.run('changeServerGroupSize', { ...of, arn, capacity: written, guard: null });
    await world.settle();
    await throttleOnce(world.control, 'UpdateAutoScalingGroup');
    await loseReply(world.control, 'UpdateAutoScalingGroup');
    await world.runWithRetries('restoreServerGroupSize', input());
    expect((await viewNow(world)).capacity).toEqual(recorded);
  });

  it('fails at once when it is denied', async () => {
    await deny(world.control, 'UpdateAutoScalingGroup');
    await expect(world.run('restoreServerGroupSize', input())).rejects.toMatchObject(denied);
  });

  it("leaves somebody else's bounds, and is done with a group that is gone", async () => {
    await others.resize(oldGroup, { min: 0, max: 9 });
    await world.settle();
    const changed = await world.run('restoreServerGroupSize', input());
    expect(changed).toMatchObject({ outcome: 'changed', capacity: { min: 0, max: 9 } });
    const another = await world.run('restoreServerGroupSize', { ...input(), arn: 'arn:other' });
    expect(another).toEqual({ outcome: 'gone' });
    await theyDelete();
    expect(await world.run('restoreServerGroupSize', input())).toEqual({ outcome: 'gone' });
  });
});

describe('changing the processes of a server group', () => {
  const input = () => ({ ...of, arn, suspend: ['AZRebalance'], resume: ['ScheduledActions'] });
  beforeEach(async () => {
    const aws = world.aws.region(account, region);
    await aws.suspendProcesses(oldGroup, ['ScheduledActions', 'HealthCheck'], {
      priority: 'write',
    });
    await world.settle();
  });
  const wanted = ['AZRebalance', 'HealthCheck'];

  it('changes exactly what is named, and is harmless twice', async () => {
    await world.run('changeServerGroupProcesses', input());
    await world.run('changeServerGroupProcesses', input());
    expect((await viewNow(world)).suspendedProcesses.toSorted()).toEqual(wanted);
  });

  it('makes no call for an empty list, which AWS would take for all processes', async () => {
    const before = await count('ResumeProcesses');
    await world.run('changeServerGroupProcesses', { ...input(), resume: [] });
    expect(await count('ResumeProcesses')).toBe(before);
    expect((await viewNow(world)).suspendedProcesses).toContain('ScheduledActions');
  });

  it.each(['SuspendProcesses', 'ResumeProcesses'])(
    'goes on after the reply of %s was lost, and after it was throttled',
    async (action) => {
      await throttleOnce(world.control, action);
      await loseReply(world.control, action);
      await world.runWithRetries('changeServerGroupProcesses', input());
      expect((await viewNow(world)).suspendedProcesses.toSorted()).toEqual(wanted);
    },
  );

  it('fails at once when it is denied', async () => {
    await deny(world.control, 'SuspendProcesses');
    await expect(world.run('changeServerGroupProcesses', input())).rejects.toMatchObject(denied);
  });

  it('says that the group has vanished, also where another has taken its name', async () => {
    const other = { ...input(), arn: 'arn:other' };
    await expect(world.run('changeServerGroupProcesses', other)).rejects.toMatchObject(vanished);
    await theyDelete();
    await expect(world.run('changeServerGroupProcesses', input())).rejects.toMatchObject(vanished);
  });
});

describe('destroying a server group that others made', () => {
  const input = () => ({ ...of, arn });
  const gone = async () => {
    await world.advance(600);
    return (await findViewNow(world)) === undefined;
  };

  it('deletes it once it is disabled', async () => {
    await deploy.disable(await deploy.capture());
    await world.run('destroyServerGroup', input());
    await world.run('awaitServerGroupGone', of);
    expect(await findViewNow(world)).toBeUndefined();
  });

  it('is harmless twice, and done with a group that is gone', async () => {
    await deploy.disable(await deploy.capture());
    await world.run('destroyServerGroup', input());
    await world.run('destroyServerGroup', input());
    expect(await gone()).toBe(true);
    await world.run('destroyServerGroup', input());
  });

  it('goes on after its reply was lost, and after it was throttled', async () => {
    await deploy.disable(await deploy.capture());
    await throttleOnce(world.control, 'DeleteAutoScalingGroup');
    await loseReply(world.control, 'DeleteAutoScalingGroup');
    await world.runWithRetries('destroyServerGroup', input());
    expect(await gone()).toBe(true);
  });

  it('fails at once when it is denied', async () => {
    await deploy.disable(await deploy.capture());
    await deny(world.control, 'DeleteAutoScalingGroup');
    await expect(world.run('destroyServerGroup', input())).rejects.toMatchObject(denied);
  });

  it('deletes none that takes traffic, and none of another ARN', async () => {
    await expect(world.run('destroyServerGroup', input())).rejects.toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
      nonRetryable: true,
    });
    await world.run('destroyServerGroup', { ...input(), arn: 'arn:other' });
    expect(await count('DeleteAutoScalingGroup')).toBe(0);
  });
});

describe('enabling a server group that others disabled', () => {
  it('registers all of it, without a record of where it was', async () => {
    await deploy.disable(await deploy.capture());
    await deploy.drained();
    const captured = await deploy.capture();
    const restore = { ...captured, suspendedProcesses: [], registered: {} };
    const input = { ...of, restore };
    const { instancesRegistered } = await world.runWithRetries('registerServerGroup', input);
    expect(instancesRegistered).toBe(3);
    const healthy = { ...of, arn, instancesHealthyMin: 3 };
    await world.run('awaitServerGroupHealthy', healthy);
    await world.runWithRetries('resumeServerGroup', input);
    await world.run('awaitServerGroupHealthy', healthy);
    expect(await viewNow(world)).toMatchObject({ enabled: true, suspendedProcesses: [] });
  });
});

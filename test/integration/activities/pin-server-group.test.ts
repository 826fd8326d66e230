import type { PinServerGroupInput, UnpinServerGroupInput } from '@gennaker/contract/wire';
import type { Capacity } from '@gennaker/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { operation, subject, type AwsWorld } from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { oldGroup } from '../../support/activities/red-black.js';
import { eachTestInNewWorld, viewNow } from '../../support/activities/new-world.js';
import type { OtherHands } from '../../support/activities/other-hands.js';

let world: AwsWorld;
let others: OtherHands;
eachTestInNewWorld((given) => {
  ({ world, others } = given);
});
let recorded: Capacity;
let arn: string;
beforeEach(async () => {
  await others.resize(oldGroup, { min: 1, desired: 3, max: 6 });
  const group = await viewNow(world);
  recorded = group.capacity;
  arn = group.arn;
});

async function sizeNow(): Promise<Capacity> {
  return (await viewNow(world)).capacity;
}

/** What was sent to UpdateAutoScalingGroup since the world began, without the test's own resize. */
async function updates(): Promise<readonly unknown[]> {
  const calls = await world.calls();
  return calls.filter((call) => call.action === 'UpdateAutoScalingGroup').slice(1);
}

function pin(changes: Partial<PinServerGroupInput> = {}): PinServerGroupInput {
  const context = operation('pin', oldGroup);
  return { context, subject: subject(oldGroup), arn, instancesMin: 3, ...changes };
}

function unpin(changes: Partial<UnpinServerGroupInput> = {}): UnpinServerGroupInput {
  const context = operation('undo:pin:unpin', oldGroup, { priority: 'undo' });
  return { context, subject: subject(oldGroup), arn, recorded, pinnedMin: 3, ...changes };
}

const vanished = { type: 'SUBJECT_VANISHED', nonRetryable: true };

describe('pinning a server group', () => {
  it('raises the minimum and leaves the maximum, so that it may still be scaled out', async () => {
    const { capacity } = await world.run('pinServerGroup', pin());
    expect(capacity).toEqual({ min: 3, desired: 3, max: 6 });
    await others.resize(oldGroup, { desired: 5 });
    expect(await sizeNow()).toEqual({ min: 3, desired: 5, max: 6 });
  });

  it('grows a group that was scaled in meanwhile', async () => {
    await others.resize(oldGroup, { desired: 2 });
    await world.settle();
    await world.run('pinServerGroup', pin());
    expect(await sizeNow()).toEqual({ min: 3, desired: 3, max: 6 });
  });

  it('is harmless twice, and never lowers a minimum', async () => {
    await world.run('pinServerGroup', pin());
    await world.run('pinServerGroup', pin());
    const before = await updates();
    await world.run('pinServerGroup', pin({ instancesMin: 2 }));
    expect(await sizeNow()).toEqual({ min: 3, desired: 3, max: 6 });
    expect(await updates()).toHaveLength(before.length);
  });

  it('goes on after its reply was lost, and after it was throttled', async () => {
    await throttleOnce(world.control, 'UpdateAutoScalingGroup');
    await loseReply(world.control, 'UpdateAutoScalingGroup');
    await world.runWithRetries('pinServerGroup', pin());
    expect(await sizeNow()).toEqual({ min: 3, desired: 3, max: 6 });
  });

  it('fails at once when it is denied', async () => {
    await deny(world.control, 'UpdateAutoScalingGroup');
    await expect(world.run('pinServerGroup', pin())).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
    expect(await sizeNow()).toEqual(recorded);
  });

  it('refuses by name where somebody has lowered the maximum below it', async () => {
    await others.resize(oldGroup, { min: 1, desired: 2, max: 2 });
    await world.settle();
    await expect(world.run('pinServerGroup', pin())).rejects.toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
      nonRetryable: true,
    });
  });

  it('says that the group has vanished, also where another has taken its name', async () => {
    await expect(world.run('pinServerGroup', pin({ arn: 'arn:other' }))).rejects.toMatchObject(
      vanished,
    );
    await others.deleteServerGroup(oldGroup);
    await world.settle();
    await expect(world.run('pinServerGroup', pin())).rejects.toMatchObject(vanished);
    expect(await updates()).toEqual([]);
  });
});

describe('unpinning a server group', () => {
  it('sets the minimum back without scaling in what was scaled out meanwhile', async () => {
    await world.run('pinServerGroup', pin());
    await others.resize(oldGroup, { desired: 5 });
    await world.settle();
    const unpinned = await world.run('unpinServerGroup', unpin());
    expect(unpinned).toEqual({ outcome: 'unpinned', min: 1 });
    expect(await sizeNow()).toEqual({ min: 1, desired: 5, max: 6 });
  });

  it('is harmless twice, and where nothing was pinned', async () => {
    const nothing = await world.run('unpinServerGroup', unpin());
    expect(nothing).toEqual({ outcome: 'unpinned', min: 1 });
    await world.run('unpinServerGroup', unpin());
    expect(await sizeNow()).toEqual(recorded);
  });

  it('takes back a pin that its first look does not show yet', async () => {
    await world.run('pinServerGroup', pin());
    await world.run('unpinServerGroup', unpin());
    expect(await sizeNow()).toEqual(recorded);
  });

  it('goes on after its reply was lost, and after it was throttled', async () => {
    await world.run('pinServerGroup', pin());
    await world.settle();
    await throttleOnce(world.control, 'UpdateAutoScalingGroup');
    await loseReply(world.control, 'UpdateAutoScalingGroup');
    await world.runWithRetries('unpinServerGroup', unpin());
    expect(await sizeNow()).toEqual({ min: 1, desired: 3, max: 6 });
  });

  it('fails at once when it is denied', async () => {
    await world.run('pinServerGroup', pin());
    await world.settle();
    await deny(world.control, 'UpdateAutoScalingGroup');
    await expect(world.run('unpinServerGroup', unpin())).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
  });

  it("leaves somebody else's minimum as it is, and says so", async () => {
    await world.run('pinServerGroup', pin());
    await others.resize(oldGroup, { min: 2 });
    await world.settle();
    const left = await world.run('unpinServerGroup', unpin());
    expect(left).toEqual({ outcome: 'changed', min: 2 });
    expect((await sizeNow()).min).toBe(2);
  });

  it('is done with a group that is gone, or that another one of its name has followed', async () => {
    await world.run('pinServerGroup', pin());
    await world.settle();
    const other = await world.run('unpinServerGroup', unpin({ arn: 'arn:other' }));
    expect(other).toEqual({ outcome: 'gone', min: null });
    expect((await sizeNow()).min).toBe(3);
    await others.deleteServerGroup(oldGroup);
    await world.settle();
    const gone = await world.run('unpinServerGroup', unpin());
    expect(gone).toEqual({ outcome: 'gone', min: null });
  });
});

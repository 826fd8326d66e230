import type { TagStates } from '@gennaker/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { OtherHands } from '../../support/activities/other-hands.js';
import { oldGroup } from '../../support/activities/red-black.js';
import { eachTestInNewWorld, groupNow } from '../../support/activities/new-world.js';

let world: AwsWorld;
eachTestInNewWorld((given) => {
  ({ world } = given);
});
let arn: string;
let before: TagStates;
const one = (value: string, propagateAtLaunch = false) => ({ value, propagateAtLaunch });
beforeEach(async () => {
  await aws().putServerGroupTags(
    oldGroup,
    [
      { key: 'team', ...one('web') },
      { key: 'tier', ...one('front', true) },
    ],
    { priority: 'write' },
  );
  const group = await groupNow(world);
  arn = group.view.arn;
  before = tagsOf(group);
});

function aws() {
  return world.aws.region(account, region);
}

function tagsOf({ settings }: Awaited<ReturnType<typeof groupNow>>): TagStates {
  return Object.fromEntries(
    settings.tags.map(({ key, value, propagateAtLaunch }) => [key, one(value, propagateAtLaunch)]),
  );
}

const of = { context: operation('tags', oldGroup), subject: subject(oldGroup) };
const wanted: TagStates = { team: one('shop', true), tier: null, cost: one('42') };
const change = () => ({ ...of, arn, tags: wanted });
const recorded: TagStates = { team: one('web'), tier: one('front', true), cost: null };
const restore = () => ({ ...of, arn, recorded, written: wanted });
const vanished = { type: 'SUBJECT_VANISHED', nonRetryable: true };
const changed = () => {
  const { tier: _gone, ...rest } = before;
  return { ...rest, team: one('shop', true), cost: one('42') };
};

describe('tags of a server group', () => {
  it('are read as they are, and told where there are none', async () => {
    const keys = ['team', 'tier', 'cost'];
    expect(await world.run('readServerGroupTags', { ...of, arn, keys })).toEqual({
      tags: recorded,
    });
    const other = { ...of, arn: 'arn:other', keys };
    await expect(world.run('readServerGroupTags', other)).rejects.toMatchObject(vanished);
  });

  it('are set and removed, the others stay, and it is harmless twice', async () => {
    await world.run('changeServerGroupTags', change());
    expect(tagsOf(await groupNow(world))).toEqual(changed());
    await world.run('changeServerGroupTags', change());
    expect(tagsOf(await groupNow(world))).toEqual(changed());
  });

  it.each(['CreateOrUpdateTags', 'DeleteTags'])(
    'are changed and restored although the reply of %s was lost and it was throttled',
    async (action) => {
      await throttleOnce(world.control, action);
      await loseReply(world.control, action);
      await world.runWithRetries('changeServerGroupTags', change());
      expect(tagsOf(await groupNow(world))).toEqual(changed());
      await throttleOnce(world.control, action);
      await loseReply(world.control, action);
      await world.runWithRetries('restoreServerGroupTags', restore());
      expect(tagsOf(await groupNow(world))).toEqual(before);
    },
  );

  it('fail at once when the change is denied', async () => {
    await deny(world.control, 'DeleteTags');
    await expect(world.run('changeServerGroupTags', change())).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
  });

  it('are not changed on another group of the name, nor on one that is gone', async () => {
    const other = { ...change(), arn: 'arn:other' };
    await expect(world.run('changeServerGroupTags', other)).rejects.toMatchObject(vanished);
    const gone = { ...change(), subject: subject('web-prod-v999') };
    await expect(world.run('changeServerGroupTags', gone)).rejects.toMatchObject(vanished);
    expect(tagsOf(await groupNow(world))).toEqual(before);
  });
});

describe('restoring tags of a server group', () => {
  it('gives them back, is harmless twice, and where nothing was changed', async () => {
    const restored = { outcome: 'restored', left: [] };
    expect(await world.run('restoreServerGroupTags', restore())).toEqual(restored);
    await world.run('changeServerGroupTags', change());
    expect(await world.run('restoreServerGroupTags', restore())).toEqual(restored);
    expect(await world.run('restoreServerGroupTags', restore())).toEqual(restored);
    expect(tagsOf(await groupNow(world))).toEqual(before);
  });

  it('leaves what somebody else has set since, and names it', async () => {
    await world.run('changeServerGroupTags', change());
    const theirs = [{ key: 'team', ...one('theirs') }];
    await aws().putServerGroupTags(oldGroup, theirs, { priority: 'write' });
    await world.settle();
    expect(await world.run('restoreServerGroupTags', restore())).toEqual({
      outcome: 'restored',
      left: ['team'],
    });
    expect(tagsOf(await groupNow(world))).toEqual({ ...before, team: one('theirs') });
  });

  it('is done with a group that is gone, or replaced', async () => {
    const gone = { outcome: 'gone', left: [] };
    const other = { ...restore(), arn: 'arn:other' };
    expect(await world.run('restoreServerGroupTags', other)).toEqual(gone);
    const others = new OtherHands(world);
    await others.deleteServerGroup(oldGroup);
    others.close();
    await world.settle();
    expect(await world.run('restoreServerGroupTags', restore())).toEqual(gone);
  });
});

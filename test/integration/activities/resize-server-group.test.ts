import type { ResizeServerGroupInput } from '@gennaker/contract/wire';
import type { Capacity, DeployPlan } from '@gennaker/domain';
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
import { newGroup, type RedBlack } from '../../support/activities/red-black.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

const capacity: Capacity = { min: 1, desired: 2, max: 4 };

let world: AwsWorld;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, deploy } = given);
});
let plan: DeployPlan;
beforeEach(async () => {
  plan = await deploy.plan();
  await deploy.create(plan);
});

function input(serverGroup = newGroup): ResizeServerGroupInput {
  return { context: operation('resize', serverGroup), subject: subject(serverGroup), capacity };
}

async function sizeNow(): Promise<Capacity | undefined> {
  await world.settle();
  const aws = world.aws.region(account, region);
  const [group] = await aws.describeServerGroups([newGroup], { priority: 'screen' });
  return group?.view.capacity;
}

async function updates(): Promise<number> {
  const calls = await world.calls();
  return calls.filter((call) => call.action === 'UpdateAutoScalingGroup').length;
}

describe('resizing a server group', () => {
  it('sets all three sizes at once and reads them back', async () => {
    await world.run('resizeServerGroup', input());
    expect(await sizeNow()).toEqual(capacity);
    expect(await updates()).toBe(1);
  });

  it('looks first when it is run again, and changes nothing', async () => {
    await loseReply(world.control, 'UpdateAutoScalingGroup');
    await world.runWithRetries('resizeServerGroup', input());
    expect(await sizeNow()).toEqual(capacity);
    expect(await updates()).toBe(1);
  });

  it('goes on after it was throttled', async () => {
    await throttleOnce(world.control, 'UpdateAutoScalingGroup');
    await world.runWithRetries('resizeServerGroup', input());
    expect(await sizeNow()).toEqual(capacity);
  });

  it('fails at once when it is denied', async () => {
    await deny(world.control, 'UpdateAutoScalingGroup');
    await expect(world.run('resizeServerGroup', input())).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
    expect(await sizeNow()).toMatchObject({ desired: 0 });
  });

  it('says that the group has vanished, on the first attempt and on a later one', async () => {
    const others = new OtherHands(world);
    await others.deleteServerGroup(newGroup);
    others.close();
    await world.advance(120);
    const vanished = { type: 'SUBJECT_VANISHED', nonRetryable: true };
    await expect(world.run('resizeServerGroup', input())).rejects.toMatchObject(vanished);
    await expect(world.run('resizeServerGroup', input(), 2)).rejects.toMatchObject(vanished);
  });
});

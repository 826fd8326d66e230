import type { Capacity, ServerGroupView } from '@gennaker/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  openAwsWorld,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { newGroup, oldGroup, RedBlack } from '../../support/activities/red-black.js';

let world: AwsWorld;
let deploy: RedBlack;
let arn: string;
let recorded: Capacity;
beforeEach(async () => {
  world = await openAwsWorld();
  deploy = new RedBlack(world);
  ({ arn, capacity: recorded } = await groupNow());
});
afterEach(() => world.close());

async function findGroup(): Promise<ServerGroupView | undefined> {
  await world.settle();
  const aws = world.aws.region(account, region);
  const options = { priority: 'screen', withHealth: true } as const;
  return (await aws.describeServerGroups([oldGroup], options))[0]?.view;
}

async function groupNow(): Promise<ServerGroupView> {
  const group = await findGroup();
  if (group === undefined) throw new Error('the group is gone');
  return group;
}

async function deletions(): Promise<number> {
  const calls = await world.calls();
  return calls.filter((call) => call.action === 'DeleteAutoScalingGroup').length;
}

const of = { context: operation('tear-down', oldGroup), subject: subject(oldGroup) };

describe('tearing down a server group that was replaced', () => {
  const nothing: Capacity = { min: 0, desired: 0, max: 3 };
  const guard = { serverGroup: newGroup, instancesHealthyMin: 3 };
  const size = () => ({ ...of, arn, capacity: nothing, guard, outOfTraffic: true });
  const guarded = { type: 'TRAFFIC_GUARD', nonRetryable: true };

  it('scales it to nothing, and deletes it, while the new one serves', async () => {
    await deploy.makeNewGroup();
    await deploy.disable(await deploy.capture());
    await deploy.drained();
    await world.runWithRetries('changeServerGroupSize', size());
    const terminate = { ...of, arn, suspend: [], resume: ['Terminate'] };
    await world.runWithRetries('changeServerGroupProcesses', terminate);
    await world.run('awaitServerGroupShrunk', { ...of, instancesMax: 0 });
    expect(await groupNow()).toMatchObject({ capacity: nothing, instances: [] });
    await world.runWithRetries('destroyServerGroup', { ...of, arn, guard });
    await world.run('awaitServerGroupGone', of);
    expect(await findGroup()).toBeUndefined();
  });

  it('changes nothing of one that takes traffic', async () => {
    await deploy.makeNewGroup();
    await expect(world.run('changeServerGroupSize', size())).rejects.toMatchObject(guarded);
    const destroy = world.run('destroyServerGroup', { ...of, arn, guard });
    await expect(destroy).rejects.toMatchObject(guarded);
    expect((await groupNow()).capacity).toEqual(recorded);
  });

  it('changes nothing of one whose instances somebody has registered by hand', async () => {
    await deploy.makeNewGroup();
    await deploy.disable(await deploy.capture());
    await deploy.drained();
    const [instance] = (await groupNow()).instances;
    const { targetGroupArn } = world.seeded;
    const aws = world.aws.region(account, region);
    const targets = [instance?.instanceId ?? ''];
    await aws.registerTargets(targetGroupArn, targets, { priority: 'write' });
    await world.settle();
    await expect(world.run('changeServerGroupSize', size())).rejects.toMatchObject(guarded);
    const destroy = world.run('destroyServerGroup', { ...of, arn, guard });
    await expect(destroy).rejects.toMatchObject(guarded);
    expect(await deletions()).toBe(0);
  });

  it('changes nothing while the new one does not serve', async () => {
    await deploy.create(await deploy.plan());
    await deploy.disable(await deploy.capture());
    await deploy.drained();
    await expect(world.run('changeServerGroupSize', size())).rejects.toMatchObject(guarded);
    const destroy = world.run('destroyServerGroup', { ...of, arn, guard });
    await expect(destroy).rejects.toMatchObject(guarded);
    expect((await groupNow()).capacity).toEqual(recorded);
  });
});

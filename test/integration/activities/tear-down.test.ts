import type { Capacity } from '@gennaker/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { newGroup, oldGroup, type RedBlack } from '../../support/activities/red-black.js';
import { eachTestInNewWorld, findViewNow, viewNow } from '../../support/activities/new-world.js';

let world: AwsWorld;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, deploy } = given);
});
let arn: string;
let recorded: Capacity;
beforeEach(async () => {
  ({ arn, capacity: recorded } = await viewNow(world));
});

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
    expect(await viewNow(world)).toMatchObject({ capacity: nothing, instances: [] });
    await world.runWithRetries('destroyServerGroup', { ...of, arn, guard });
    await world.run('awaitServerGroupGone', of);
    expect(await findViewNow(world)).toBeUndefined();
  });

  it('changes nothing of one that takes traffic', async () => {
    await deploy.makeNewGroup();
    await expect(world.run('changeServerGroupSize', size())).rejects.toMatchObject(guarded);
    const destroy = world.run('destroyServerGroup', { ...of, arn, guard });
    await expect(destroy).rejects.toMatchObject(guarded);
    expect((await viewNow(world)).capacity).toEqual(recorded);
  });

  it('changes nothing of one whose instances somebody has registered by hand', async () => {
    await deploy.makeNewGroup();
    await deploy.disable(await deploy.capture());
    await deploy.drained();
    const [instance] = (await viewNow(world)).instances;
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
    expect((await viewNow(world)).capacity).toEqual(recorded);
  });
});

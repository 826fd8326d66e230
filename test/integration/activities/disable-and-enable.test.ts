import type { ServerGroupRestoreState, ServerGroupView } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import {
  account,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { placeOf, RichGroup } from '../../support/activities/rich-group.js';
import { newGroup, oldGroup, type RedBlack } from '../../support/activities/red-black.js';
import { eachTestInNewWorld, findViewNow } from '../../support/activities/new-world.js';

const held = ['AddToLoadBalancer', 'HealthCheck', 'Launch', 'ReplaceUnhealthy', 'Terminate'];

let world: AwsWorld;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, deploy } = given);
});

async function enable(restore: ServerGroupRestoreState): Promise<void> {
  const context = operation('undo:enable', oldGroup, { priority: 'undo' });
  const input = { context, subject: subject(oldGroup), restore };
  const { instancesRegistered } = await world.runWithRetries('registerServerGroup', input);
  const healthy = { context, subject: subject(oldGroup), arn: null };
  await world.run('awaitServerGroupHealthy', {
    ...healthy,
    instancesHealthyMin: instancesRegistered,
  });
  await world.runWithRetries('resumeServerGroup', input);
  await world.run('awaitServerGroupHealthy', {
    ...healthy,
    instancesHealthyMin: restore.instancesInService,
  });
}

describe('disabling a server group', () => {
  it('suspends first, health checks too, and only then takes the instances out', async () => {
    const restore = await deploy.capture();
    await deploy.disable(restore);
    await deploy.drained();
    const group = await findViewNow(world);
    expect(group).toMatchObject({ enabled: false, capacity: restore.capacity });
    expect(group?.suspendedProcesses.toSorted()).toEqual(held);
    expect(group?.instances.map((one) => one.targetHealth)).toEqual([[], [], []]);
    const changes = (await world.calls()).map((call) => call.action);
    expect(changes.indexOf('SuspendProcesses')).toBeLessThan(changes.indexOf('DeregisterTargets'));
  });

  it('is harmless twice', async () => {
    const restore = await deploy.capture();
    await deploy.disable(restore);
    await deploy.disable(restore);
    expect((await findViewNow(world))?.enabled).toBe(false);
  });

  it.each(['SuspendProcesses', 'DeregisterTargets'])(
    'ends disabled when the reply of %s is lost, and when it is throttled',
    async (action) => {
      const restore = await deploy.capture();
      await loseReply(world.control, action);
      await throttleOnce(world.control, action);
      await deploy.disable(restore);
      await deploy.drained();
      expect((await findViewNow(world))?.instances.flatMap((one) => one.targetHealth)).toEqual([]);
    },
  );

  it('fails at once when it is denied', async () => {
    const restore = await deploy.capture();
    await deny(world.control, 'DeregisterTargets');
    await expect(deploy.disable(restore)).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
  });

  it('changes nothing while the group that should take over is not healthy', async () => {
    const plan = await deploy.plan();
    await deploy.create(plan);
    const restore = await deploy.capture();
    await expect(
      world.run('disableServerGroup', {
        context: operation('disable', oldGroup),
        subject: subject(oldGroup),
        restore,
        guard: { serverGroup: newGroup, instancesHealthyMin: 3 },
      }),
    ).rejects.toMatchObject({ type: 'TRAFFIC_GUARD', nonRetryable: true });
    expect(await findViewNow(world)).toMatchObject({ enabled: true, suspendedProcesses: [] });
  });

  it('is done with a group that is gone: nothing of it takes traffic', async () => {
    const restore = await deploy.capture();
    await world.run('disableServerGroup', {
      context: operation('disable', 'web-prod-v099'),
      subject: subject('web-prod-v099'),
      restore,
      guard: null,
    });
    expect((await world.calls()).some((call) => call.action === 'DeregisterTargets')).toBe(false);
  });
});

describe('enabling it again', () => {
  it('restores it as it was, process by process, with the very same instances', async () => {
    const before = await findViewNow(world);
    const restore = await deploy.capture();
    await deploy.disable(restore);
    await deploy.drained();
    await enable(restore);
    const after = await findViewNow(world);
    expect(after).toMatchObject({
      enabled: true,
      suspendedProcesses: [],
      capacity: restore.capacity,
    });
    expect(idsOf(after)).toEqual(idsOf(before));
    expect(after?.instances.map((one) => one.health)).toEqual(['Up', 'Up', 'Up']);
    const resumed = (await world.calls())
      .filter((call) => call.action === 'ResumeProcesses')
      .flatMap((call) => call.input['ScalingProcesses']);
    expect(resumed).toEqual([
      'AddToLoadBalancer',
      'Launch',
      'Terminate',
      'HealthCheck',
      'ReplaceUnhealthy',
    ]);
  });

  it('has its size back before anything may act on it, although scaling policies lowered it meanwhile', async () => {
    const people = new RichGroup(placeOf(world), oldGroup);
    await people.scaleInWhenIdle();
    await world.aws
      .region(account, region)
      .updateCapacity(oldGroup, { min: 1, desired: 3, max: 3 }, { priority: 'write' });
    const before = await findViewNow(world);
    const restore = await deploy.capture();
    await deploy.disable(restore);
    await deploy.drained();
    await people.ring('web-prod-v000-idle');
    people.close();
    expect(await findViewNow(world)).toMatchObject({ capacity: { min: 1, desired: 1, max: 3 } });
    await world.run('registerServerGroup', {
      context: operation('undo:enable', oldGroup, { priority: 'undo' }),
      subject: subject(oldGroup),
      restore,
    });
    expect(await findViewNow(world)).toMatchObject({
      capacity: { min: 3, desired: 3, max: 3 },
      suspendedProcesses: expect.arrayContaining(['Terminate']) as string[],
    });
    await enable(restore);
    await world.advance(600);
    const after = await findViewNow(world);
    expect(after?.capacity).toEqual(restore.capacity);
    expect(idsOf(after)).toEqual(idsOf(before));
  });

  it('leaves suspended what was suspended before', async () => {
    await world.aws
      .region(account, region)
      .suspendProcesses(oldGroup, ['Terminate', 'AZRebalance'], { priority: 'write' });
    const restore = await deploy.capture();
    await deploy.disable(restore);
    await enable(restore);
    expect((await findViewNow(world))?.suspendedProcesses.toSorted()).toEqual([
      'AZRebalance',
      'Terminate',
    ]);
  });

  it.each(['RegisterTargets', 'ResumeProcesses'])(
    'ends enabled when the reply of %s is lost, and when it is throttled',
    async (action) => {
      const restore = await deploy.capture();
      await deploy.disable(restore);
      await loseReply(world.control, action);
      await throttleOnce(world.control, action);
      await enable(restore);
      expect(await findViewNow(world)).toMatchObject({ enabled: true, suspendedProcesses: [] });
    },
  );

  it('replaces not one instance, however long the group was out of traffic', async () => {
    const before = await findViewNow(world);
    const restore = await deploy.capture();
    await deploy.disable(restore);
    await world.advance(3_600);
    await enable(restore);
    await world.advance(600);
    expect(idsOf(await findViewNow(world))).toEqual(idsOf(before));
  });

  it('marks healthy what Auto Scaling takes for unhealthy, before it may replace it', async () => {
    const restore = await deploy.capture();
    await deploy.disable(restore);
    const [first = ''] = world.seeded.instanceIds;
    await world.aws
      .region(account, region)
      .setInstanceHealth(first, 'Unhealthy', { priority: 'write' });
    await enable(restore);
    const group = await findViewNow(world);
    expect(group?.instances.map((one) => one.healthStatus)).toEqual([
      'Healthy',
      'Healthy',
      'Healthy',
    ]);
    expect(idsOf(group)).toEqual(world.seeded.instanceIds.toSorted());
  });

  it('says that the group has vanished where it has', async () => {
    const restore = await deploy.capture();
    await expect(
      world.run('registerServerGroup', {
        context: operation('undo:enable', 'web-prod-v099'),
        subject: subject('web-prod-v099'),
        restore,
      }),
    ).rejects.toMatchObject({ type: 'SUBJECT_VANISHED', nonRetryable: true });
  });
});

function idsOf(group: ServerGroupView | undefined): readonly string[] {
  return (group?.instances ?? []).map((one) => one.instanceId).toSorted();
}

import type { DisableShareInput } from '@gennaker/contract/wire';
import {
  isRegisteredAnywhere,
  type ServerGroupRestoreState,
  type ServerGroupView,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import { operation, subject, type AwsWorld } from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { newGroup, oldGroup, type RedBlack } from '../../support/activities/red-black.js';
import { eachTestInNewWorld, viewNow } from '../../support/activities/new-world.js';
import type { OtherHands } from '../../support/activities/other-hands.js';

let world: AwsWorld;
let others: OtherHands;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, others, deploy } = given);
});

function share(changes: Partial<DisableShareInput> = {}): DisableShareInput {
  const context = operation('disable:50', oldGroup);
  return { context, subject: subject(oldGroup), arn: null, percent: 50, guard: null, ...changes };
}

function drained(): Promise<void> {
  return world.run('awaitServerGroupShareDrained', {
    context: operation('disable:50', oldGroup, { priority: 'wait' }),
    subject: subject(oldGroup),
  });
}

function servingIn(group: ServerGroupView): number {
  return group.instances.filter((one) => isRegisteredAnywhere(one, group)).length;
}

async function deregistered(): Promise<readonly string[]> {
  const calls = (await world.calls()).filter((call) => call.action === 'DeregisterTargets');
  return calls.map((call) => JSON.stringify(call.input));
}

async function enable(restore: ServerGroupRestoreState): Promise<void> {
  const context = operation('undo:enable', oldGroup, { priority: 'undo' });
  const input = { context, subject: subject(oldGroup), restore };
  await world.runWithRetries('registerServerGroup', input);
  const instancesHealthyMin = restore.instancesInService;
  const healthy = { context, subject: subject(oldGroup), arn: null, instancesHealthyMin };
  await world.run('awaitServerGroupHealthy', healthy);
  await world.runWithRetries('resumeServerGroup', input);
}

const held = ['HealthCheck', 'ReplaceUnhealthy'];

describe('taking a share of a server group out of traffic', () => {
  it('takes half out, rounded up, drained, and leaves the rest serving', async () => {
    const disabled = await world.run('disableServerGroupShare', share());
    expect(disabled).toEqual({ instancesOut: 2, instancesInService: 3 });
    await drained();
    const group = await viewNow(world);
    expect(group.enabled).toBe(true);
    expect(servingIn(group)).toBe(1);
    expect(group.instances.filter((one) => one.targetHealth.length > 0)).toHaveLength(1);
  });

  it('holds what would replace those that are out, and nothing else', async () => {
    await world.run('disableServerGroupShare', share());
    const before = await viewNow(world);
    expect(before.suspendedProcesses.toSorted()).toEqual(held);
    await world.advance(3_600);
    const after = await viewNow(world);
    const ids = (group: ServerGroupView) => group.instances.map((one) => one.instanceId).toSorted();
    expect(ids(after)).toEqual(ids(before));
  });

  it('goes on from a smaller share to a larger one', async () => {
    await world.run('disableServerGroupShare', share({ percent: 30 }));
    expect(servingIn(await viewNow(world))).toBe(2);
    await world.run('disableServerGroupShare', share({ percent: 60 }));
    expect(servingIn(await viewNow(world))).toBe(1);
  });

  it('takes the same instances when it is run again, even on an old look', async () => {
    await world.run('disableServerGroupShare', share());
    await world.run('disableServerGroupShare', share());
    expect(servingIn(await viewNow(world))).toBe(1);
    expect(new Set(await deregistered()).size).toBe(1);
  });

  it.each(['SuspendProcesses', 'DeregisterTargets'])(
    'goes on after the reply of %s was lost, and after it was throttled',
    async (action) => {
      await throttleOnce(world.control, action);
      await loseReply(world.control, action);
      await world.runWithRetries('disableServerGroupShare', share());
      expect(servingIn(await viewNow(world))).toBe(1);
    },
  );

  it('fails at once when it is denied', async () => {
    await deny(world.control, 'DeregisterTargets');
    await expect(world.run('disableServerGroupShare', share())).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
    expect(servingIn(await viewNow(world))).toBe(3);
  });

  it('says that the group has vanished, also where another has taken its name', async () => {
    const vanished = { type: 'SUBJECT_VANISHED', nonRetryable: true };
    const another = share({ arn: 'arn:other' });
    await expect(world.run('disableServerGroupShare', another)).rejects.toMatchObject(vanished);
    await others.deleteServerGroup(oldGroup);
    await world.settle();
    await expect(world.run('disableServerGroupShare', share())).rejects.toMatchObject(vanished);
    await drained();
  });

  it('refuses a group that has no target group: there is no share of its traffic', async () => {
    const [arn = ''] = (await viewNow(world)).targetGroupArns;
    await others.detachTargetGroup(oldGroup, arn);
    await world.settle();
    await expect(world.run('disableServerGroupShare', share())).rejects.toMatchObject({
      type: 'INVALID_REQUEST',
      nonRetryable: true,
    });
  });
});

describe('the guard of a share', () => {
  const guard = { serverGroup: newGroup, instancesTogetherMin: 3 };

  it('changes nothing while both together would have too little', async () => {
    const plan = await deploy.plan();
    await deploy.create(plan);
    const refused = world.run('disableServerGroupShare', share({ guard }));
    await expect(refused).rejects.toThrow('together 1 of 3. Nothing was changed.');
    await expect(refused).rejects.toMatchObject({ type: 'TRAFFIC_GUARD', nonRetryable: true });
    const group = await viewNow(world);
    expect(group.suspendedProcesses).toEqual([]);
    expect(servingIn(group)).toBe(3);
  });

  it('lets a share go once the other group makes up for it', async () => {
    await deploy.makeNewGroup();
    const disabled = await world.run('disableServerGroupShare', share({ guard }));
    expect(disabled.instancesOut).toBe(2);
    // Once more, with what is out already: nothing is left to guard.
    await world.run('disableServerGroupShare', share({ guard }));
    expect(servingIn(await viewNow(world))).toBe(1);
  });
});

describe('putting it back', () => {
  it('registers them again and resumes what was held', async () => {
    const before = await viewNow(world);
    const restore = await deploy.capture();
    await world.run('disableServerGroupShare', share());
    await drained();
    await enable(restore);
    const after = await viewNow(world);
    expect(after).toMatchObject({ suspendedProcesses: [], capacity: before.capacity });
    expect(servingIn(after)).toBe(3);
  });

  it('keeps what the rest was scaled out to meanwhile', async () => {
    await others.resize(oldGroup, { max: 6 });
    await world.settle();
    const restore = await deploy.capture();
    await world.run('disableServerGroupShare', share());
    await others.resize(oldGroup, { desired: 5 });
    await world.run('awaitServerGroupHealthy', {
      context: operation('grown', oldGroup, { priority: 'wait' }),
      subject: subject(oldGroup),
      instancesHealthyMin: 3,
      arn: null,
    });
    await enable(restore);
    expect((await viewNow(world)).capacity.desired).toBe(5);
  });
});

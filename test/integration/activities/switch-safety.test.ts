import type { DisableGuard, ServerGroupRestoreState } from '@gennaker/domain';
import { beforeEach, describe, expect, it } from 'vitest';
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

/** Alarms, or a person, let the source grow while the deploy runs. */
async function sourceGrowsTo(desired: number): Promise<void> {
  await others.resize(oldGroup, { desired, max: desired });
  await world.run('awaitServerGroupHealthy', {
    context: operation('grown', oldGroup, { priority: 'wait' }),
    subject: subject(oldGroup),
    instancesHealthyMin: desired,
    arn: null,
  });
}

function match(serverGroups: readonly string[] = [oldGroup]) {
  const context = operation('match', newGroup);
  return { context, subject: subject(newGroup), others: serverGroups };
}

function healthy(percent: number, seconds = 60) {
  const deadline = new Date(Date.now() + seconds * 1_000).toISOString();
  return {
    context: operation('healthy', newGroup, { priority: 'wait', deadline }),
    subject: subject(newGroup),
    instancesHealthyMin: 2,
    arn: null,
    zoneFloor: { serverGroups: [oldGroup], percent },
  };
}

function disable(restore: ServerGroupRestoreState, guard: DisableGuard) {
  return {
    context: operation('disable', oldGroup),
    subject: subject(oldGroup),
    restore,
    guard,
  };
}

const updates = async () =>
  (await world.calls()).filter((call) => call.action === 'UpdateAutoScalingGroup');

describe('matching the size of what is replaced', () => {
  beforeEach(async () => {
    const plan = await deploy.plan();
    await deploy.create(plan);
    await deploy.resize(plan);
  });

  it('leaves a group alone that is large enough', async () => {
    const before = (await updates()).length;
    const matched = await world.run('matchServerGroup', match());
    expect(matched).toMatchObject({ grown: false, capacity: { desired: 3 } });
    expect(await updates()).toHaveLength(before);
  });

  it('grows it with its source, pinned, and a repeat changes nothing', async () => {
    await sourceGrowsTo(5);
    const sizes = { min: 5, desired: 5, max: 6 };
    const matched = await world.run('matchServerGroup', match());
    expect(matched).toMatchObject({ grown: true, capacity: { desired: 5 } });
    const now = (await viewNow(world, newGroup)).capacity;
    expect(now).toMatchObject({ min: sizes.min, desired: sizes.desired });
    const before = (await updates()).length;
    expect(await world.run('matchServerGroup', match(), 2)).toMatchObject({ grown: false });
    expect(await updates()).toHaveLength(before);
  });

  it('grows it once although the reply is lost, and although it is throttled', async () => {
    await sourceGrowsTo(4);
    await loseReply(world.control, 'UpdateAutoScalingGroup');
    await throttleOnce(world.control, 'UpdateAutoScalingGroup');
    await world.runWithRetries('matchServerGroup', match());
    expect((await viewNow(world, newGroup)).capacity).toMatchObject({ min: 4, desired: 4 });
  });

  it('names the action that is denied', async () => {
    await sourceGrowsTo(4);
    await deny(world.control, 'UpdateAutoScalingGroup');
    await expect(world.run('matchServerGroup', match())).rejects.toMatchObject({
      type: 'AWS_DENIED',
      message: expect.stringContaining('UpdateAutoScalingGroup') as string,
    });
  });

  it('takes a source that is gone for nothing, and says when its own subject is', async () => {
    await expect(world.run('matchServerGroup', match(['web-prod-v777']))).resolves.toMatchObject({
      grown: false,
    });
    await others.deleteServerGroup(newGroup);
    await world.settle();
    await expect(world.run('matchServerGroup', match())).rejects.toMatchObject({
      type: 'SUBJECT_VANISHED',
    });
  });
});

describe('the guard of a disable', () => {
  it('refuses while the source has outgrown the new group, and names both numbers', async () => {
    await deploy.makeNewGroup();
    await sourceGrowsTo(5);
    const restore = await deploy.capture();
    const guard = { serverGroup: newGroup, instancesHealthyMin: 3, coveringPercent: 100 };
    await expect(world.run('disableServerGroup', disable(restore, guard))).rejects.toMatchObject({
      type: 'TRAFFIC_GUARD',
      message: expect.stringContaining('has 3 of 5 healthy instances') as string,
    });
    expect((await viewNow(world, oldGroup)).enabled).toBe(true);
    await world.run('matchServerGroup', match());
    await world.run('awaitServerGroupHealthy', { ...healthy(0), instancesHealthyMin: 5 });
    await world.run('disableServerGroup', disable(restore, guard));
    expect((await viewNow(world, oldGroup)).enabled).toBe(false);
  });

  it('refuses while a zone of the source is empty in the new group', async () => {
    await world.control.zoneCapacity('eu-west-1b', false);
    const plan = await deploy.plan();
    await deploy.create(plan);
    await deploy.resize(plan);
    await deploy.healthy(plan);
    const restore = await deploy.capture();
    const guard = { serverGroup: newGroup, instancesHealthyMin: 3, zoneFloorPercent: 90 };
    await expect(world.run('disableServerGroup', disable(restore, guard))).rejects.toMatchObject({
      type: 'TRAFFIC_GUARD',
      message: expect.stringContaining('zone eu-west-1b has 0 of 1') as string,
    });
  });
});

describe('the zone floor of a wait', () => {
  it('holds the wait while a zone is empty, tells which, and fails by its deadline in those words', async () => {
    await world.control.zoneCapacity('eu-west-1b', false);
    const plan = await deploy.plan();
    await deploy.create(plan);
    await deploy.resize(plan);
    await expect(world.run('awaitServerGroupHealthy', healthy(90, 4))).rejects.toMatchObject({
      type: 'STAGE_TIMEOUT',
      message: expect.stringContaining(
        'zone eu-west-1b has 0 of 1 healthy instances (1 serve there now)',
      ) as string,
    });
    const told = world.events.flatMap(({ event }) =>
      event.kind === 'stage.waiting' ? (event.waitingFor?.message ?? '') : [],
    );
    expect(told.some((message) => message.includes('zone eu-west-1b has 0 of 1'))).toBe(true);
  });

  it('ends once every zone is covered, and does not look at zones when it is off', async () => {
    const { plan } = await deploy.makeNewGroup();
    expect(plan.target.capacity.desired).toBe(3);
    await expect(world.run('awaitServerGroupHealthy', healthy(90))).resolves.toBeDefined();
    await expect(world.run('awaitServerGroupHealthy', healthy(0))).resolves.toBeDefined();
  });
});

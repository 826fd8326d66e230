import type {
  PlanRollbackInput,
  RestoreServerGroupInput,
  RestoreSizeInput,
} from '@gennaker/contract/wire';
import type { DeployPlan, RollbackClusterStage, ServerGroupRestoreState } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';
import {
  account,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
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

const held = ['AddToLoadBalancer', 'HealthCheck', 'Launch', 'ReplaceUnhealthy', 'Terminate'];

/** The old group out of traffic, and what it was like then. */
async function takenOut(): Promise<ServerGroupRestoreState> {
  await deploy.disable(await deploy.capture());
  await deploy.drained();
  return deploy.capture();
}

async function restoreInput(
  restore: ServerGroupRestoreState,
  changes: Partial<RestoreServerGroupInput> = {},
): Promise<RestoreServerGroupInput & RestoreSizeInput> {
  const { arn } = await viewNow(world);
  const context = operation('undo:enable:restore', oldGroup, { priority: 'undo' });
  const size = { recorded: restore.capacity, written: null, running: 'ended' } as const;
  return { context, subject: subject(oldGroup), arn, restore, ...size, ...changes };
}

describe('giving a server group its sizes back', () => {
  it('sets them, lets the surplus go, and is harmless twice', async () => {
    const restore = await takenOut();
    const smaller = { ...restore, capacity: { min: 1, desired: 1, max: 6 } };
    const input = await restoreInput(smaller);
    expect(await world.run('restoreServerGroupSize', input)).toEqual({
      outcome: 'restored',
      surplus: 2,
    });
    await world.run('awaitServerGroupShrunk', { ...input, instancesMax: 1 });
    expect(await world.run('restoreServerGroupSize', input)).toEqual({
      outcome: 'restored',
      surplus: 0,
    });
    expect(await viewNow(world)).toMatchObject({ capacity: smaller.capacity });
    expect((await viewNow(world)).instances).toHaveLength(1);
  });

  it('does not scale in a group that was in traffic, but for its maximum', async () => {
    const restore = await deploy.capture();
    const input = {
      ...(await restoreInput({ ...restore, capacity: { min: 1, desired: 1, max: 9 } })),
      running: 'kept' as const,
    };
    await world.run('restoreServerGroupSize', input);
    expect((await viewNow(world)).capacity).toEqual({ min: 1, desired: 3, max: 9 });
  });

  it.each(['UpdateAutoScalingGroup', 'ResumeProcesses'])(
    'ends restored when the reply of %s is lost, and when it is throttled',
    async (action) => {
      const restore = await takenOut();
      const smaller = { ...restore, capacity: { min: 1, desired: 1, max: 6 } };
      const input = await restoreInput(smaller);
      await loseReply(world.control, action);
      await throttleOnce(world.control, action);
      await world.runWithRetries('restoreServerGroupSize', input);
      await world.run('awaitServerGroupShrunk', { ...input, instancesMax: 1 });
      expect((await viewNow(world)).instances).toHaveLength(1);
    },
  );

  it('fails at once when it is denied', async () => {
    const input = await restoreInput(await takenOut());
    await deny(world.control, 'UpdateAutoScalingGroup');
    await expect(world.run('restoreServerGroupSize', input)).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
  });

  it('leaves another group of the name, and one that is gone, alone', async () => {
    const restore = await takenOut();
    const another = await restoreInput(restore, { arn: 'arn:another' });
    expect(await world.run('restoreServerGroupSize', another)).toMatchObject({ outcome: 'gone' });
    const input = await restoreInput(restore);
    await others.deleteServerGroup(oldGroup);
    await world.advance(600);
    expect(await world.run('restoreServerGroupSize', input)).toMatchObject({ outcome: 'gone' });
    await world.run('restoreServerGroupProcesses', input);
    await world.run('awaitServerGroupShrunk', { ...input, instancesMax: 0 });
  });
});

describe('restoring what was suspended', () => {
  it('suspends and resumes until it is exactly that, and is harmless twice', async () => {
    const restore = await takenOut();
    const wanted = ['Launch', 'Terminate', 'AddToLoadBalancer', 'AZRebalance'];
    const input = await restoreInput({ ...restore, suspendedProcesses: wanted });
    await world.run('restoreServerGroupProcesses', input);
    await world.run('restoreServerGroupProcesses', input);
    expect((await viewNow(world)).suspendedProcesses.toSorted()).toEqual(wanted.toSorted());
  });

  it('changes nothing where it is so already', async () => {
    const input = await restoreInput(await takenOut());
    const before = (await world.calls()).length;
    await world.run('restoreServerGroupProcesses', input);
    const later = (await world.calls()).slice(before).map((call) => call.action);
    expect(later.filter((action) => !action.startsWith('Describe'))).toEqual([]);
    expect((await viewNow(world)).suspendedProcesses.toSorted()).toEqual(held);
  });

  it.each(['SuspendProcesses', 'ResumeProcesses'])(
    'ends restored when the reply of %s is lost, and when it is throttled',
    async (action) => {
      const restore = await takenOut();
      const suspendedProcesses = ['AddToLoadBalancer', 'AZRebalance'];
      const input = await restoreInput({ ...restore, suspendedProcesses });
      await loseReply(world.control, action);
      await throttleOnce(world.control, action);
      await world.runWithRetries('restoreServerGroupProcesses', input);
      expect((await viewNow(world)).suspendedProcesses.toSorted()).toEqual(
        suspendedProcesses.toSorted(),
      );
    },
  );

  it('fails at once when it is denied', async () => {
    const restore = await takenOut();
    const input = await restoreInput({ ...restore, suspendedProcesses: ['AddToLoadBalancer'] });
    await deny(world.control, 'ResumeProcesses');
    await expect(world.run('restoreServerGroupProcesses', input)).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
  });
});

/** The new group serves, the old one is kept warm. */
async function switched(): Promise<void> {
  await deploy.makeNewGroup();
  await takenOut();
  await world.settle();
}

describe('planning a rollback', () => {
  const stage: RollbackClusterStage = {
    type: 'rollbackCluster',
    refId: 'rollback',
    name: 'Roll back',
    requisiteStageRefIds: [],
    timeoutSeconds: 600,
    account,
    region,
    cluster: 'web-prod',
    toServerGroup: oldGroup,
    expectedServing: newGroup,
    targetHealthyPercent: 100,
  };

  function plan(changes: Partial<RollbackClusterStage> = {}): Promise<DeployPlan> {
    const context = operation('plan', 'web-prod', { stage: 'rollback' });
    const input: PlanRollbackInput = { context, stage: { ...stage, ...changes } };
    return world.run('planRollback', input);
  }

  it('brings back a group that others made, and changes nothing on AWS', async () => {
    await switched();
    const before = (await world.calls()).length;
    const planned = await plan();
    expect(planned).toMatchObject({
      strategy: 'rollback',
      disables: [newGroup],
      source: { serverGroup: newGroup, imageId: world.seeded.imageIds['1.1.0'] },
      target: { serverGroup: oldGroup, imageId: world.seeded.imageIds['1.0.0'] },
      promise: { instancesServingMin: 3 },
    });
    const later = (await world.calls()).slice(before).map((call) => call.action);
    expect(later.filter((action) => !action.startsWith('Describe'))).toEqual([]);
    expect(world.history.plans.at(-1)).toMatchObject({
      stage: 'rollback',
      attempt: 1,
      cluster: { cluster: 'web-prod' },
    });
  });

  it('takes the recorded sizes where an execution has recorded them', async () => {
    await switched();
    const restore = await deploy.capture();
    const capacity = { min: 2, desired: 5, max: 9 };
    world.history.states.set(oldGroup, { executionId: 'E', restore: { ...restore, capacity } });
    expect((await plan()).target.capacity).toEqual(capacity);
  });

  it('is refused where something else serves than was expected, and where the group is gone', async () => {
    await switched();
    await expect(plan({ expectedServing: 'web-prod-v007' })).rejects.toMatchObject({
      type: 'CLUSTER_MOVED_ON',
      nonRetryable: true,
    });
    await expect(plan({ toServerGroup: 'web-prod-v009' })).rejects.toMatchObject({
      type: 'SERVER_GROUP_NOT_FOUND',
      nonRetryable: true,
    });
  });

  it('is shown beforehand by the same code', async () => {
    await switched();
    const planned = await plan();
    const { plans } = await world.run('previewPlans', {
      inputVersion: 1,
      look: 'plan',
      application: 'web',
      stages: [{ stage }],
    });
    expect(plans).toEqual([{ refId: 'rollback', plan: planned, error: null }]);
  });
});

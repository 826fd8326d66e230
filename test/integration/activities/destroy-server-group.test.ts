import { launchTemplateName, type DeployPlan } from '@gennaker/domain';
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
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

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

function context() {
  return operation('undo:destroy', newGroup, { priority: 'undo' });
}

async function destroy(): Promise<void> {
  const input = { context: context(), subject: subject(newGroup) };
  await world.runWithRetries('deleteServerGroup', input);
  await world.runWithRetries('awaitServerGroupGone', input);
  await world.runWithRetries('deleteLaunchTemplate', input);
}

async function leftovers(): Promise<readonly string[]> {
  await world.settle();
  const aws = world.aws.region(account, region);
  const options = { priority: 'screen' } as const;
  const groups = await aws.describeServerGroups([newGroup], options);
  const template = await aws.findLaunchTemplate(launchTemplateName(newGroup), options);
  return [
    ...groups.map((group) => group.view.name),
    ...(template === undefined ? [] : [template.launchTemplateName]),
  ];
}

describe('destroying a server group', () => {
  it('removes the group and the launch template that was made for it, and nothing else', async () => {
    await destroy();
    expect(await leftovers()).toEqual([]);
    const view = await world.run('readCluster', { cluster: plan.cluster, priority: 'write' });
    expect(view.serverGroups.map((group) => group.name)).toEqual([oldGroup]);
  });

  it('is done already where all of it is gone', async () => {
    await destroy();
    await destroy();
    expect(await leftovers()).toEqual([]);
  });

  it.each(['DeleteAutoScalingGroup', 'DeleteLaunchTemplate'])(
    'leaves nothing behind when the reply of %s is lost, and when it is throttled',
    async (action) => {
      await loseReply(world.control, action);
      await throttleOnce(world.control, action);
      await destroy();
      expect(await leftovers()).toEqual([]);
    },
  );

  it.each(['DeleteAutoScalingGroup', 'DeleteLaunchTemplate'])(
    'says what is missing when %s is denied',
    async (action) => {
      await deny(world.control, action);
      await expect(destroy()).rejects.toMatchObject({ type: 'AWS_DENIED', nonRetryable: true });
    },
  );

  it('never touches a group of another execution, nor one that someone made by hand', async () => {
    const others = operation('destroy', newGroup, { executionId: '01K9999999999999999999999Z' });
    await expect(
      world.run('deleteServerGroup', { context: others, subject: subject(newGroup) }),
    ).rejects.toMatchObject({ type: 'NAME_CONFLICT', nonRetryable: true });
    await expect(
      world.run('deleteServerGroup', { context: context(), subject: subject(oldGroup) }),
    ).rejects.toMatchObject({ type: 'NAME_CONFLICT' });
    expect((await world.calls()).some((call) => call.action === 'DeleteAutoScalingGroup')).toBe(
      false,
    );
  });

  it('keeps the launch template while its own group is still there', async () => {
    await expect(
      world.run('deleteLaunchTemplate', { context: context(), subject: subject(newGroup) }),
    ).rejects.toMatchObject({ type: 'AWS_CONFLICT', nonRetryable: false });
  });
});

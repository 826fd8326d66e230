import type { CreateServerGroupInput } from '@gennaker/contract/wire';
import { launchTemplateName, type DeployPlan } from '@gennaker/domain';
import { CancelledFailure } from '@temporalio/activity';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  activityEnvironment,
  activityOf,
  operation,
  region,
  subject,
  type AwsWorld,
} from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import {
  newGroup,
  oldGroup,
  redBlackStage,
  type RedBlack,
} from '../../support/activities/red-black.js';
import { eachTestInNewWorld, findGroupNow } from '../../support/activities/new-world.js';

let world: AwsWorld;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, deploy } = given);
});
let plan: DeployPlan;
beforeEach(async () => {
  plan = await deploy.plan();
});

function input(): CreateServerGroupInput {
  const { cluster, target } = plan;
  return { context: operation('create', newGroup), cluster, target };
}

async function executedCalls(action: string): Promise<number> {
  const calls = await world.calls();
  return calls.filter((call) => call.action === action && call.executed && call.status < 400)
    .length;
}

describe('creating a server group', () => {
  it('copies the source: template, subnets, target groups and settings, at 0/0/0', async () => {
    const created = await deploy.create(plan);
    const [made, source] = [
      await findGroupNow(world, newGroup),
      await findGroupNow(world, oldGroup),
    ];
    expect(made?.view).toMatchObject({
      name: newGroup,
      arn: created.arn,
      capacity: { min: 0, desired: 0, max: 0 },
      targetGroupArns: [world.seeded.targetGroupArn],
      owner: { executionId: operation('', '').executionId, stage: 'deploy' },
    });
    expect(made?.settings).toMatchObject({
      launch: { launchTemplateId: created.launchTemplateId, version: '1' },
      subnetIds: source?.settings.subnetIds,
      healthCheckType: 'ELB',
      healthCheckGraceSeconds: 600,
    });
    const template = await world.aws
      .region(account, region)
      .describeLaunchTemplateVersion(
        { launchTemplateId: created.launchTemplateId, version: '1' },
        { priority: 'screen' },
      );
    expect(template.summary).toMatchObject({
      imageId: world.seeded.imageIds['1.1.0'],
      instanceType: 't3.micro',
      securityGroupIds: [world.seeded.securityGroupId],
    });
  });

  it('suspends processes before there is any instance', async () => {
    const planned = await deploy.plan({ ...redBlackStage, suspendedProcesses: ['AZRebalance'] });
    await deploy.create(planned);
    expect((await findGroupNow(world, newGroup))?.view).toMatchObject({
      suspendedProcesses: ['AZRebalance'],
      capacity: { desired: 0 },
    });
  });

  it('finds what it has made when it is run again', async () => {
    const first = await deploy.create(plan);
    expect(await deploy.create(plan)).toEqual(first);
    expect(await executedCalls('CreateAutoScalingGroup')).toBe(1);
  });

  it.each(['CreateLaunchTemplate', 'CreateAutoScalingGroup'])(
    'makes one group and one template when the reply of %s is lost',
    async (action) => {
      await loseReply(world.control, action);
      const created = await deploy.create(plan);
      expect((await findGroupNow(world, newGroup))?.view.arn).toBe(created.arn);
      const template = await world.aws
        .region(account, region)
        .findLaunchTemplate(launchTemplateName(newGroup), { priority: 'screen' });
      expect(template?.launchTemplateId).toBe(created.launchTemplateId);
    },
  );

  it.each(['CreateLaunchTemplate', 'CreateAutoScalingGroup'])(
    'goes on after %s was throttled',
    async (action) => {
      await throttleOnce(world.control, action);
      await expect(deploy.create(plan)).resolves.toMatchObject({ serverGroup: newGroup });
    },
  );

  it.each(['CreateLaunchTemplate', 'CreateAutoScalingGroup'])(
    'fails at once, saying what is missing, when %s is denied',
    async (action) => {
      await deny(world.control, action);
      await expect(deploy.create(plan)).rejects.toMatchObject({
        type: 'AWS_DENIED',
        nonRetryable: true,
        message: expect.stringContaining(action) as string,
      });
    },
  );

  it('refuses a group of that name that someone else has made, and leaves it alone', async () => {
    await deploy.create(plan);
    const other = { stage: 'other' };
    const context = operation('create', newGroup, other);
    await expect(
      world.run('createServerGroup', { context, cluster: plan.cluster, target: plan.target }, 2),
    ).rejects.toMatchObject({
      type: 'NAME_CONFLICT',
      message: expect.stringContaining('stage deploy') as string,
    });
  });

  it('waits while a group of that name is still being deleted', async () => {
    await deploy.create(plan);
    await deploy.resize(plan);
    await deploy.healthy(plan);
    await world.run('deleteServerGroup', {
      context: operation('destroy', newGroup),
      subject: subject(newGroup),
    });
    const context = operation('create', newGroup);
    await expect(
      world.run('createServerGroup', {
        context,
        cluster: plan.cluster,
        target: plan.target,
      }),
    ).rejects.toMatchObject({ type: 'AWS_CONFLICT', nonRetryable: false });
  });

  it('knows the outcome of a call that was under way when it was cancelled', async () => {
    const match = { action: 'CreateAutoScalingGroup' };
    await world.control.fault({ match, effect: { kind: 'hold' }, times: 1 });
    const environment = activityEnvironment();
    const creating = environment
      .run(activityOf(world.activities, 'createServerGroup'), input())
      .catch((error: unknown) => error);
    const held = await world.control.nextHold();
    environment.cancel();
    await world.control.release(held);
    expect(await creating).toBeInstanceOf(CancelledFailure);
    expect(await findGroupNow(world, newGroup)).toBeDefined();
  });

  it('sends no change when it may no longer be the only writer', async () => {
    const away = () => Promise.reject(new Error('Temporal does not answer'));
    const environment = activityEnvironment({ heartbeatTimeoutMs: 300 }, away);
    await expect(
      environment.run(activityOf(world.activities, 'createServerGroup'), input()),
    ).rejects.toMatchObject({ type: 'LEASE_LOST', nonRetryable: false });
    expect((await world.calls()).filter((call) => call.action.startsWith('Create'))).toEqual([]);
  });
});

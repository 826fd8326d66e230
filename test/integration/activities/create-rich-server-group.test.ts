import type { DeployPlan } from '@gennaker/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { account, operation, region, type AwsWorld } from '../../support/activities/aws-world.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { newGroup, oldGroup, type RedBlack } from '../../support/activities/red-black.js';
import { fleetTopic, placeOf, RichGroup } from '../../support/activities/rich-group.js';
import { eachTestInNewWorld, groupNow } from '../../support/activities/new-world.js';

const furnishings = ['EnableMetricsCollection', 'PutNotificationConfiguration'] as const;

let world: AwsWorld;
let deploy: RedBlack;
eachTestInNewWorld((given) => {
  ({ world, deploy } = given);
});
let old: RichGroup;
let plan: DeployPlan;
beforeEach(async () => {
  old = new RichGroup(placeOf(world), oldGroup);
  await old.holdLaunches();
  await old.tellTopic();
  await old.collectMetrics();
  await old.set({ DefaultInstanceWarmup: 45, CapacityRebalance: true });
  await old.mixInstances(world.seeded.launchTemplateId);
  plan = await deploy.plan();
});
afterEach(async () => {
  old.close();
});

async function attachedNow() {
  const aws = world.aws.region(account, region);
  return aws.describeAttachments(newGroup, { priority: 'screen' });
}

describe('creating a server group from one that has more than a launch template', () => {
  it('gives it hooks, notifications and metrics before its first instance', async () => {
    await deploy.create(plan);
    expect(await attachedNow()).toMatchObject({
      lifecycleHooks: [
        {
          name: 'warm-up',
          transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          members: { HeartbeatTimeout: 30, DefaultResult: 'CONTINUE' },
        },
      ],
      notifications: [
        {
          topicArn: fleetTopic,
          types: ['autoscaling:EC2_INSTANCE_LAUNCH', 'autoscaling:EC2_INSTANCE_TERMINATE'],
        },
      ],
    });
    const { view, settings } = await groupNow(world, newGroup);
    expect(view).toMatchObject({ capacity: { min: 0, desired: 0, max: 0 }, instances: [] });
    expect(settings.carriedOver).toMatchObject({
      members: { DefaultInstanceWarmup: 45, CapacityRebalance: true },
      enabledMetrics: ['GroupInServiceInstances'],
    });
  });

  it('makes the hooks with the group, so that none misses an instance', async () => {
    await deploy.create(plan);
    const calls = await world.calls();
    const [created] = calls.filter(({ action }) => action === 'CreateAutoScalingGroup');
    expect(created?.input['LifecycleHookSpecificationList']).toMatchObject([
      { LifecycleHookName: 'warm-up' },
    ]);
  });

  it('keeps the mixed instances policy, over the new launch template', async () => {
    const created = await deploy.create(plan);
    const { settings } = await groupNow(world, newGroup);
    expect(settings.launch).toMatchObject({
      kind: 'mixedInstancesPolicy',
      launchTemplateId: created.launchTemplateId,
      version: '1',
    });
    expect(settings.carriedOver.mixedInstances).toEqual({
      distribution: {
        OnDemandBaseCapacity: 1,
        OnDemandPercentageAboveBaseCapacity: 100,
        OnDemandAllocationStrategy: 'prioritized',
      },
      overrides: [{ InstanceType: 't3.micro' }, { InstanceType: 't3.small' }],
    });
    await deploy.resize(plan);
    await deploy.healthy(plan, created.arn);
    const [image] = (
      await world.aws.region(account, region).describeInstances(
        (await groupNow(world, newGroup)).view.instances.map(({ instanceId }) => instanceId),
        { priority: 'screen' },
      )
    ).map(({ imageId }) => imageId);
    expect(image).toBe(world.seeded.imageIds['1.1.0']);
  });

  it('finds what it has made when it is run again', async () => {
    const first = await deploy.create(plan);
    expect(await deploy.create(plan)).toEqual(first);
    const attached = await attachedNow();
    expect([attached.lifecycleHooks.length, attached.notifications.length]).toEqual([1, 1]);
  });

  it.each(furnishings)(
    'ends the same when the reply of %s is lost, and when it is throttled',
    async (action) => {
      await loseReply(world.control, action);
      await throttleOnce(world.control, action);
      await deploy.create(plan);
      expect((await attachedNow()).notifications).toHaveLength(1);
      expect((await groupNow(world, newGroup)).settings.carriedOver.enabledMetrics).toHaveLength(1);
    },
  );

  it.each(furnishings)(
    'fails at once, saying what is missing, when %s is denied',
    async (action) => {
      await deny(world.control, action);
      const context = operation('create', newGroup);
      await expect(
        world.run('createServerGroup', { context, cluster: plan.cluster, target: plan.target }),
      ).rejects.toMatchObject({
        type: 'AWS_DENIED',
        nonRetryable: true,
        message: expect.stringContaining(action) as string,
      });
    },
  );
});

import {
  type AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeLaunchConfigurationsCommand,
  DescribeLifecycleHooksCommand,
  DescribeNotificationConfigurationsCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  DescribeTagsCommand,
  DescribeWarmPoolCommand,
  PutLifecycleHookCommand,
  PutNotificationConfigurationCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
  PutWarmPoolCommand,
} from '@aws-sdk/client-auto-scaling';
import { beforeEach, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { describeGroup, groupInService, groupOf, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

const AutoScalingGroupName = 'web-v000';

beforeEach(async () => {
  await standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 0)));
});

test('policies, actions, hooks, pools and notifications are kept, and go with the group', async () => {
  const { autoScaling } = standIn;
  const put = {
    AutoScalingGroupName,
    PolicyName: 'up',
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: 1,
  };
  const first = await autoScaling.send(new PutScalingPolicyCommand(put));
  const second = await autoScaling.send(
    new PutScalingPolicyCommand({ ...put, ScalingAdjustment: 2 }),
  );
  expect(second.PolicyARN).toBe(first.PolicyARN);
  const startTime = new Date('2040-01-01T00:00:00Z');
  await autoScaling.send(
    new PutScheduledUpdateGroupActionCommand({
      AutoScalingGroupName,
      ScheduledActionName: 'night',
      StartTime: startTime,
      DesiredCapacity: 0,
    }),
  );
  await autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName,
      LifecycleHookName: 'warm',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    }),
  );
  await autoScaling.send(new PutWarmPoolCommand({ AutoScalingGroupName, MinSize: 1 }));
  await autoScaling.send(
    new PutNotificationConfigurationCommand({
      AutoScalingGroupName,
      TopicARN: 'arn:topic',
      NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH', 'autoscaling:EC2_INSTANCE_TERMINATE'],
    }),
  );

  expect(await counts(autoScaling)).toEqual({
    policies: [2],
    actions: [startTime],
    notifications: 2,
  });
  const { LifecycleHooks: hooks } = await autoScaling.send(
    new DescribeLifecycleHooksCommand({ AutoScalingGroupName }),
  );
  expect(hooks).toMatchObject([
    { LifecycleHookName: 'warm', HeartbeatTimeout: 3600, DefaultResult: 'ABANDON' },
  ]);
  const { WarmPoolConfiguration: pool } = await autoScaling.send(
    new DescribeWarmPoolCommand({ AutoScalingGroupName }),
  );
  expect(pool).toMatchObject({ MinSize: 1, PoolState: 'Stopped' });

  await autoScaling.send(
    new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }),
  );
  await standIn.advance(5);
  expect(await describeGroup(standIn)).toBeUndefined();
  expect(await counts(autoScaling)).toEqual({ policies: [], actions: [], notifications: 0 });
});

test('tags of a group are put by key, filtered by and taken away', async () => {
  const tag = {
    ResourceId: AutoScalingGroupName,
    ResourceType: 'auto-scaling-group',
    Key: 'team',
    PropagateAtLaunch: true,
  };
  await standIn.autoScaling.send(
    new CreateOrUpdateTagsCommand({ Tags: [{ ...tag, Value: 'web' }] }),
  );
  await standIn.autoScaling.send(
    new CreateOrUpdateTagsCommand({ Tags: [{ ...tag, Value: 'shop' }] }),
  );
  const filtered = async (value: string) => {
    const Filters = [{ Name: 'tag:team', Values: [value] }];
    return (await standIn.autoScaling.send(new DescribeAutoScalingGroupsCommand({ Filters })))
      .AutoScalingGroups?.length;
  };
  expect([await filtered('shop'), await filtered('web')]).toEqual([1, 0]);
  await standIn.autoScaling.send(new DeleteTagsCommand({ Tags: [tag] }));
  const { Tags: left } = await standIn.autoScaling.send(new DescribeTagsCommand({}));
  expect(left).toEqual([]);
});

test('a group can launch from a launch configuration', async () => {
  const LaunchConfigurationName = 'old';
  await standIn.autoScaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName,
      ImageId: ground.imageId,
      InstanceType: 't3.micro',
    }),
  );
  const { LaunchConfigurations: found } = await standIn.autoScaling.send(
    new DescribeLaunchConfigurationsCommand({
      LaunchConfigurationNames: [LaunchConfigurationName],
    }),
  );
  expect(found).toMatchObject([{ LaunchConfigurationName, ImageId: ground.imageId }]);
  await groupInService(standIn, ground, {
    AutoScalingGroupName: 'web-v001',
    LaunchTemplate: undefined,
    LaunchConfigurationName,
  });
  expect(
    (await describeGroup(standIn, 'web-v001'))?.Instances?.map(
      (instance) => instance.LaunchConfigurationName,
    ),
  ).toEqual(['old', 'old', 'old']);
});

test('instances are described with their group', async () => {
  await groupInService(standIn, ground, { AutoScalingGroupName: 'web-v001' });
  const { AutoScalingInstances: found } = await standIn.autoScaling.send(
    new DescribeAutoScalingInstancesCommand({}),
  );
  expect(found?.map((instance) => [instance.AutoScalingGroupName, instance.HealthStatus])).toEqual([
    ['web-v001', 'HEALTHY'],
    ['web-v001', 'HEALTHY'],
    ['web-v001', 'HEALTHY'],
  ]);
});

async function counts(autoScaling: AutoScalingClient): Promise<object> {
  return {
    policies: (
      await autoScaling.send(new DescribePoliciesCommand({ AutoScalingGroupName }))
    ).ScalingPolicies?.map(({ ScalingAdjustment: n }) => n),
    actions: (
      await autoScaling.send(new DescribeScheduledActionsCommand({ AutoScalingGroupName }))
    ).ScheduledUpdateGroupActions?.map(({ StartTime: time }) => time),
    notifications: (
      await autoScaling.send(
        new DescribeNotificationConfigurationsCommand({
          AutoScalingGroupNames: [AutoScalingGroupName],
        }),
      )
    ).NotificationConfigurations?.length,
  };
}

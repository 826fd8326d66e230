import assert from 'node:assert/strict';
import {
  BatchPutScheduledUpdateGroupActionCommand,
  CreateLaunchConfigurationCommand,
  DeleteLaunchConfigurationCommand,
  DeleteWarmPoolCommand,
  DescribeLaunchConfigurationsCommand,
  DescribeNotificationConfigurationsCommand,
  DescribeScheduledActionsCommand,
  DescribeWarmPoolCommand,
  EnableMetricsCollectionCommand,
  PutNotificationConfigurationCommand,
  PutWarmPoolCommand,
} from '@aws-sdk/client-auto-scaling';
import { emptyGroup, getGroup, ground, group } from '../ground/groups.js';
import { anyImage } from '../ground/launch.js';
import { refused } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';
const CONFIGURATIONS = `${API}/API_CreateLaunchConfiguration.html`;

async function configuration(stage: Stage, name = stage.name('config')): Promise<string> {
  await stage.autoScaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: name,
      ImageId: await anyImage(stage),
      InstanceType: 't3.micro',
    }),
  );
  stage.atEnd(async () => {
    const { LaunchConfigurations: left } = await stage.autoScaling.send(
      new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: [name] }),
    );
    if ((left ?? []).length > 0)
      await stage.autoScaling.send(
        new DeleteLaunchConfigurationCommand({ LaunchConfigurationName: name }),
      );
  });
  return name;
}

const oddments: readonly Behaviour[] = [
  {
    name: 'configuration-is-described',
    title: 'A launch configuration is given back as it was made',
    page: CONFIGURATIONS,
    run: async (stage) => {
      const name = await configuration(stage);
      const { LaunchConfigurations: found } = await stage.autoScaling.send(
        new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: [name] }),
      );
      assert.equal(found?.[0]?.InstanceType, 't3.micro');
      assert.match(found?.[0]?.LaunchConfigurationARN ?? '', new RegExp(`${name}$`));
    },
  },
  {
    name: 'configuration-name-is-unique',
    title: 'A second launch configuration of the same name is refused',
    page: CONFIGURATIONS,
    run: async (stage) => {
      const name = await configuration(stage);
      await refused(configuration(stage, name), { code: 'AlreadyExists' });
    },
  },
  {
    name: 'configuration-in-use-stays',
    title: 'A launch configuration that a group uses is not deleted',
    page: `${API}/API_DeleteLaunchConfiguration.html`,
    run: async (stage) => {
      const on = await ground(stage);
      const name = await configuration(stage);
      await group(stage, on, { LaunchTemplate: undefined, LaunchConfigurationName: name });
      await refused(
        stage.autoScaling.send(
          new DeleteLaunchConfigurationCommand({ LaunchConfigurationName: name }),
        ),
        { code: 'ResourceInUse' },
      );
    },
  },
  {
    name: 'group-shows-its-configuration',
    title: 'A group made from a launch configuration names it and no template',
    page: CONFIGURATIONS,
    run: async (stage) => {
      const on = await ground(stage);
      const configurationName = await configuration(stage);
      const name = await group(stage, on, {
        LaunchTemplate: undefined,
        LaunchConfigurationName: configurationName,
      });
      const found = await getGroup(stage, name);
      assert.equal(found.LaunchConfigurationName, configurationName);
      assert.equal(found.LaunchTemplate, undefined);
    },
  },
  {
    name: 'notifications-are-kept',
    title: 'Each notification of a topic is listed for itself',
    page: `${API}/API_PutNotificationConfiguration.html`,
    run: async (stage) => {
      stage.needs('own images');
      const name = await emptyGroup(stage);
      const types = ['autoscaling:EC2_INSTANCE_LAUNCH', 'autoscaling:EC2_INSTANCE_TERMINATE'];
      await stage.autoScaling.send(
        new PutNotificationConfigurationCommand({
          AutoScalingGroupName: name,
          TopicARN: `arn:aws:sns:${stage.region}:111111111111:news`,
          NotificationTypes: types,
        }),
      );
      const { NotificationConfigurations: found = [] } = await stage.autoScaling.send(
        new DescribeNotificationConfigurationsCommand({ AutoScalingGroupNames: [name] }),
      );
      assert.deepEqual(new Set(found.map(({ NotificationType: type }) => type)), new Set(types));
    },
  },
  {
    name: 'metrics-are-collected-as-asked',
    title: 'A group shows the metrics that are collected of it, and more as more are asked for',
    page: `${API}/API_EnableMetricsCollection.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      for (const metric of ['GroupMinSize', 'GroupMaxSize']) {
        await stage.autoScaling.send(
          new EnableMetricsCollectionCommand({
            AutoScalingGroupName: name,
            Metrics: [metric],
            Granularity: '1Minute',
          }),
        );
      }
      const { EnabledMetrics: enabled = [] } = await getGroup(stage, name);
      assert.deepEqual(
        new Set(enabled.map(({ Metric: metric }) => metric)),
        new Set(['GroupMinSize', 'GroupMaxSize']),
      );
    },
  },
  {
    name: 'scheduled-in-a-batch-that-goes-on-after-a-refusal',
    title: 'Of a batch of scheduled actions the refused ones are listed and the others are kept',
    page: `${API}/API_BatchPutScheduledUpdateGroupAction.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      const { FailedScheduledUpdateGroupActions: failed = [] } = await stage.autoScaling.send(
        new BatchPutScheduledUpdateGroupActionCommand({
          AutoScalingGroupName: name,
          ScheduledUpdateGroupActions: [
            { ScheduledActionName: 'late', StartTime: new Date(0), DesiredCapacity: 1 },
            { ScheduledActionName: 'nightly', Recurrence: '0 3 * * *', DesiredCapacity: 1 },
          ],
        }),
      );
      assert.deepEqual(
        failed.map(({ ScheduledActionName: late }) => late),
        ['late'],
      );
      const { ScheduledUpdateGroupActions: kept = [] } = await stage.autoScaling.send(
        new DescribeScheduledActionsCommand({ AutoScalingGroupName: name }),
      );
      assert.deepEqual(
        kept.map(({ ScheduledActionName: scheduled }) => scheduled),
        ['nightly'],
      );
    },
  },
  {
    name: 'warm-pool-comes-and-goes',
    title: 'A warm pool is described while it is there',
    page: `${API}/API_PutWarmPool.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await stage.autoScaling.send(
        new PutWarmPoolCommand({ AutoScalingGroupName: name, MinSize: 0 }),
      );
      const { WarmPoolConfiguration: pool } = await stage.autoScaling.send(
        new DescribeWarmPoolCommand({ AutoScalingGroupName: name }),
      );
      assert.equal(pool?.MinSize, 0);
      assert.equal(pool?.PoolState, 'Stopped');
      await stage.autoScaling.send(
        new DeleteWarmPoolCommand({ AutoScalingGroupName: name, ForceDelete: true }),
      );
      await stage.eventually(
        'no warm pool',
        async () =>
          (
            await stage.autoScaling.send(
              new DescribeWarmPoolCommand({ AutoScalingGroupName: name }),
            )
          ).WarmPoolConfiguration?.MinSize,
        (size) => size === undefined,
      );
    },
  },
];

export const oddmentScenarios = topic(
  {
    name: 'around-groups',
    service: 'autoscaling',
    documentation: `${API}/API_Operations.html`,
  },
  oddments,
);

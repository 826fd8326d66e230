import assert from 'node:assert/strict';
import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingInstancesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  anyInstance,
  fleet,
  getGroup,
  ground,
  groupInput,
  inService,
  instanceIds,
  removeGroup,
  replaced,
  resize,
} from '../ground/groups.js';
import { refused } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const GUIDE = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide';
const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';
const LIFECYCLE = `${GUIDE}/ec2-auto-scaling-lifecycle.html`;

async function update(stage: Stage, name: string, settings: object): Promise<void> {
  await stage.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, ...settings }),
  );
}

const growing: readonly Behaviour[] = [
  {
    name: 'instances-begin-pending',
    title: 'Instances are not in service the moment that their group is created',
    page: LIFECYCLE,
    run: async (stage) => {
      stage.needs('instances');
      const on = await ground(stage);
      const input = groupInput(stage, on, { DesiredCapacity: 1 });
      const name = input.AutoScalingGroupName ?? '';
      await stage.autoScaling.send(new CreateAutoScalingGroupCommand(input));
      stage.atEnd(async () => removeGroup(stage, name));
      assert.deepEqual(await instanceIds(stage, name, 'InService'), []);
      await inService(stage, name, 1);
    },
  },
  {
    name: 'zones-are-kept-even',
    title: 'Instances are spread evenly over the zones, in the subnet of their zone',
    page: `${GUIDE}/auto-scaling-benefits.html`,
    run: async (stage) => {
      const { group, network } = await fleet(stage, 4);
      const { Instances: members = [] } = await getGroup(stage, group);
      const { Reservations: reservations = [] } = await stage.ec2.send(
        new DescribeInstancesCommand({
          InstanceIds: members.map(({ InstanceId: id }) => id ?? ''),
        }),
      );
      const subnets = reservations
        .flatMap(({ Instances: instances = [] }) => instances)
        .map(({ SubnetId: id }) => id);
      for (const subnetId of network.subnetIds)
        assert.equal(subnets.filter((id) => id === subnetId).length, 2);
      const zones = members.map(({ AvailabilityZone: zone }) => zone);
      for (const zone of network.zones)
        assert.equal(zones.filter((found) => found === zone).length, 2);
    },
  },
  {
    name: 'instances-know-their-version',
    title: 'An instance shows the launch template version that it was made from',
    page: `${API}/API_Instance.html`,
    run: async (stage) => {
      const { group, template } = await fleet(stage, 1);
      const [member] = (await getGroup(stage, group)).Instances ?? [];
      assert.equal(member?.LaunchTemplate?.LaunchTemplateId, template.id);
      assert.equal(member?.LaunchTemplate?.Version, '1');
    },
  },
  {
    name: 'tags-are-propagated',
    title: 'Tags that propagate are on the instances, with the name of the group',
    page: `${GUIDE}/ec2-auto-scaling-tagging.html`,
    run: async (stage) => {
      const on = await fleet(stage, 1, {
        Tags: [
          { Key: 'stack', Value: 'prod', PropagateAtLaunch: true },
          { Key: 'owner', Value: 'us', PropagateAtLaunch: false },
        ],
      });
      const { Reservations: found } = await stage.ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [await anyInstance(stage, on.group)] }),
      );
      const tags = found?.[0]?.Instances?.[0]?.Tags ?? [];
      const valueOf = (key: string) => tags.find(({ Key }) => Key === key)?.Value;
      assert.equal(valueOf('stack'), 'prod');
      assert.equal(valueOf('owner'), undefined);
      assert.equal(valueOf('aws:autoscaling:groupName'), on.group);
    },
  },
  {
    name: 'scales-out',
    title: 'A larger wanted size launches more instances and keeps those that are there',
    run: async (stage) => {
      const on = await fleet(stage, 1);
      const first = await anyInstance(stage, on.group);
      await resize(stage, on.group, 3);
      assert.ok((await inService(stage, on.group, 3)).includes(first));
    },
  },
  {
    name: 'a-minimum-lifts-the-wanted-size',
    title: 'An update whose minimum is above the wanted size lifts it',
    page: `${API}/API_UpdateAutoScalingGroup.html`,
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      await update(stage, group, { MinSize: 2 });
      assert.equal((await getGroup(stage, group)).DesiredCapacity, 2);
      await inService(stage, group, 2);
    },
  },
  {
    name: 'instances-are-described-apart',
    title: 'DescribeAutoScalingInstances tells the group, the state and the health in capitals',
    page: `${API}/API_DescribeAutoScalingInstances.html`,
    run: async (stage) => {
      const on = await fleet(stage, 1);
      const { AutoScalingInstances: found } = await stage.autoScaling.send(
        new DescribeAutoScalingInstancesCommand({
          InstanceIds: [await anyInstance(stage, on.group)],
        }),
      );
      assert.equal(found?.[0]?.AutoScalingGroupName, on.group);
      assert.equal(found?.[0]?.LifecycleState, 'InService');
      assert.equal(found?.[0]?.HealthStatus, 'HEALTHY');
    },
  },
];

const shrinking: readonly Behaviour[] = [
  {
    name: 'scales-in',
    title: 'A smaller wanted size terminates instances until it is met',
    run: async (stage) => {
      const { group } = await fleet(stage, 3);
      await resize(stage, group, 1);
      await inService(stage, group, 1);
    },
  },
  {
    name: 'a-maximum-lowers-the-wanted-size',
    title: 'An update whose maximum is below the wanted size lowers it',
    page: `${API}/API_UpdateAutoScalingGroup.html`,
    run: async (stage) => {
      const { group } = await fleet(stage, 2);
      await update(stage, group, { MaxSize: 1 });
      assert.equal((await getGroup(stage, group)).DesiredCapacity, 1);
      await inService(stage, group, 1);
    },
  },
  {
    name: 'leaving-takes-a-while',
    title: 'An instance that is scaled in is Terminating before it is gone',
    page: LIFECYCLE,
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      await resize(stage, group, 0);
      await stage.passTime(2);
      assert.equal((await instanceIds(stage, group, 'Terminating')).length, 1);
      await inService(stage, group, 0);
    },
  },
  {
    name: 'ends-one-and-replaces-it',
    title: 'TerminateInstanceInAutoScalingGroup without decrement is followed by a replacement',
    page: `${API}/API_TerminateInstanceInAutoScalingGroup.html`,
    run: async (stage) => {
      const on = await fleet(stage, 1);
      const gone = await anyInstance(stage, on.group);
      const { Activity: activity } = await stage.autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: gone,
          ShouldDecrementDesiredCapacity: false,
        }),
      );
      assert.match(activity?.Description ?? '', new RegExp(gone));
      await replaced(stage, on.group, gone);
    },
  },
  {
    name: 'ends-one-for-good',
    title: 'TerminateInstanceInAutoScalingGroup with decrement makes the group smaller',
    page: `${API}/API_TerminateInstanceInAutoScalingGroup.html`,
    run: async (stage) => {
      const on = await fleet(stage, 2);
      const gone = await anyInstance(stage, on.group);
      await stage.autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: gone,
          ShouldDecrementDesiredCapacity: true,
        }),
      );
      assert.equal((await getGroup(stage, on.group)).DesiredCapacity, 1);
      assert.ok(!(await inService(stage, on.group, 1)).includes(gone));
    },
  },
  {
    name: 'does-not-shrink-below-the-minimum',
    title: 'A decrement below the minimum is refused',
    page: `${API}/API_TerminateInstanceInAutoScalingGroup.html`,
    run: async (stage) => {
      const on = await fleet(stage, 1, { MinSize: 1 });
      const call = stage.autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: await anyInstance(stage, on.group),
          ShouldDecrementDesiredCapacity: true,
        }),
      );
      await refused(call, { code: 'ValidationError' });
    },
  },
];

export const groupLifeScenarios = topic(
  { name: 'group-life', service: 'autoscaling', documentation: LIFECYCLE },
  [...growing, ...shrinking],
);

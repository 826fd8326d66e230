import assert from 'node:assert/strict';
import {
  AttachLoadBalancerTargetGroupsCommand,
  DescribeLoadBalancerTargetGroupsCommand,
  DetachLoadBalancerTargetGroupsCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { balancing, targetHealth, targetStates } from '../ground/balancing.js';
import {
  anyInstance,
  balancedFleet,
  emptyGroup,
  getGroup,
  group,
  inService,
  instanceIds,
  resize,
} from '../ground/groups.js';
import { template } from '../ground/launch.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const PAGE = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html';
const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';
const NO_SUCH_ARN =
  'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/none/0123456789abcdef';

async function attach(stage: Stage, name: string, arn: string): Promise<void> {
  await stage.autoScaling.send(
    new AttachLoadBalancerTargetGroupsCommand({
      AutoScalingGroupName: name,
      TargetGroupARNs: [arn],
    }),
  );
}

async function detach(stage: Stage, name: string, arn: string): Promise<void> {
  await stage.autoScaling.send(
    new DetachLoadBalancerTargetGroupsCommand({
      AutoScalingGroupName: name,
      TargetGroupARNs: [arn],
    }),
  );
}

async function attachmentState(stage: Stage, name: string): Promise<string | undefined> {
  const { LoadBalancerTargetGroups: found } = await stage.autoScaling.send(
    new DescribeLoadBalancerTargetGroupsCommand({ AutoScalingGroupName: name }),
  );
  return found?.[0]?.State;
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'instances-are-registered',
    title: 'The instances of a group that is attached at birth become healthy targets',
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 2);
      const targets = Object.keys(await targetHealth(stage, network.targetGroupArn));
      assert.deepEqual(targets.toSorted(), await instanceIds(stage, name));
    },
  },
  {
    name: 'attaching-later-registers-too',
    title: 'A target group that is attached later gets the instances that are there',
    run: async (stage) => {
      const place = await balancing(stage);
      const on = { network: place, template: await template(stage) };
      const name = await group(stage, on, { DesiredCapacity: 1 });
      await inService(stage, name, 1);
      await attach(stage, name, place.targetGroupArn);
      await stage.eventually(
        'one healthy target',
        async () => targetStates(stage, place.targetGroupArn),
        (states) => states.length === 1 && states[0] === 'healthy',
      );
      assert.deepEqual((await getGroup(stage, name)).TargetGroupARNs, [place.targetGroupArn]);
    },
  },
  {
    name: 'attaching-takes-a-while',
    title: 'An attachment is Adding before it is Added, and InService once a target is healthy',
    page: `${API}/API_LoadBalancerTargetGroupState.html`,
    run: async (stage) => {
      const place = await balancing(stage);
      const on = { network: place, template: await template(stage) };
      const name = await group(stage, on, { DesiredCapacity: 1 });
      await inService(stage, name, 1);
      await attach(stage, name, place.targetGroupArn);
      assert.equal(await attachmentState(stage, name), 'Adding');
      await stage.eventually(
        'the attachment to be InService',
        async () => attachmentState(stage, name),
        (state) => state === 'InService',
      );
    },
  },
  {
    name: 'attaching-twice-is-once',
    title: 'A target group that is attached twice is attached once',
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 1);
      await attach(stage, name, network.targetGroupArn);
      assert.deepEqual((await getGroup(stage, name)).TargetGroupARNs, [network.targetGroupArn]);
    },
  },
  {
    name: 'scale-in-deregisters',
    title: 'Instances that are scaled in leave their target group',
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 3);
      await resize(stage, name, 1);
      const [left = ''] = await inService(stage, name, 1);
      await stage.eventually(
        'one target',
        async () => Object.keys(await targetHealth(stage, network.targetGroupArn)),
        (ids) => ids.length === 1 && ids[0] === left,
      );
    },
  },
  {
    name: 'leaving-targets-drain',
    title: 'An instance that is scaled in drains before it is terminated',
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 1);
      await resize(stage, name, 0);
      await stage.passTime(5);
      assert.deepEqual(await targetStates(stage, network.targetGroupArn), ['draining']);
      assert.equal((await instanceIds(stage, name, 'Terminating')).length, 1);
    },
  },
  {
    name: 'replacements-are-registered',
    title: 'The replacement of a member that was terminated by hand becomes a target',
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 1);
      const gone = await anyInstance(stage, name);
      await stage.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
      await stage.eventually(
        'another healthy target',
        async () => targetHealth(stage, network.targetGroupArn),
        (targets) =>
          Object.entries(targets).some(([id, { state }]) => id !== gone && state === 'healthy'),
      );
    },
  },
  {
    name: 'detaching-deregisters',
    title: 'Detaching a target group takes its instances out and leaves the group alone',
    page: `${API}/API_DetachLoadBalancerTargetGroups.html`,
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 2);
      await detach(stage, name, network.targetGroupArn);
      await stage.eventually(
        'no target',
        async () => targetStates(stage, network.targetGroupArn),
        (states) => states.length === 0,
      );
      assert.deepEqual((await getGroup(stage, name)).TargetGroupARNs ?? [], []);
      await inService(stage, name, 2);
    },
  },
  {
    name: 'detaching-when-a-member-is-out',
    title: 'A target group can be detached when one of the instances is no target any more',
    page: `${API}/API_DetachLoadBalancerTargetGroups.html`,
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 2);
      await stage.elb.send(
        new DeregisterTargetsCommand({
          TargetGroupArn: network.targetGroupArn,
          Targets: [{ Id: await anyInstance(stage, name) }],
        }),
      );
      await detach(stage, name, network.targetGroupArn);
    },
  },
  {
    name: 'detaching-takes-a-while',
    title: 'A target group that is being detached is Removing while its targets drain',
    page: `${API}/API_LoadBalancerTargetGroupState.html`,
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 1);
      await detach(stage, name, network.targetGroupArn);
      assert.equal(await attachmentState(stage, name), 'Removing');
      await stage.eventually(
        'the attachment to be gone',
        async () => attachmentState(stage, name),
        (state) => state === undefined || state === 'Removed',
      );
    },
  },
  {
    name: 'suspended-groups-detach-too',
    title: 'Suspending AddToLoadBalancer does not keep a target group attached',
    page: `${API}/API_DetachLoadBalancerTargetGroups.html`,
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 1);
      await stage.autoScaling.send(
        new SuspendProcessesCommand({
          AutoScalingGroupName: name,
          ScalingProcesses: ['AddToLoadBalancer'],
        }),
      );
      await detach(stage, name, network.targetGroupArn);
      await stage.eventually(
        'no target',
        async () => targetStates(stage, network.targetGroupArn),
        (states) => states.length === 0,
      );
    },
  },
  ...refusals([
    {
      name: 'refuses-unknown-target-group',
      title: 'A target group that is not there cannot be attached',
      page: `${API}/API_AttachLoadBalancerTargetGroups.html`,
      code: 'ValidationError',
      call: async (stage) => attach(stage, await emptyGroup(stage), NO_SUCH_ARN),
    },
    {
      name: 'refuses-to-attach-to-unknown-group',
      title: 'Nothing can be attached to a group that is not there',
      page: `${API}/API_AttachLoadBalancerTargetGroups.html`,
      code: 'ValidationError',
      call: async (stage) => attach(stage, 'no-such-group', NO_SUCH_ARN),
    },
    {
      name: 'refuses-to-detach-what-is-not-attached',
      title: 'A target group that is not attached cannot be detached',
      page: `${API}/API_DetachLoadBalancerTargetGroups.html`,
      code: 'ValidationError',
      call: async (stage) => detach(stage, await emptyGroup(stage), NO_SUCH_ARN),
    },
    {
      name: 'refuses-to-list-unknown-group',
      title: 'The target groups of a group that is not there cannot be listed',
      page: `${API}/API_DescribeLoadBalancerTargetGroups.html`,
      code: 'ValidationError',
      call: async (stage) => attachmentState(stage, 'no-such-group'),
    },
  ]),
];

export const attachmentScenarios = topic(
  { name: 'attachments', service: 'autoscaling', documentation: PAGE },
  behaviours,
);

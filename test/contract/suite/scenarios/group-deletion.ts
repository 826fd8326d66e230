import assert from 'node:assert/strict';
import { DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { anyInstance, findGroup, fleet, inService, resize } from '../ground/groups.js';
import { refused } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';

const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';

const ends: readonly Behaviour[] = [
  {
    name: 'refuses-group-with-instances',
    title: 'A group with instances is not deleted without force',
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      await refused(
        stage.autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: group })),
        { code: 'ResourceInUse' },
      );
      await inService(stage, group, 1);
    },
  },
  {
    name: 'force-ends-the-instances',
    title: 'Deletion by force terminates the instances and then the group is gone',
    run: async (stage) => {
      const on = await fleet(stage, 1);
      const id = await anyInstance(stage, on.group);
      await stage.autoScaling.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: on.group, ForceDelete: true }),
      );
      await stage.eventually(
        'the group to be gone',
        async () => findGroup(stage, on.group),
        (found) => found === undefined,
      );
      const { Reservations: found } = await stage.ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [id] }),
      );
      assert.match(found?.[0]?.Instances?.[0]?.State?.Name ?? '', /^(shutting-down|terminated)$/);
    },
  },
  {
    name: 'is-in-progress-for-a-while',
    title: 'A group that is being deleted says so until its instances are gone',
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      await stage.autoScaling.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: group, ForceDelete: true }),
      );
      assert.equal((await findGroup(stage, group))?.Status, 'Delete in progress');
    },
  },
  {
    name: 'refuses-changes-meanwhile',
    title: 'A group that is being deleted is not resized',
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      await stage.autoScaling.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: group, ForceDelete: true }),
      );
      await refused(resize(stage, group, 2), {
        code: ['ScalingActivityInProgress', 'ValidationError'],
      });
    },
  },
];

export const groupDeletionScenarios = topic(
  {
    name: 'group-deletion',
    service: 'autoscaling',
    documentation: `${API}/API_DeleteAutoScalingGroup.html`,
  },
  ends,
);

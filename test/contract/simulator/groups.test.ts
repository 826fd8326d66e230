import {
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeScalingActivitiesCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import {
  describeGroup,
  errorOf,
  groupInService,
  groupOf,
  instanceIds,
  lifecycleStates,
  type StandIn,
} from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

const AutoScalingGroupName = 'web-v000';

describe('creating', () => {
  test('refuses a name that is taken and leaves the group as it was', async () => {
    const before = await groupInService(standIn, ground);
    const again = standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 1)));
    expect(await errorOf(again)).toMatch(
      /^AlreadyExistsFault: AutoScalingGroup by this name already exists/,
    );
    await standIn.advance(60);
    expect(await instanceIds(standIn)).toEqual(before);
  });

  test.each([
    [
      'a wanted size above the maximum',
      { DesiredCapacity: 5 },
      /Desired capacity:5 must be between the specified min size:3 and max size:3/,
    ],
    ['a minimum above the maximum', { MinSize: 4, DesiredCapacity: 4 }, /Max bound/],
    [
      'a subnet that is not there',
      { VPCZoneIdentifier: 'subnet-0' },
      /The subnet ID 'subnet-0' does not exist/,
    ],
    [
      'no place',
      { VPCZoneIdentifier: '' },
      /At least one Availability Zone or VPC Subnet is required/,
    ],
    [
      'a target group that is not there',
      { TargetGroupARNs: ['arn:gone'] },
      /Target Groups may not be valid/,
    ],
    [
      'a template that is not there',
      { LaunchTemplate: { LaunchTemplateName: 'gone' } },
      /does not exist/,
    ],
    [
      'a template version that is not there',
      { LaunchTemplate: { LaunchTemplateName: 'web-v000', Version: '7' } },
      /Could not find the specified version 7/,
    ],
    [
      'no launch source',
      { LaunchTemplate: undefined },
      /LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy/,
    ],
    ['a reserved tag', { Tags: [{ Key: 'aws:mine', Value: 'x' }] }, /reserved/],
  ])('refuses %s', async (_, change, message) => {
    const error = await errorOf(
      standIn.autoScaling.send(
        new CreateAutoScalingGroupCommand({ ...groupOf(ground, 3), ...change }),
      ),
    );
    expect(error).toMatch(/^ValidationError: /);
    expect(error).toMatch(message);
    expect(await describeGroup(standIn)).toBeUndefined();
  });

  test('spreads instances over the zones and tags them with the group and its propagated tags', async () => {
    await groupInService(standIn, ground, {
      Tags: [
        { Key: 'team', Value: 'web', PropagateAtLaunch: true },
        { Key: 'secret', Value: 'no', PropagateAtLaunch: false },
      ],
    });
    const { Reservations: reservations } = await standIn.ec2.send(
      new DescribeInstancesCommand({
        Filters: [{ Name: 'tag:aws:autoscaling:groupName', Values: [AutoScalingGroupName] }],
      }),
    );
    const instances = reservations?.flatMap(({ Instances: list }) => list ?? []) ?? [];
    expect(
      instances.map(({ Placement: place }) => String(place?.AvailabilityZone)).toSorted(),
    ).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
    const keys = new Set(instances.flatMap(({ Tags: tags }) => tags?.map(({ Key: key }) => key)));
    expect(keys).toEqual(
      new Set([
        'aws:autoscaling:groupName',
        'aws:ec2launchtemplate:id',
        'aws:ec2launchtemplate:version',
        'team',
      ]),
    );
    const versions = (await describeGroup(standIn))?.Instances?.map(
      ({ LaunchTemplate: template }) => template?.Version,
    );
    expect(versions).toEqual(['1', '1', '1']);
  });
});

describe('resizing', () => {
  test.each([
    [9, 'New SetDesiredCapacity value 9 is above max value 3 for the AutoScalingGroup.'],
    [1, 'New SetDesiredCapacity value 1 is below min value 3 for the AutoScalingGroup.'],
  ])('refuses a wanted size of %i', async (DesiredCapacity, message) => {
    await groupInService(standIn, ground);
    const error = await errorOf(
      standIn.autoScaling.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity }),
      ),
    );
    expect(error).toBe(`ValidationError: ${message}`);
  });

  test('moves the wanted size along with new bounds', async () => {
    await groupInService(standIn, ground);
    await standIn.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 5, MaxSize: 6 }),
    );
    expect((await describeGroup(standIn))?.DesiredCapacity).toBe(5);
    await standIn.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, MaxSize: 2 }),
    );
    expect((await describeGroup(standIn))?.DesiredCapacity).toBe(2);
  });

  test('drains an instance before it is ended, and says so', async () => {
    await groupInService(standIn, ground, { MinSize: 0 });
    await standIn.autoScaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 2 }),
    );
    await standIn.advance(2);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'Terminating']);
    const { Activities: activities } = await standIn.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
    );
    expect(activities?.[0]?.StatusCode).toBe('WaitingForELBConnectionDraining');
    expect(activities?.[0]?.Cause).toMatch(/shrinking the capacity from 3 to 2/);
    await standIn.advance(20);
    await standIn.advance(10);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService']);
  });

  test('ends a named instance and lowers the wanted size, unless the minimum forbids it', async () => {
    const [instanceId = ''] = await groupInService(standIn, ground, { MinSize: 2 });
    const end = (InstanceId: string) =>
      standIn.autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId,
          ShouldDecrementDesiredCapacity: true,
        }),
      );
    const { Activity: activity } = await end(instanceId);
    expect(activity?.Description).toContain(`Terminating EC2 instance: ${instanceId}`);
    await standIn.advance(60);
    const left = await instanceIds(standIn);
    expect(left).toHaveLength(2);
    expect(await errorOf(end(left[0] ?? ''))).toMatch(
      /^ValidationError: Currently, desiredSize equals minSize \(2\)/,
    );
    expect(await errorOf(end('i-0'))).toMatch(/No managed instance found for instance ID: i-0/);
  });
});

describe('deleting', () => {
  test('without force is refused while there are instances', async () => {
    await groupInService(standIn, ground);
    expect(
      await errorOf(
        standIn.autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName })),
      ),
    ).toMatch(/^ResourceInUseFault: /);
  });

  test('without force is refused while instances are ending', async () => {
    await groupInService(standIn, ground, { MinSize: 0 });
    await standIn.autoScaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 0 }),
    );
    await standIn.advance(2);
    const deletion = standIn.autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName }),
    );
    expect(await errorOf(deletion)).toMatch(/^ScalingActivityInProgressFault: /);
  });

  test('keeps the activities readable, and a repeat says that the name is not found', async () => {
    await groupInService(standIn, ground);
    await standIn.autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }),
    );
    await standIn.autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }),
    );
    await standIn.advance(60);
    const { Activities: activities } = await standIn.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName, IncludeDeletedGroups: true }),
    );
    expect(activities?.map(({ AutoScalingGroupState: state }) => state)).toEqual(
      Array.from({ length: 6 }, () => 'deleted'),
    );
    const again = standIn.autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName }),
    );
    expect(await errorOf(again)).toMatch(/^ValidationError: AutoScalingGroup name not found/);
  });
});

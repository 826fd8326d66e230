import {
  AttachInstancesCommand,
  DescribeScalingActivitiesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  SetDesiredCapacityCommand,
  SetInstanceHealthCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  DescribeInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import {
  describeGroup,
  errorOf,
  groupInService,
  instanceIds,
  lifecycleStates,
  targetStates,
  type StandIn,
} from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

const AutoScalingGroupName = 'web-v000';

async function want(DesiredCapacity: number): Promise<void> {
  await standIn.autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity }),
  );
}

async function detach(id: string, ShouldDecrementDesiredCapacity: boolean) {
  return standIn.autoScaling.send(
    new DetachInstancesCommand({
      AutoScalingGroupName,
      InstanceIds: [id],
      ShouldDecrementDesiredCapacity,
    }),
  );
}

describe('standby', () => {
  test('drains an instance out of service, keeps it, and takes it back', async () => {
    const [id = ''] = await groupInService(standIn, ground, { MinSize: 0 });
    const ids = { AutoScalingGroupName, InstanceIds: [id] };
    const { Activities: activities } = await standIn.autoScaling.send(
      new EnterStandbyCommand({ ...ids, ShouldDecrementDesiredCapacity: true }),
    );
    expect(activities?.[0]).toMatchObject({
      Description: `Moving EC2 instance to Standby: ${id}`,
      StatusCode: 'WaitingForELBConnectionDraining',
    });
    expect(await lifecycleStates(standIn)).toContain('EnteringStandby');
    await standIn.advance(25);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'Standby']);
    expect(await targetStates(standIn, ground.targetGroupArn)).toEqual(['healthy', 'healthy']);
    await standIn.autoScaling.send(new ExitStandbyCommand(ids));
    expect((await describeGroup(standIn))?.DesiredCapacity).toBe(3);
    await standIn.advance(15);
    expect(await instanceIds(standIn)).toContain(id);
    expect(await targetStates(standIn, ground.targetGroupArn)).toHaveLength(3);
  });

  test('is refused below the minimum, without a decrement another is launched', async () => {
    const [id = ''] = await groupInService(standIn, ground);
    const enter = (ShouldDecrementDesiredCapacity: boolean) =>
      standIn.autoScaling.send(
        new EnterStandbyCommand({
          AutoScalingGroupName,
          InstanceIds: [id],
          ShouldDecrementDesiredCapacity,
        }),
      );
    expect(await errorOf(enter(true))).toMatch(/^ValidationError: .*min-size=3/);
    await enter(false);
    await standIn.advance(60);
    expect(await lifecycleStates(standIn)).toEqual([
      'InService',
      'InService',
      'InService',
      'Standby',
    ]);
    expect(await errorOf(enter(false))).toMatch(/is in Standby/);
  });

  test('an instance that ended in standby is replaced when it comes back', async () => {
    const [id = ''] = await groupInService(standIn, ground, { MinSize: 0 });
    const ids = { AutoScalingGroupName, InstanceIds: [id] };
    await standIn.autoScaling.send(
      new EnterStandbyCommand({ ...ids, ShouldDecrementDesiredCapacity: true }),
    );
    await standIn.advance(30);
    await standIn.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await standIn.advance(60);
    expect(await lifecycleStates(standIn)).toContain('Standby');
    await standIn.autoScaling.send(new ExitStandbyCommand(ids));
    await standIn.advance(60);
    expect(await instanceIds(standIn)).not.toContain(id);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
  });
});

describe('detaching and attaching', () => {
  test('an instance leaves the group and runs on, and can be attached again', async () => {
    const [id = ''] = await groupInService(standIn, ground, { MinSize: 0, MaxSize: 3 });
    await detach(id, true);
    await standIn.advance(25);
    expect(await instanceIds(standIn)).not.toContain(id);
    const { Reservations: found } = await standIn.ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [id] }),
    );
    expect(found?.[0]?.Instances?.[0]?.State?.Name).toBe('running');
    const attach = () =>
      standIn.autoScaling.send(
        new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds: [id] }),
      );
    await attach();
    await standIn.advance(15);
    expect((await describeGroup(standIn))?.DesiredCapacity).toBe(3);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
    expect(await targetStates(standIn, ground.targetGroupArn)).toHaveLength(3);
    expect(await errorOf(attach())).toMatch(/already part of AutoScalingGroup:web-v000/);
  });

  test('above the maximum attaching is refused; without a decrement a detached one is replaced', async () => {
    const [id = ''] = await groupInService(standIn, ground);
    await detach(id, false);
    await standIn.advance(60);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
    const attach = standIn.autoScaling.send(
      new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds: [id] }),
    );
    expect(await errorOf(attach)).toMatch(/^ValidationError: .*max-size=3/);
  });
});

test('protected instances are not scaled in', async () => {
  const ids = await groupInService(standIn, ground, { MinSize: 0 });
  const protect = (InstanceIds: string[], ProtectedFromScaleIn: boolean) =>
    standIn.autoScaling.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName,
        InstanceIds,
        ProtectedFromScaleIn,
      }),
    );
  await protect(ids.slice(0, 2), true);
  await want(0);
  await standIn.advance(60);
  expect(await instanceIds(standIn)).toEqual(ids.slice(0, 2));
  await protect(ids.slice(0, 1), false);
  await standIn.advance(60);
  expect(await instanceIds(standIn)).toEqual(ids.slice(1, 2));
  expect(await errorOf(protect(['i-0'], true))).toMatch(/is not part of Auto Scaling group/);
});

describe('scaling in', () => {
  test('ends instances of the old launch template version first', async () => {
    await groupInService(standIn, ground, { MinSize: 0, MaxSize: 6 });
    await standIn.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName: ground.templateName,
        SourceVersion: '1',
        LaunchTemplateData: { EbsOptimized: true },
      }),
    );
    await standIn.autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName,
        LaunchTemplate: { LaunchTemplateName: ground.templateName, Version: '2' },
      }),
    );
    await want(6);
    await standIn.advance(30);
    await want(3);
    await standIn.advance(60);
    const versions = (await describeGroup(standIn))?.Instances?.map(
      ({ LaunchTemplate: template }) => template?.Version,
    );
    expect(versions).toEqual(['2', '2', '2']);
  });

  test.each([
    ['OldestInstance', false],
    ['NewestInstance', true],
  ])('by %s', async (policy, keepsFirst) => {
    const first = await groupInService(standIn, ground, {
      MinSize: 0,
      MaxSize: 6,
      TerminationPolicies: [policy],
    });
    await want(6);
    await standIn.advance(30);
    await want(3);
    await standIn.advance(60);
    const left = await instanceIds(standIn);
    expect(left.filter((id) => first.includes(id))).toHaveLength(keepsFirst ? 3 : 0);
  });
});

test('a maintenance policy has the replacement launched before the unhealthy instance ends', async () => {
  const [InstanceId = ''] = await groupInService(standIn, ground, {
    InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110 },
  });
  await standIn.autoScaling.send(
    new SetInstanceHealthCommand({
      InstanceId,
      HealthStatus: 'Unhealthy',
      ShouldRespectGracePeriod: false,
    }),
  );
  await standIn.advance(5);
  expect(await lifecycleStates(standIn)).toEqual([
    'InService',
    'InService',
    'InService',
    'Pending',
  ]);
  // Long enough for the zones to be evened out afterwards, too.
  await standIn.advance(180);
  expect(await instanceIds(standIn)).not.toContain(InstanceId);
  expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
});

describe('capacity', () => {
  const shortage = (zones: string[], available: boolean) =>
    standIn.control('POST', '/capacity', { region: 'eu-west-1', zones, available });
  const zones = async () =>
    ((await describeGroup(standIn))?.Instances ?? [])
      .map(({ AvailabilityZone: zone }) => zone ?? '')
      .toSorted();

  test('a zone without it is filled up from the others, and evened out when it is back', async () => {
    await shortage(['eu-west-1a'], false);
    await groupInService(standIn, ground);
    expect(await zones()).toEqual(['eu-west-1b', 'eu-west-1b', 'eu-west-1c']);
    const { Activities: activities } = await standIn.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
    );
    const failed = activities?.find(({ StatusCode: status }) => status === 'Failed');
    expect(failed?.StatusMessage).toMatch(/do not have sufficient t3.micro capacity .*eu-west-1a/);
    await shortage(['eu-west-1a'], true);
    await standIn.advance(300);
    expect(await zones()).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
  });

  test('with Terminate suspended evening out leaves the group one too large', async () => {
    await shortage(['eu-west-1b', 'eu-west-1c'], false);
    await groupInService(standIn, ground);
    await standIn.autoScaling.send(
      new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: ['Terminate'] }),
    );
    await shortage(['eu-west-1b', 'eu-west-1c'], true);
    await standIn.advance(300);
    expect(await lifecycleStates(standIn)).toHaveLength(4);
  });
});

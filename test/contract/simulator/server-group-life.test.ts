import {
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeScalingActivitiesCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DeregisterTargetsCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import {
  describeGroup,
  groupInService,
  groupOf,
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

const DISABLED = ['Launch', 'Terminate', 'AddToLoadBalancer', 'HealthCheck', 'ReplaceUnhealthy'];

test('a group goes from nothing to healthy', async () => {
  const { autoScaling } = standIn;
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({ ...groupOf(ground, 0), HealthCheckType: 'ELB' }),
  );
  expect(await lifecycleStates(standIn)).toEqual([]);

  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: 'web-v000',
      MinSize: 3,
      MaxSize: 3,
      DesiredCapacity: 3,
    }),
  );
  await standIn.advance(2);
  expect(await lifecycleStates(standIn)).toEqual(['Pending', 'Pending', 'Pending']);
  await standIn.advance(8);
  expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
    'initial',
    'initial',
    'initial',
  ]);
  await standIn.advance(10);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
    'healthy',
    'healthy',
    'healthy',
  ]);
});

test('a group that is disabled, left alone for an hour and enabled keeps its instances', async () => {
  const { autoScaling, elb } = standIn;
  const ids = await groupInService(standIn, ground, { HealthCheckType: 'ELB' });
  await autoScaling.send(
    new SuspendProcessesCommand({ AutoScalingGroupName: 'web-v000', ScalingProcesses: DISABLED }),
  );
  await elb.send(
    new DeregisterTargetsCommand({
      TargetGroupArn: ground.targetGroupArn,
      Targets: ids.map((Id) => ({ Id })),
    }),
  );
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
    'draining',
    'draining',
    'draining',
  ]);
  await standIn.advance(20);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([]);

  await standIn.advance(3600);
  await elb.send(
    new RegisterTargetsCommand({
      TargetGroupArn: ground.targetGroupArn,
      Targets: ids.map((Id) => ({ Id })),
    }),
  );
  await standIn.advance(10);
  await autoScaling.send(
    new ResumeProcessesCommand({ AutoScalingGroupName: 'web-v000', ScalingProcesses: DISABLED }),
  );
  await standIn.advance(60);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
    'healthy',
    'healthy',
    'healthy',
  ]);
  expect(await instanceIds(standIn)).toEqual(ids);
});

test('a group that is deleted by force leaves no instance behind', async () => {
  const { autoScaling, ec2 } = standIn;
  await groupInService(standIn, ground);
  await autoScaling.send(
    new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'web-v000', ForceDelete: true }),
  );
  expect((await describeGroup(standIn))?.Status).toBe('Delete in progress');
  await standIn.advance(30);
  expect(await describeGroup(standIn)).toBeUndefined();
  const { Reservations: reservations } = await ec2.send(new DescribeInstancesCommand({}));
  const states = reservations?.flatMap(({ Instances: instances }) =>
    instances?.map(({ State: state }) => state?.Name),
  );
  expect(states).toEqual(['terminated', 'terminated', 'terminated']);
});

test('activities tell the launches in the words of Auto Scaling', async () => {
  await standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 1)));
  await standIn.advance(20);
  const { Activities: activities } = await standIn.autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'web-v000' }),
  );
  expect(activities).toHaveLength(1);
  expect(activities?.[0]?.StatusCode).toBe('Successful');
  expect(activities?.[0]?.Description).toMatch(/^Launching a new EC2 instance: i-[0-9a-f]{17}$/);
  expect(activities?.[0]?.Cause).toMatch(
    /^At .+Z a user request created an AutoScalingGroup changing the desired capacity from 0 to 1\. {2}At .+Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 0 to 1\.$/,
  );
});

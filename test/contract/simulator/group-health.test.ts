import {
  CreateAutoScalingGroupCommand,
  DescribeScalingActivitiesCommand,
  SetInstanceHealthCommand,
} from '@aws-sdk/client-auto-scaling';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import {
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

const AutoScalingGroupName = 'web-v000';
const withElb = { HealthCheckType: 'ELB', HealthCheckGracePeriod: 100 };

test('an instance that was ended by hand is replaced, with the cause in words', async () => {
  const [instanceId = ''] = await groupInService(standIn, ground);
  await standIn.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  await standIn.advance(60);
  expect(await instanceIds(standIn)).not.toContain(instanceId);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
    'healthy',
    'healthy',
    'healthy',
  ]);
  const { Activities: activities } = await standIn.autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
  );
  const causes = activities?.map(({ Cause: cause }) => cause).join('\n');
  expect(causes).toContain(
    'an instance was taken out of service in response to an EC2 health check',
  );
});

describe('a group with health check type ELB', () => {
  test('replaces an instance whose target is unhealthy, but only after its grace', async () => {
    const [instanceId = ''] = await groupInService(standIn, ground, withElb);
    await standIn.control('POST', `/instances/${instanceId}/health`, { passesHealthChecks: false });
    await standIn.advance(40);
    expect(await targetStates(standIn, ground.targetGroupArn)).toContain('unhealthy');
    expect(await instanceIds(standIn)).toContain(instanceId);
    await standIn.advance(120);
    expect(await instanceIds(standIn)).not.toContain(instanceId);
    expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
      'healthy',
      'healthy',
      'healthy',
    ]);
  });

  test('replaces an instance that somebody took out of the target group', async () => {
    const [instanceId = ''] = await groupInService(standIn, ground, withElb);
    await standIn.advance(100);
    await standIn.elb.send(
      new DeregisterTargetsCommand({
        TargetGroupArn: ground.targetGroupArn,
        Targets: [{ Id: instanceId }],
      }),
    );
    await standIn.advance(60);
    expect(await instanceIds(standIn)).not.toContain(instanceId);
  });

  test('leaves alone what is healthy or still initial', async () => {
    const before = await groupInService(standIn, ground, { ...withElb, HealthCheckGracePeriod: 0 });
    await standIn.advance(3600);
    expect(await instanceIds(standIn)).toEqual(before);
  });

  test('goes on replacing instances of an image that never becomes healthy', async () => {
    await standIn.control('POST', `/images/${ground.imageId}/fault`, { faulty: true });
    const first = await groupInService(standIn, ground, withElb);
    expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
      'unhealthy',
      'unhealthy',
      'unhealthy',
    ]);
    await standIn.advance(200);
    const second = await instanceIds(standIn);
    expect(second.filter((id) => first.includes(id))).toEqual([]);
  });
});

test('a group with health check type EC2 keeps an instance that fails its load balancer', async () => {
  const before = await groupInService(standIn, ground);
  await standIn.control('POST', `/instances/${before[0]}/health`, { passesHealthChecks: false });
  await standIn.advance(600);
  expect(await instanceIds(standIn)).toEqual(before);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
    'healthy',
    'healthy',
    'unhealthy',
  ]);
});

test('marking unhealthy within the grace does nothing unless the call says so', async () => {
  const [instanceId = ''] = await groupInService(standIn, ground, { HealthCheckGracePeriod: 600 });
  const mark = { InstanceId: instanceId, HealthStatus: 'Unhealthy' };
  await standIn.autoScaling.send(new SetInstanceHealthCommand(mark));
  await standIn.advance(10);
  expect(await instanceIds(standIn)).toContain(instanceId);
  await standIn.autoScaling.send(
    new SetInstanceHealthCommand({ ...mark, ShouldRespectGracePeriod: false }),
  );
  await standIn.advance(60);
  expect(await instanceIds(standIn)).not.toContain(instanceId);
});

describe('without capacity', () => {
  const shortage = { region: 'eu-west-1', instanceTypes: ['t3.micro'] };

  test('in any zone the launches fail in the words of Auto Scaling, and succeed once there is some', async () => {
    await standIn.control('POST', '/capacity', { ...shortage, available: false });
    await standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 3)));
    await standIn.advance(60);
    expect(await lifecycleStates(standIn)).toEqual([]);
    const { Activities: activities } = await standIn.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
    );
    expect(new Set(activities?.map(({ StatusCode: code }) => code))).toEqual(new Set(['Failed']));
    expect(activities?.[0]?.StatusMessage).toMatch(
      /^We currently do not have sufficient t3\.micro capacity in the Availability Zone you requested \(eu-west-1[abc]\)\. .*Launching EC2 instance failed\.$/,
    );
    await standIn.control('POST', '/capacity', { region: 'eu-west-1', available: true });
    await standIn.advance(300);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
  });

  test('in one zone the others take its share', async () => {
    await standIn.control('POST', '/capacity', {
      ...shortage,
      zones: ['eu-west-1a'],
      available: false,
    });
    await groupInService(standIn, ground);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
    const { Activities: activities } = await standIn.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
    );
    const failed = activities?.find(({ StatusCode: code }) => code === 'Failed');
    expect(failed?.StatusMessage).toContain('choosing eu-west-1b, eu-west-1c');
  });
});

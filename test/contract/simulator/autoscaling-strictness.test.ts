import {
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateTagsCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layGround, type Ground } from './ground.js';
import { describeGroup, errorOf, groupOf, startStandIn, type StandIn } from './stand-in.js';

let standIn: StandIn;
let ground: Ground;

beforeAll(async () => {
  standIn = await startStandIn();
  ground = await layGround(standIn);
});

afterAll(async () => {
  await standIn.close();
});

test.each<[Partial<CreateAutoScalingGroupCommandInput>, RegExp]>([
  [{ AutoScalingGroupName: 'x'.repeat(256) }, /length less than or equal to 255/],
  [{ AutoScalingGroupName: '' }, /length greater than or equal to 1/],
  [{ DefaultCooldown: -1 }, /DefaultCooldown/],
  [{ HealthCheckGracePeriod: -5 }, /HealthCheckGracePeriod/],
  [{ MaxInstanceLifetime: 3600 }, /MaxInstanceLifetime/],
  [{ TerminationPolicies: ['Favourite'] }, /terminationPolicies/],
  [{ HealthCheckType: 'PING' }, /Health check type PING/],
  [{ DesiredCapacityType: 'kilos' }, /desiredCapacityType/],
  [{ InstanceMaintenancePolicy: { MinHealthyPercentage: 90 } }, /both/],
  [
    { InstanceMaintenancePolicy: { MinHealthyPercentage: 50, MaxHealthyPercentage: 200 } },
    /difference/,
  ],
  [{ TargetGroupARNs: Array.from({ length: 11 }, (_, index) => `arn:${index}`) }, /10/],
  [{ Tags: [{ Key: 'k'.repeat(129) }] }, /length less than or equal to 128/],
  [{ Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] }, /length less than or equal to 256/],
  [
    { LifecycleHookSpecificationList: [{ LifecycleHookName: 'h', LifecycleTransition: 'x' }] },
    /Invalid lifecycle transition/,
  ],
])('a group with %j is refused, and not made', async (settings, message) => {
  const error = await errorOf(
    standIn.autoScaling.send(
      new CreateAutoScalingGroupCommand({ ...groupOf(ground, 1), ...settings }),
    ),
  );
  expect(error).toMatch(/^ValidationError: /);
  expect(error).toMatch(message);
  expect(await describeGroup(standIn)).toBeUndefined();
});

test('pages of impossible sizes and too many names are refused', async () => {
  const { autoScaling, ec2 } = standIn;
  const refusals = await Promise.all([
    errorOf(autoScaling.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 101 }))),
    errorOf(autoScaling.send(new DescribeAutoScalingInstancesCommand({ MaxRecords: 51 }))),
    errorOf(
      autoScaling.send(
        new DescribeAutoScalingGroupsCommand({
          AutoScalingGroupNames: Array.from({ length: 51 }, (_, index) => `g${index}`),
        }),
      ),
    ),
    errorOf(ec2.send(new DescribeInstancesCommand({ MaxResults: 4 }))),
  ]);
  expect(refusals.map((error) => error.split(':')[0])).toEqual([
    'ValidationError',
    'ValidationError',
    'ValidationError',
    'InvalidParameterValue',
  ]);
});

test('a wanted size below nothing is refused', async () => {
  await standIn.autoScaling.send(new CreateAutoScalingGroupCommand(groupOf(ground, 0, 'web-v001')));
  const error = await errorOf(
    standIn.autoScaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web-v001', DesiredCapacity: -1 }),
    ),
  );
  expect(error).toMatch(/^ValidationError: /);
});

test.each([
  ['aws:mine', 'x', /reserved/],
  ['k'.repeat(128), 'x', /key exceeds/],
  ['k', 'v'.repeat(256), /value exceeds/],
])('the tag %s=%s is refused', async (Key, Value, message) => {
  const error = await errorOf(
    standIn.ec2.send(new CreateTagsCommand({ Resources: [ground.vpcId], Tags: [{ Key, Value }] })),
  );
  expect(error).toMatch(/^InvalidParameterValue: /);
  expect(error).toMatch(message);
});

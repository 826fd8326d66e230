import {
  AttachLoadBalancerTargetGroupsCommand,
  DescribeLoadBalancerTargetGroupsCommand,
  DetachLoadBalancerTargetGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { describeGroup, errorOf, groupInService, targetStates, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

const AutoScalingGroupName = 'web-v000';

async function attachments(): Promise<readonly (string | undefined)[]> {
  const { LoadBalancerTargetGroups: found } = await standIn.autoScaling.send(
    new DescribeLoadBalancerTargetGroupsCommand({ AutoScalingGroupName }),
  );
  return (found ?? []).map(({ State: state }) => state);
}

test('attaching registers the instances after a while, detaching drains them', async () => {
  await groupInService(standIn, ground, { TargetGroupARNs: [] });
  const TargetGroupARNs = [ground.targetGroupArn];
  await standIn.autoScaling.send(
    new AttachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs }),
  );
  expect(await attachments()).toEqual(['Adding']);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([]);
  await standIn.advance(2);
  expect(await attachments()).toEqual(['Added']);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
    'initial',
    'initial',
    'initial',
  ]);
  await standIn.advance(10);
  expect(await attachments()).toEqual(['InService']);

  await standIn.autoScaling.send(
    new AttachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs }),
  );
  expect(await attachments()).toEqual(['InService']);

  await standIn.autoScaling.send(
    new DetachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs }),
  );
  expect(await attachments()).toEqual(['Removing']);
  expect((await describeGroup(standIn))?.TargetGroupARNs).toEqual([]);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
    'draining',
    'draining',
    'draining',
  ]);
  await standIn.advance(20);
  expect(await attachments()).toEqual([]);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([]);
});

test('what is not there can be neither attached nor detached', async () => {
  await groupInService(standIn, ground);
  const absent = { AutoScalingGroupName, TargetGroupARNs: ['arn:gone'] };
  expect(
    await errorOf(standIn.autoScaling.send(new AttachLoadBalancerTargetGroupsCommand(absent))),
  ).toMatch(/^ValidationError/);
  expect(
    await errorOf(standIn.autoScaling.send(new DetachLoadBalancerTargetGroupsCommand(absent))),
  ).toMatch(/^ValidationError/);
});

import {
  CompleteLifecycleActionCommand,
  DeleteLifecycleHookCommand,
  DescribeLifecycleHooksCommand,
  DescribeScalingActivitiesCommand,
  PutLifecycleHookCommand,
  PutWarmPoolCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
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
const LifecycleHookName = 'hold';
const LAUNCHING = 'autoscaling:EC2_INSTANCE_LAUNCHING';
const TERMINATING = 'autoscaling:EC2_INSTANCE_TERMINATING';

async function putHook(LifecycleTransition: string, settings: object = {}): Promise<void> {
  await standIn.autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName,
      LifecycleHookName,
      LifecycleTransition,
      HeartbeatTimeout: 60,
      ...settings,
    }),
  );
}

async function want(DesiredCapacity: number): Promise<void> {
  await standIn.autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity }),
  );
}

async function complete(InstanceId: string, LifecycleActionResult: string): Promise<void> {
  await standIn.autoScaling.send(
    new CompleteLifecycleActionCommand({
      AutoScalingGroupName,
      LifecycleHookName,
      InstanceId,
      LifecycleActionResult,
    }),
  );
}

/** The instance in that state; empty when there is none. */
async function memberIn(state: string): Promise<string> {
  const members = (await describeGroup(standIn))?.Instances ?? [];
  return members.find((member) => member.LifecycleState === state)?.InstanceId ?? '';
}

describe('a launch hook', () => {
  test('holds an instance out of service and out of its target groups until it is completed', async () => {
    await groupInService(standIn, ground, { MinSize: 0 });
    await want(2);
    await standIn.advance(120);
    await putHook(LAUNCHING);
    await want(3);
    await standIn.advance(30);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'Pending:Wait']);
    expect(await targetStates(standIn, ground.targetGroupArn)).toEqual(['healthy', 'healthy']);
    await complete(await memberIn('Pending:Wait'), 'CONTINUE');
    expect(await memberIn('Pending:Proceed')).not.toBe('');
    await standIn.advance(12);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
    expect(await targetStates(standIn, ground.targetGroupArn)).toHaveLength(3);
  });

  test('that is abandoned ends the instance, and another is launched', async () => {
    await groupInService(standIn, ground, { MinSize: 0, DesiredCapacity: 0 });
    await putHook(LAUNCHING);
    await want(1);
    await standIn.advance(20);
    const first = await memberIn('Pending:Wait');
    await complete(first, 'ABANDON');
    await standIn.advance(20);
    const ids = await instanceIds(standIn);
    expect(ids).toHaveLength(1);
    expect(ids).not.toContain(first);
    const { Activities: activities } = await standIn.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
    );
    expect(activities?.map(({ StatusCode: status }) => status)).toEqual([
      'MidLifecycleAction',
      'Successful',
      'Cancelled',
    ]);
  });

  test.each([
    ['ABANDON', false],
    ['CONTINUE', true],
  ])('whose heartbeat runs out ends with its default result %s', async (DefaultResult, stays) => {
    await groupInService(standIn, ground, { MinSize: 0, DesiredCapacity: 0 });
    await putHook(LAUNCHING, { DefaultResult });
    await want(1);
    await standIn.advance(20);
    const first = await memberIn('Pending:Wait');
    await standIn.advance(60);
    expect((await instanceIds(standIn)).includes(first)).toBe(stays);
  });

  test('is prolonged by heartbeats, but not beyond the global time', async () => {
    await groupInService(standIn, ground, { MinSize: 0, DesiredCapacity: 0 });
    await putHook(LAUNCHING, { HeartbeatTimeout: 30 });
    await want(1);
    await standIn.advance(9);
    const InstanceId = await memberIn('Pending:Wait');
    const beat = () =>
      standIn.autoScaling.send(
        new RecordLifecycleActionHeartbeatCommand({
          AutoScalingGroupName,
          LifecycleHookName,
          InstanceId,
        }),
      );
    for (let count = 0; count < 99; count += 1) {
      await standIn.advance(29.9);
      await beat();
    }
    expect(await memberIn('Pending:Wait')).toBe(InstanceId);
    await standIn.advance(29.9);
    await beat();
    await standIn.advance(29.9);
    expect(await errorOf(beat())).toMatch(/^ValidationError: No active Lifecycle Action found/);
  });

  test('that is deleted abandons the launches that it holds', async () => {
    await groupInService(standIn, ground, { MinSize: 0, DesiredCapacity: 0 });
    await putHook(LAUNCHING);
    await want(1);
    await standIn.advance(20);
    const first = await memberIn('Pending:Wait');
    await standIn.autoScaling.send(
      new DeleteLifecycleHookCommand({ AutoScalingGroupName, LifecycleHookName }),
    );
    await standIn.advance(20);
    expect(await instanceIds(standIn)).not.toContain(first);
    expect(await lifecycleStates(standIn)).toEqual(['InService']);
  });
});

describe('a termination hook', () => {
  test('holds an instance after it has drained, and lets it end when completed', async () => {
    await groupInService(standIn, ground, { MinSize: 0 });
    await putHook(TERMINATING);
    await want(2);
    await standIn.advance(2);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'Terminating']);
    await standIn.advance(20);
    const held = await memberIn('Terminating:Wait');
    expect(await targetStates(standIn, ground.targetGroupArn)).toHaveLength(2);
    await complete(held, 'CONTINUE');
    expect(await memberIn('Terminating:Proceed')).toBe(held);
    await standIn.advance(10);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService']);
  });

  test('that is abandoned retains the instance when the lifecycle policy says so', async () => {
    await groupInService(standIn, ground, { MinSize: 0 });
    await standIn.autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName,
        InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: 'retain' } },
      }),
    );
    await putHook(TERMINATING);
    await want(2);
    await standIn.advance(82);
    const retained = await memberIn('Terminating:Retained');
    expect(retained).not.toBe('');
    await standIn.ec2.send(new TerminateInstancesCommand({ InstanceIds: [retained] }));
    await standIn.advance(10);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService']);
  });
});

test.each([
  [{ LifecycleTransition: 'autoscaling:LUNCH' }, /Invalid lifecycle transition/],
  [{ HeartbeatTimeout: 29 }, /HeartbeatTimeout/],
  [{ HeartbeatTimeout: 7201 }, /HeartbeatTimeout/],
  [{ DefaultResult: 'MAYBE' }, /DefaultResult/],
  [{ LifecycleHookName: 'x'.repeat(256) }, /length less than or equal to 255/],
])('a hook with %j is refused', async (settings, message) => {
  await groupInService(standIn, ground);
  const error = await errorOf(putHook(LAUNCHING, settings));
  expect(error).toMatch(/^ValidationError: /);
  expect(error).toMatch(message);
});

test('putting a hook again keeps what is not given', async () => {
  await groupInService(standIn, ground);
  await putHook(LAUNCHING, { DefaultResult: 'CONTINUE' });
  await standIn.autoScaling.send(
    new PutLifecycleHookCommand({ AutoScalingGroupName, LifecycleHookName, HeartbeatTimeout: 90 }),
  );
  const { LifecycleHooks: hooks } = await standIn.autoScaling.send(
    new DescribeLifecycleHooksCommand({ AutoScalingGroupName }),
  );
  expect(hooks).toMatchObject([
    {
      LifecycleTransition: LAUNCHING,
      DefaultResult: 'CONTINUE',
      HeartbeatTimeout: 90,
      GlobalTimeout: 9000,
    },
  ]);
});

test('a group shows its warm pool', async () => {
  await groupInService(standIn, ground);
  expect((await describeGroup(standIn))?.WarmPoolConfiguration).toBeUndefined();
  await standIn.autoScaling.send(
    new PutWarmPoolCommand({ AutoScalingGroupName, MinSize: 2, PoolState: 'Running' }),
  );
  expect((await describeGroup(standIn))?.WarmPoolConfiguration).toEqual({
    MinSize: 2,
    PoolState: 'Running',
  });
});

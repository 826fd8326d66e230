import assert from 'node:assert/strict';
import {
  CompleteLifecycleActionCommand,
  PutLifecycleHookCommand,
} from '@aws-sdk/client-auto-scaling';
import { emptyGroup, fleet, inService, instanceIds, resize } from '../ground/groups.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const HOOKS = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html';

async function putHook(stage: Stage, name: string, transition: string): Promise<void> {
  await stage.autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName: name,
      LifecycleHookName: 'hold',
      LifecycleTransition: transition,
      HeartbeatTimeout: 300,
    }),
  );
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'a-launching-hook-holds',
    title: 'A hook keeps a new instance at Pending:Wait until somebody says CONTINUE',
    run: async (stage) => {
      stage.needs('instances');
      const name = await emptyGroup(stage);
      await putHook(stage, name, 'autoscaling:EC2_INSTANCE_LAUNCHING');
      await resize(stage, name, 1);
      const [id = ''] = await stage.eventually(
        'an instance at Pending:Wait',
        async () => instanceIds(stage, name, 'Pending:Wait'),
        (ids) => ids.length === 1,
      );
      await stage.autoScaling.send(
        new CompleteLifecycleActionCommand({
          AutoScalingGroupName: name,
          LifecycleHookName: 'hold',
          InstanceId: id,
          LifecycleActionResult: 'CONTINUE',
        }),
      );
      assert.deepEqual(await inService(stage, name, 1), [id]);
    },
  },
  {
    name: 'a-terminating-hook-holds',
    title: 'A hook keeps an instance at Terminating:Wait until somebody says CONTINUE',
    run: async (stage) => {
      const { group: name } = await fleet(stage, 1);
      await putHook(stage, name, 'autoscaling:EC2_INSTANCE_TERMINATING');
      await resize(stage, name, 0);
      const [id = ''] = await stage.eventually(
        'an instance at Terminating:Wait',
        async () => instanceIds(stage, name, 'Terminating:Wait'),
        (ids) => ids.length === 1,
      );
      await stage.autoScaling.send(
        new CompleteLifecycleActionCommand({
          AutoScalingGroupName: name,
          LifecycleHookName: 'hold',
          InstanceId: id,
          LifecycleActionResult: 'CONTINUE',
        }),
      );
      await inService(stage, name, 0);
    },
  },
];

export const hookWaitScenarios = topic(
  { name: 'hook-waits', service: 'autoscaling', documentation: HOOKS },
  behaviours,
);

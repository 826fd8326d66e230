import assert from 'node:assert/strict';
import {
  SetInstanceHealthCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { activities, anyInstance, fleet, getGroup, replaced } from '../ground/groups.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';

const GUIDE = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide';
const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';
const HEALTH = `${GUIDE}/ec2-auto-scaling-health-checks.html`;

const health: readonly Behaviour[] = [
  {
    name: 'unhealthy-by-user-is-replaced',
    title: 'An instance that a user calls unhealthy is replaced',
    run: async (stage) => {
      const on = await fleet(stage, 1);
      const sick = await anyInstance(stage, on.group);
      await stage.autoScaling.send(
        new SetInstanceHealthCommand({
          InstanceId: sick,
          HealthStatus: 'Unhealthy',
          ShouldRespectGracePeriod: false,
        }),
      );
      await replaced(stage, on.group, sick);
    },
  },
  {
    name: 'grace-period-is-respected',
    title: 'A word of ill health within the grace period is not heard, unless it says otherwise',
    page: `${API}/API_SetInstanceHealth.html`,
    run: async (stage) => {
      const on = await fleet(stage, 1, { HealthCheckGracePeriod: 3600 });
      const young = await anyInstance(stage, on.group);
      await stage.autoScaling.send(
        new SetInstanceHealthCommand({ InstanceId: young, HealthStatus: 'Unhealthy' }),
      );
      await stage.passTime(60);
      const [member] = (await getGroup(stage, on.group)).Instances ?? [];
      assert.equal(member?.InstanceId, young);
      assert.equal(member?.HealthStatus, 'Healthy');
    },
  },
  {
    name: 'terminated-by-hand-is-replaced',
    title: 'An instance that somebody terminates through EC2 is replaced',
    run: async (stage) => {
      const on = await fleet(stage, 1);
      const gone = await anyInstance(stage, on.group);
      await stage.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
      await replaced(stage, on.group, gone);
    },
  },
  {
    name: 'replacement-says-why',
    title: 'The activity that ends an unhealthy instance tells its cause',
    run: async (stage) => {
      const on = await fleet(stage, 1);
      const sick = await anyInstance(stage, on.group);
      await stage.autoScaling.send(
        new SetInstanceHealthCommand({
          InstanceId: sick,
          HealthStatus: 'Unhealthy',
          ShouldRespectGracePeriod: false,
        }),
      );
      await replaced(stage, on.group, sick);
      const causes = (await activities(stage, on.group)).map(({ Cause: cause }) => cause ?? '');
      assert.ok(causes.some((cause) => /in response to a user health-check/.test(cause)));
    },
  },
  ...refusals([
    {
      name: 'refuses-unknown-instance',
      title: 'The health of an instance that no group has cannot be set',
      page: `${API}/API_SetInstanceHealth.html`,
      code: 'ValidationError',
      call: async (stage) =>
        stage.autoScaling.send(
          new SetInstanceHealthCommand({
            InstanceId: 'i-0123456789abcdef0',
            HealthStatus: 'Unhealthy',
          }),
        ),
    },
    {
      name: 'refuses-unknown-status',
      title: 'An instance is Healthy or Unhealthy',
      page: `${API}/API_SetInstanceHealth.html`,
      code: 'ValidationError',
      call: async (stage) => {
        const on = await fleet(stage, 1);
        return stage.autoScaling.send(
          new SetInstanceHealthCommand({
            InstanceId: await anyInstance(stage, on.group),
            HealthStatus: 'Poorly',
          }),
        );
      },
    },
    {
      name: 'refuses-to-end-unknown-instance',
      title: 'An instance that no group has is not terminated by Auto Scaling',
      page: `${API}/API_TerminateInstanceInAutoScalingGroup.html`,
      code: 'ValidationError',
      call: async (stage) =>
        stage.autoScaling.send(
          new TerminateInstanceInAutoScalingGroupCommand({
            InstanceId: 'i-0123456789abcdef0',
            ShouldDecrementDesiredCapacity: false,
          }),
        ),
    },
  ]),
];

export const groupHealthScenarios = topic(
  { name: 'group-health', service: 'autoscaling', documentation: HEALTH },
  health,
);

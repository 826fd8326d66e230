import assert from 'node:assert/strict';
import {
  DeleteLifecycleHookCommand,
  DeletePolicyCommand,
  DeleteScheduledActionCommand,
  DescribeLifecycleHooksCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  PutLifecycleHookCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
} from '@aws-sdk/client-auto-scaling';
import { emptyGroup, ground, group } from '../ground/groups.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';

async function twoGroups(stage: Stage): Promise<readonly [string, string]> {
  const on = await ground(stage);
  const other = stage.name('web-v001');
  return [await group(stage, on), await group(stage, on, { AutoScalingGroupName: other })];
}

async function putPolicy(stage: Stage, name: string, settings: object = {}) {
  return stage.autoScaling.send(
    new PutScalingPolicyCommand({
      AutoScalingGroupName: name,
      PolicyName: 'more',
      PolicyType: 'SimpleScaling',
      AdjustmentType: 'ChangeInCapacity',
      ScalingAdjustment: 1,
      ...settings,
    }),
  );
}

async function policies(stage: Stage, name: string) {
  const { ScalingPolicies: found = [] } = await stage.autoScaling.send(
    new DescribePoliciesCommand({ AutoScalingGroupName: name }),
  );
  return found;
}

async function putSchedule(stage: Stage, name: string, settings: object = {}) {
  return stage.autoScaling.send(
    new PutScheduledUpdateGroupActionCommand({
      AutoScalingGroupName: name,
      ScheduledActionName: 'nightly',
      Recurrence: '0 3 * * *',
      DesiredCapacity: 1,
      ...settings,
    }),
  );
}

async function schedules(stage: Stage, name: string) {
  const { ScheduledUpdateGroupActions: found = [] } = await stage.autoScaling.send(
    new DescribeScheduledActionsCommand({ AutoScalingGroupName: name }),
  );
  return found;
}

async function putHook(stage: Stage, name: string, settings: object = {}) {
  return stage.autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName: name,
      LifecycleHookName: 'warm-up',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      ...settings,
    }),
  );
}

async function hooks(stage: Stage, name: string) {
  const { LifecycleHooks: found = [] } = await stage.autoScaling.send(
    new DescribeLifecycleHooksCommand({ AutoScalingGroupName: name }),
  );
  return found;
}

const policyBehaviours: readonly Behaviour[] = [
  {
    name: 'are-kept',
    title: 'A policy is given back with an ARN that names its group',
    run: async (stage) => {
      const name = await emptyGroup(stage);
      const { PolicyARN: arn } = await putPolicy(stage, name);
      const [found] = await policies(stage, name);
      assert.equal(found?.PolicyARN, arn);
      assert.equal(found?.ScalingAdjustment, 1);
      assert.match(arn ?? '', new RegExp(`autoScalingGroupName/${name}:policyName/more$`));
    },
  },
  {
    name: 'are-overwritten-by-name',
    title: 'Putting a policy of the same name changes it and keeps its ARN',
    run: async (stage) => {
      const name = await emptyGroup(stage);
      const { PolicyARN: before } = await putPolicy(stage, name);
      const { PolicyARN: after } = await putPolicy(stage, name, { ScalingAdjustment: 2 });
      assert.equal(after, before);
      const found = await policies(stage, name);
      assert.deepEqual(
        found.map(({ ScalingAdjustment: by }) => by),
        [2],
      );
    },
  },
  {
    name: 'belong-to-their-group',
    title: 'Two groups may have policies of one name, each its own',
    run: async (stage) => {
      const [one, other] = await twoGroups(stage);
      await putPolicy(stage, one);
      await putPolicy(stage, other, { ScalingAdjustment: 2 });
      const adjustments = async (name: string) =>
        (await policies(stage, name)).map(({ ScalingAdjustment: by }) => by);
      assert.deepEqual(await adjustments(one), [1]);
      assert.deepEqual(await adjustments(other), [2]);
    },
  },
  {
    name: 'can-be-deleted',
    title: 'A deleted policy is not listed any more',
    page: `${API}/API_DeletePolicy.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await putPolicy(stage, name);
      await stage.autoScaling.send(
        new DeletePolicyCommand({ AutoScalingGroupName: name, PolicyName: 'more' }),
      );
      assert.deepEqual(await policies(stage, name), []);
    },
  },
  ...refusals([
    {
      name: 'refuse-unknown-group',
      title: 'A group that is not there gets no policy',
      code: 'ValidationError',
      call: async (stage) => putPolicy(stage, 'no-such-group'),
    },
    {
      name: 'refuse-to-delete-unknown',
      title: 'A policy that is not there is not deleted',
      page: `${API}/API_DeletePolicy.html`,
      code: 'ValidationError',
      call: async (stage) =>
        stage.autoScaling.send(
          new DeletePolicyCommand({
            AutoScalingGroupName: await emptyGroup(stage),
            PolicyName: 'none',
          }),
        ),
    },
  ]),
];

export const policyScenarios = topic(
  {
    name: 'policies',
    service: 'autoscaling',
    documentation: `${API}/API_PutScalingPolicy.html`,
  },
  policyBehaviours,
);

const scheduleBehaviours: readonly Behaviour[] = [
  {
    name: 'are-kept',
    title: 'A scheduled action is given back with its recurrence',
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await putSchedule(stage, name);
      const [found] = await schedules(stage, name);
      assert.equal(found?.ScheduledActionName, 'nightly');
      assert.equal(found?.Recurrence, '0 3 * * *');
      assert.equal(found?.DesiredCapacity, 1);
    },
  },
  {
    name: 'can-be-deleted',
    title: 'A deleted scheduled action is not listed any more',
    page: `${API}/API_DeleteScheduledAction.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await putSchedule(stage, name);
      await stage.autoScaling.send(
        new DeleteScheduledActionCommand({
          AutoScalingGroupName: name,
          ScheduledActionName: 'nightly',
        }),
      );
      assert.deepEqual(await schedules(stage, name), []);
    },
  },
  {
    name: 'belong-to-their-group',
    title: 'Two groups may have scheduled actions of one name, each its own',
    run: async (stage) => {
      const [one, other] = await twoGroups(stage);
      await putSchedule(stage, one);
      await putSchedule(stage, other, { Recurrence: '0 4 * * *' });
      const recurrences = async (name: string) =>
        (await schedules(stage, name)).map(({ Recurrence: at }) => at);
      assert.deepEqual(await recurrences(one), ['0 3 * * *']);
      assert.deepEqual(await recurrences(other), ['0 4 * * *']);
    },
  },
  ...refusals([
    {
      name: 'refuse-unknown-group',
      title: 'A group that is not there gets no scheduled action',
      code: 'ValidationError',
      call: async (stage) => putSchedule(stage, 'no-such-group'),
    },
  ]),
];

export const scheduleScenarios = topic(
  {
    name: 'schedules',
    service: 'autoscaling',
    documentation: `${API}/API_PutScheduledUpdateGroupAction.html`,
  },
  scheduleBehaviours,
);

const hookBehaviours: readonly Behaviour[] = [
  {
    name: 'have-defaults',
    title: 'A hook waits an hour and abandons unless it says otherwise',
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await putHook(stage, name);
      const [found] = await hooks(stage, name);
      assert.equal(found?.HeartbeatTimeout, 3600);
      assert.equal(found?.DefaultResult, 'ABANDON');
    },
  },
  {
    name: 'are-born-with-their-group',
    title: 'Hooks that a group is created with are there',
    page: `${API}/API_CreateAutoScalingGroup.html`,
    run: async (stage) => {
      const name = await group(stage, await ground(stage), {
        LifecycleHookSpecificationList: [
          {
            LifecycleHookName: 'born',
            LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
            HeartbeatTimeout: 60,
          },
        ],
      });
      const [found] = await hooks(stage, name);
      assert.equal(found?.LifecycleHookName, 'born');
      assert.equal(found?.HeartbeatTimeout, 60);
    },
  },
  {
    name: 'can-be-deleted',
    title: 'A deleted hook is not listed any more',
    page: `${API}/API_DeleteLifecycleHook.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await putHook(stage, name);
      await stage.autoScaling.send(
        new DeleteLifecycleHookCommand({
          AutoScalingGroupName: name,
          LifecycleHookName: 'warm-up',
        }),
      );
      assert.deepEqual(await hooks(stage, name), []);
    },
  },
  ...refusals([
    {
      name: 'refuse-unknown-group',
      title: 'A group that is not there gets no hook',
      code: 'ValidationError',
      call: async (stage) => putHook(stage, 'no-such-group'),
    },
  ]),
];

export const hookScenarios = topic(
  { name: 'hooks', service: 'autoscaling', documentation: `${API}/API_PutLifecycleHook.html` },
  hookBehaviours,
);

import assert from 'node:assert/strict';
import {
  AttachInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  SetInstanceProtectionCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { targetHealth } from '../ground/balancing.js';
import {
  anyInstance,
  balancedFleet,
  emptyGroup,
  findGroup,
  fleet,
  getGroup,
  inService,
  instanceIds,
  resize,
} from '../ground/groups.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const GUIDE = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide';
const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';
const STANDBY = `${GUIDE}/as-enter-exit-standby.html`;
const NOBODY = 'i-0123456789abcdef0';

/** An instance that leaves the group, and whether the group is to be smaller by it. */
interface Leaving {
  readonly id: string;
  readonly decrement: boolean;
}

async function detach(stage: Stage, name: string, leaving: Leaving) {
  const { id, decrement } = leaving;
  stage.atEnd(async () => stage.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })));
  return stage.autoScaling.send(
    new DetachInstancesCommand({
      AutoScalingGroupName: name,
      InstanceIds: [id],
      ShouldDecrementDesiredCapacity: decrement,
    }),
  );
}

async function standBy(stage: Stage, name: string, leaving: Leaving) {
  const { id, decrement } = leaving;
  return stage.autoScaling.send(
    new EnterStandbyCommand({
      AutoScalingGroupName: name,
      InstanceIds: [id],
      ShouldDecrementDesiredCapacity: decrement,
    }),
  );
}

async function stateOf(stage: Stage, name: string, id: string): Promise<string | undefined> {
  const { Instances: members } = await getGroup(stage, name);
  return members?.find(({ InstanceId: found }) => found === id)?.LifecycleState;
}

const moves: readonly Behaviour[] = [
  {
    name: 'detached-with-decrement',
    title: 'A detached instance runs on, and the group is smaller by it',
    page: `${API}/API_DetachInstances.html`,
    run: async (stage) => {
      const { group: name } = await fleet(stage, 2);
      const id = await anyInstance(stage, name);
      await detach(stage, name, { id, decrement: true });
      await inService(stage, name, 1);
      assert.equal((await getGroup(stage, name)).DesiredCapacity, 1);
      const { Reservations: found } = await stage.ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [id] }),
      );
      assert.equal(found?.[0]?.Instances?.[0]?.State?.Name, 'running');
    },
  },
  {
    name: 'detached-without-decrement',
    title: 'An instance that is detached without decrement is replaced',
    page: `${API}/API_DetachInstances.html`,
    run: async (stage) => {
      const { group: name } = await fleet(stage, 1);
      const id = await anyInstance(stage, name);
      await detach(stage, name, { id, decrement: false });
      await stage.eventually(
        'another instance',
        async () => instanceIds(stage, name, 'InService'),
        (ids) => ids.length === 1 && !ids.includes(id),
      );
    },
  },
  {
    name: 'attached-again',
    title: 'A running instance can be attached, and the group is larger by it',
    page: `${API}/API_AttachInstances.html`,
    run: async (stage) => {
      const { group: name } = await fleet(stage, 2);
      const id = await anyInstance(stage, name);
      await detach(stage, name, { id, decrement: true });
      await inService(stage, name, 1);
      await stage.autoScaling.send(
        new AttachInstancesCommand({ AutoScalingGroupName: name, InstanceIds: [id] }),
      );
      assert.ok((await inService(stage, name, 2)).includes(id));
      assert.equal((await getGroup(stage, name)).DesiredCapacity, 2);
    },
  },
  {
    name: 'standby-and-back',
    title: 'An instance goes to standby, and comes back into service',
    page: STANDBY,
    run: async (stage) => {
      const { group: name } = await fleet(stage, 1);
      const id = await anyInstance(stage, name);
      await standBy(stage, name, { id, decrement: true });
      await stage.eventually(
        'the instance to be Standby',
        async () => stateOf(stage, name, id),
        (state) => state === 'Standby',
      );
      assert.equal((await getGroup(stage, name)).DesiredCapacity, 0);
      await stage.autoScaling.send(
        new ExitStandbyCommand({ AutoScalingGroupName: name, InstanceIds: [id] }),
      );
      assert.deepEqual(await inService(stage, name, 1), [id]);
      assert.equal((await getGroup(stage, name)).DesiredCapacity, 1);
    },
  },
  {
    name: 'standby-takes-no-traffic',
    title: 'An instance in standby leaves its target groups',
    page: STANDBY,
    run: async (stage) => {
      const { group: name, network } = await balancedFleet(stage, 2);
      const id = await anyInstance(stage, name);
      await standBy(stage, name, { id, decrement: true });
      await stage.eventually(
        'the target to be gone',
        async () => Object.keys(await targetHealth(stage, network.targetGroupArn)),
        (targets) => !targets.includes(id),
      );
    },
  },
  {
    name: 'protected-from-scale-in',
    title: 'A protected instance is not chosen when the group shrinks',
    page: `${GUIDE}/ec2-auto-scaling-instance-protection.html`,
    run: async (stage) => {
      const { group: name } = await fleet(stage, 3);
      const id = (await instanceIds(stage, name))[2] ?? '';
      await stage.autoScaling.send(
        new SetInstanceProtectionCommand({
          AutoScalingGroupName: name,
          InstanceIds: [id],
          ProtectedFromScaleIn: true,
        }),
      );
      await resize(stage, name, 1);
      assert.deepEqual(await inService(stage, name, 1), [id]);
    },
  },
  {
    name: 'born-protected',
    title: 'Instances of a group that protects new ones are protected',
    page: `${GUIDE}/ec2-auto-scaling-instance-protection.html`,
    run: async (stage) => {
      const { group: name } = await fleet(stage, 1, { NewInstancesProtectedFromScaleIn: true });
      const [member] = (await getGroup(stage, name)).Instances ?? [];
      assert.equal(member?.ProtectedFromScaleIn, true);
    },
  },
];

const refusedCalls = refusals([
  {
    name: 'refuses-to-detach-a-stranger',
    title: 'An instance that the group does not have cannot be detached',
    page: `${API}/API_DetachInstances.html`,
    code: 'ValidationError',
    call: async (stage) =>
      stage.autoScaling.send(
        new DetachInstancesCommand({
          AutoScalingGroupName: await emptyGroup(stage),
          InstanceIds: [NOBODY],
          ShouldDecrementDesiredCapacity: true,
        }),
      ),
  },
  {
    name: 'refuses-standby-of-a-stranger',
    title: 'An instance that the group does not have cannot stand by',
    page: `${API}/API_EnterStandby.html`,
    code: 'ValidationError',
    call: async (stage) => standBy(stage, await emptyGroup(stage), { id: NOBODY, decrement: true }),
  },
  {
    name: 'refuses-standby-below-the-minimum',
    title: 'Standby with decrement does not go below the minimum',
    page: `${API}/API_EnterStandby.html`,
    code: 'ValidationError',
    call: async (stage) => {
      const { group: name } = await fleet(stage, 1, { MinSize: 1 });
      return standBy(stage, name, { id: await anyInstance(stage, name), decrement: true });
    },
  },
  {
    name: 'refuses-to-attach-nobody',
    title: 'An instance that is not there cannot be attached',
    page: `${API}/API_AttachInstances.html`,
    code: 'ValidationError',
    call: async (stage) =>
      stage.autoScaling.send(
        new AttachInstancesCommand({
          AutoScalingGroupName: await emptyGroup(stage),
          InstanceIds: [NOBODY],
        }),
      ),
  },
  {
    name: 'refuses-to-protect-a-stranger',
    title: 'An instance that the group does not have cannot be protected',
    page: `${API}/API_SetInstanceProtection.html`,
    code: 'ValidationError',
    call: async (stage) => {
      const name = await emptyGroup(stage);
      assert.notEqual(await findGroup(stage, name), undefined);
      return stage.autoScaling.send(
        new SetInstanceProtectionCommand({
          AutoScalingGroupName: name,
          InstanceIds: [NOBODY],
          ProtectedFromScaleIn: true,
        }),
      );
    },
  },
]);

export const membershipScenarios = topic(
  { name: 'membership', service: 'autoscaling', documentation: STANDBY },
  [...moves, ...refusedCalls],
);

import assert from 'node:assert/strict';
import {
  DescribeScalingProcessTypesCommand,
  ResumeProcessesCommand,
  SetInstanceHealthCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  anyInstance,
  balancedFleet,
  emptyGroup,
  fleet,
  getGroup,
  inService,
  instanceIds,
  replaced,
  resize,
} from '../ground/groups.js';
import { targetHealth, targetStates } from '../ground/balancing.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const PAGE =
  'https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html';
const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';

const PROCESSES = [
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'Launch',
  'ReplaceUnhealthy',
  'ScheduledActions',
  'Terminate',
] as const;

async function suspend(stage: Stage, name: string, processes?: readonly string[]): Promise<void> {
  await stage.autoScaling.send(
    new SuspendProcessesCommand({
      AutoScalingGroupName: name,
      ...(processes === undefined ? {} : { ScalingProcesses: [...processes] }),
    }),
  );
}

async function resume(stage: Stage, name: string, processes?: readonly string[]): Promise<void> {
  await stage.autoScaling.send(
    new ResumeProcessesCommand({
      AutoScalingGroupName: name,
      ...(processes === undefined ? {} : { ScalingProcesses: [...processes] }),
    }),
  );
}

async function suspended(stage: Stage, name: string): Promise<readonly string[]> {
  const { SuspendedProcesses: processes } = await getGroup(stage, name);
  return (processes ?? []).map(({ ProcessName: process }) => process ?? '').toSorted();
}

async function callSick(stage: Stage, instanceId: string): Promise<void> {
  await stage.autoScaling.send(
    new SetInstanceHealthCommand({
      InstanceId: instanceId,
      HealthStatus: 'Unhealthy',
      ShouldRespectGracePeriod: false,
    }),
  );
}

/** One a process: it is shown while it is suspended, and no longer once it is resumed. */
const each = PROCESSES.map((process): Behaviour => ({
  name: `shows-${process}`,
  title: `${process} is listed while it is suspended`,
  run: async (stage) => {
    const name = await emptyGroup(stage);
    await suspend(stage, name, [process]);
    assert.deepEqual(await suspended(stage, name), [process]);
    await resume(stage, name, [process]);
    assert.deepEqual(await suspended(stage, name), []);
  },
}));

const effects: readonly Behaviour[] = [
  {
    name: 'suspension-says-since-when',
    title: 'A suspended process says that a user suspended it, and when',
    page: `${API}/API_SuspendedProcess.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await suspend(stage, name, ['Launch']);
      const [shown] = (await getGroup(stage, name)).SuspendedProcesses ?? [];
      assert.match(shown?.SuspensionReason ?? '', /^User suspended at \d{4}-\d\d-\d\d/);
    },
  },
  {
    name: 'none-named-means-all',
    title: 'A call that names no process means all of them',
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await suspend(stage, name);
      assert.deepEqual(await suspended(stage, name), PROCESSES.toSorted());
      await resume(stage, name);
      assert.deepEqual(await suspended(stage, name), []);
    },
  },
  {
    name: 'suspending-twice-is-once',
    title: 'A process that is suspended twice is listed once and resumed once',
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await suspend(stage, name, ['Launch']);
      await suspend(stage, name, ['Launch', 'Terminate']);
      assert.deepEqual(await suspended(stage, name), ['Launch', 'Terminate']);
      await resume(stage, name, ['Launch']);
      assert.deepEqual(await suspended(stage, name), ['Terminate']);
    },
  },
  {
    name: 'launch-holds-back-launches',
    title: 'While Launch is suspended a larger wanted size launches nothing; on resume it does',
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      await suspend(stage, group, ['Launch']);
      await resize(stage, group, 3);
      await stage.passTime(120);
      assert.equal((await instanceIds(stage, group)).length, 1);
      await resume(stage, group, ['Launch']);
      await inService(stage, group, 3);
    },
  },
  {
    name: 'terminate-holds-back-terminations',
    title: 'While Terminate is suspended a smaller wanted size ends nothing; on resume it does',
    run: async (stage) => {
      const { group } = await fleet(stage, 2);
      await suspend(stage, group, ['Terminate']);
      await resize(stage, group, 1);
      await stage.passTime(120);
      assert.equal((await instanceIds(stage, group, 'InService')).length, 2);
      await resume(stage, group, ['Terminate']);
      await inService(stage, group, 1);
    },
  },
  {
    name: 'terminate-keeps-the-unhealthy-too',
    title: 'An instance that falls ill while Terminate is suspended is replaced once it is resumed',
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      const sick = await anyInstance(stage, group);
      await suspend(stage, group, ['Terminate']);
      await callSick(stage, sick);
      await stage.passTime(120);
      assert.ok((await instanceIds(stage, group)).includes(sick));
      await resume(stage, group, ['Terminate']);
      await replaced(stage, group, sick);
    },
  },
  {
    name: 'replace-unhealthy-keeps-the-sick',
    title: 'While ReplaceUnhealthy is suspended an unhealthy instance stays',
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      const sick = await anyInstance(stage, group);
      await suspend(stage, group, ['ReplaceUnhealthy']);
      await callSick(stage, sick);
      await stage.passTime(120);
      assert.deepEqual(await instanceIds(stage, group, 'InService'), [sick]);
      await resume(stage, group, ['ReplaceUnhealthy']);
      await replaced(stage, group, sick);
    },
  },
  {
    name: 'health-check-does-not-look',
    title: 'While HealthCheck is suspended the end of an instance goes unnoticed',
    run: async (stage) => {
      const { group } = await fleet(stage, 1);
      const gone = await anyInstance(stage, group);
      await suspend(stage, group, ['HealthCheck']);
      await stage.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
      await stage.passTime(120);
      assert.deepEqual(await instanceIds(stage, group, 'InService'), [gone]);
      await resume(stage, group, ['HealthCheck']);
      await replaced(stage, group, gone);
    },
  },
  {
    name: 'instances-stay-off-the-load-balancer',
    title: 'Instances launched while AddToLoadBalancer is suspended are not registered on resume',
    run: async (stage) => {
      const { group, network } = await balancedFleet(stage, 1);
      const [first = ''] = await instanceIds(stage, group);
      await suspend(stage, group, ['AddToLoadBalancer']);
      await resize(stage, group, 2);
      await inService(stage, group, 2);
      await resume(stage, group, ['AddToLoadBalancer']);
      await stage.passTime(120);
      assert.deepEqual(Object.keys(await targetHealth(stage, network.targetGroupArn)), [first]);
    },
  },
  {
    name: 'the-three-of-a-disabled-group',
    title: 'With Launch, Terminate and AddToLoadBalancer suspended a resize changes nothing at all',
    run: async (stage) => {
      const { group, network } = await balancedFleet(stage, 2);
      const before = await instanceIds(stage, group);
      await suspend(stage, group, ['Launch', 'Terminate', 'AddToLoadBalancer']);
      await resize(stage, group, 4);
      await stage.passTime(60);
      await resize(stage, group, 0);
      await stage.passTime(60);
      assert.deepEqual(await instanceIds(stage, group, 'InService'), before);
      assert.equal((await targetStates(stage, network.targetGroupArn)).length, 2);
    },
  },
  {
    name: 'types-are-listed',
    title: 'AWS lists the processes that there are',
    page: `${API}/API_DescribeScalingProcessTypes.html`,
    run: async (stage) => {
      const { Processes: types } = await stage.autoScaling.send(
        new DescribeScalingProcessTypesCommand({}),
      );
      const names = (types ?? []).map(({ ProcessName: process }) => process ?? '');
      assert.deepEqual(names.toSorted(), PROCESSES.toSorted());
    },
  },
];

const refusedCalls = refusals([
  {
    name: 'refuses-unknown-process',
    title: 'A process that does not exist cannot be suspended',
    page: `${API}/API_SuspendProcesses.html`,
    code: 'ValidationError',
    call: async (stage) => suspend(stage, await emptyGroup(stage), ['Relaunch']),
  },
  {
    name: 'refuses-to-suspend-unknown-group',
    title: 'Processes of a group that is not there cannot be suspended',
    page: `${API}/API_SuspendProcesses.html`,
    code: 'ValidationError',
    call: async (stage) => suspend(stage, 'no-such-group', ['Launch']),
  },
  {
    name: 'refuses-to-resume-unknown-group',
    title: 'Processes of a group that is not there cannot be resumed',
    page: `${API}/API_ResumeProcesses.html`,
    code: 'ValidationError',
    call: async (stage) => resume(stage, 'no-such-group', ['Launch']),
  },
]);

export const processScenarios = topic(
  { name: 'processes', service: 'autoscaling', documentation: PAGE },
  [...each, ...effects, ...refusedCalls],
);

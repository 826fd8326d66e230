import {
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SetInstanceHealthCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
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

async function suspend(...ScalingProcesses: string[]): Promise<void> {
  await standIn.autoScaling.send(
    new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses }),
  );
}

async function resume(...ScalingProcesses: string[]): Promise<void> {
  await standIn.autoScaling.send(
    new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses }),
  );
}

async function want(DesiredCapacity: number): Promise<void> {
  await standIn.autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity }),
  );
}

async function markUnhealthy(InstanceId: string): Promise<void> {
  await standIn.autoScaling.send(
    new SetInstanceHealthCommand({
      InstanceId,
      HealthStatus: 'Unhealthy',
      ShouldRespectGracePeriod: false,
    }),
  );
}

test('without Launch nothing is launched until it resumes', async () => {
  await groupInService(standIn, ground, { MaxSize: 5 });
  await suspend('Launch');
  await want(5);
  await standIn.advance(60);
  expect(await instanceIds(standIn)).toHaveLength(3);
  await resume('Launch');
  await standIn.advance(60);
  expect(await instanceIds(standIn)).toHaveLength(5);
});

test('without Terminate nothing is ended until it resumes', async () => {
  await groupInService(standIn, ground, { MinSize: 0 });
  await suspend('Terminate');
  await want(1);
  await standIn.advance(60);
  expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
  await resume('Terminate');
  await standIn.advance(60);
  expect(await lifecycleStates(standIn)).toEqual(['InService']);
});

test('instances launched without AddToLoadBalancer stay unregistered when it resumes', async () => {
  await groupInService(standIn, ground, { MaxSize: 5 });
  await suspend('AddToLoadBalancer');
  await want(5);
  await standIn.advance(60);
  await resume('AddToLoadBalancer');
  await standIn.advance(120);
  expect(await lifecycleStates(standIn)).toHaveLength(5);
  expect(await targetStates(standIn, ground.targetGroupArn)).toEqual([
    'healthy',
    'healthy',
    'healthy',
  ]);
});

test('an instance marked unhealthy without Terminate is replaced the moment it resumes', async () => {
  const [instanceId = ''] = await groupInService(standIn, ground);
  await suspend('Terminate');
  await markUnhealthy(instanceId);
  await standIn.advance(3600);
  expect(await instanceIds(standIn)).toContain(instanceId);
  await resume('Terminate');
  await standIn.advance(2);
  expect(await lifecycleStates(standIn)).toContain('Terminating');
  await standIn.advance(60);
  expect(await instanceIds(standIn)).not.toContain(instanceId);
  expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
});

test('marking an instance healthy again saves it', async () => {
  const [instanceId = ''] = await groupInService(standIn, ground);
  await suspend('ReplaceUnhealthy');
  await markUnhealthy(instanceId);
  await standIn.advance(60);
  await standIn.autoScaling.send(
    new SetInstanceHealthCommand({ InstanceId: instanceId, HealthStatus: 'Healthy' }),
  );
  await resume('ReplaceUnhealthy');
  await standIn.advance(60);
  expect(await instanceIds(standIn)).toContain(instanceId);
});

test('without HealthCheck a dead instance goes unnoticed until it resumes', async () => {
  const [instanceId = ''] = await groupInService(standIn, ground);
  await suspend('HealthCheck');
  await standIn.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  await standIn.advance(60);
  expect(await instanceIds(standIn)).toContain(instanceId);
  await resume('HealthCheck');
  await standIn.advance(60);
  expect(await instanceIds(standIn)).not.toContain(instanceId);
  expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
});

test('without Launch unhealthy instances are ended and replaced only after it resumes', async () => {
  const [instanceId = ''] = await groupInService(standIn, ground);
  await suspend('Launch');
  await markUnhealthy(instanceId);
  await standIn.advance(60);
  expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService']);
  await resume('Launch');
  await standIn.advance(60);
  expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
});

test('zones are evened out, but not without AZRebalance', async () => {
  await standIn.control('POST', '/capacity', {
    region: 'eu-west-1',
    zones: ['eu-west-1b', 'eu-west-1c'],
    available: false,
  });
  await groupInService(standIn, ground);
  await suspend('AZRebalance');
  await standIn.control('POST', '/capacity', { region: 'eu-west-1', available: true });
  await standIn.advance(120);
  expect(await zones()).toEqual(['eu-west-1a', 'eu-west-1a', 'eu-west-1a']);
  await resume('AZRebalance');
  await standIn.advance(300);
  expect(await zones()).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
});

test('shows what is suspended, and refuses a process that there is not', async () => {
  await groupInService(standIn, ground);
  await suspend('Launch', 'HealthCheck');
  await suspend('Launch', 'Terminate');
  await resume('HealthCheck');
  const shown = (await describeGroup(standIn))?.SuspendedProcesses?.map(
    ({ ProcessName: name }) => name,
  );
  expect(shown).toEqual(['Launch', 'Terminate']);
  expect(await errorOf(suspend('Laugh'))).toMatch(/^ValidationError/);
  await standIn.autoScaling.send(new SuspendProcessesCommand({ AutoScalingGroupName }));
  expect((await describeGroup(standIn))?.SuspendedProcesses).toHaveLength(9);
});

async function zones(): Promise<readonly string[]> {
  return ((await describeGroup(standIn))?.Instances ?? [])
    .map(({ AvailabilityZone: zone }) => zone ?? '')
    .toSorted();
}

test('says since when a process is suspended; suspending it again changes nothing', async () => {
  await groupInService(standIn, ground);
  const since = async () =>
    (await describeGroup(standIn))?.SuspendedProcesses?.[0]?.SuspensionReason;
  await suspend('Launch');
  const first = await since();
  await standIn.advance(60);
  await suspend('Launch');
  expect(await since()).toBe(first);
  await resume('Launch');
  await suspend('Launch');
  const instantOf = (reason: string | undefined) =>
    Date.parse((reason ?? '').replace('User suspended at ', ''));
  expect(instantOf(await since()) - instantOf(first)).toBe(60_000);
});

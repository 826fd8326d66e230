import { DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeLaunchTemplateVersionsCommand,
} from '@aws-sdk/client-ec2';
import { CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asWrite, startBench, type AwsBench } from './aws-bench.js';

let bench: AwsBench;

beforeEach(async () => {
  bench = await startBench(
    {},
    { adversarial: { pageSize: 2, shuffled: true, staleShare: 0, appStartSeconds: 0 } },
  );
});

afterEach(async () => {
  await bench.close();
});

const base = { version: '1' };

test('reads 120 names in three calls, past small pages, and leaves out what is not there', async () => {
  for (const name of ['web-v001', 'web-v002', 'web-v003', 'web-v004', 'web-v005']) {
    await bench.makeGroup(name);
  }
  await bench.calls();
  const names = Array.from({ length: 120 }, (_, index) => `web-v${String(index).padStart(3, '0')}`);
  const groups = await bench.region.describeServerGroups(names, asWrite);
  expect(groups.map(({ view }) => view.name).toSorted()).toEqual([
    'web-v001',
    'web-v002',
    'web-v003',
    'web-v004',
    'web-v005',
  ]);
  const calls = await bench.calls(/^DescribeAutoScalingGroups$/);
  const firstPages = calls.filter(({ input }) => input['NextToken'] === undefined);
  expect(
    firstPages.map(({ input }) => (input['AutoScalingGroupNames'] as unknown[]).length),
  ).toEqual([50, 50, 20]);
});

test('lists exactly the groups of a cluster, oldest first', async () => {
  for (const name of [
    'web-prod-v999',
    'web-prod',
    'web-prod-canary-v000',
    'web-prod-v000',
    'web-v1',
  ]) {
    await bench.makeGroup(name);
    await bench.advance(10);
  }
  const groups = await bench.region.listCluster('web-prod', asWrite);
  expect(groups.map(({ view }) => view.name)).toEqual([
    'web-prod-v999',
    'web-prod',
    'web-prod-v000',
  ]);
});

test('lists what a canary made for a while only when asked, and only with our tags', async () => {
  const tag = (Key: string, Value: string) => ({ Key, Value, PropagateAtLaunch: false });
  const ours = [
    tag('gennaker:execution', 'x-1'),
    tag('gennaker:stage', 'deploy'),
    tag('gennaker:expires', '2026-01-05T00:00:00.000Z'),
  ];
  await bench.makeGroup('web-prod-v000', 0, { Tags: ours });
  await bench.makeGroup('web-prod-v001-canary', 0, { Tags: ours });
  await bench.makeGroup('web-prod-v002-canary');
  await bench.makeGroup('web-prod-v001-other', 0, { Tags: ours });
  const plain = await bench.region.listCluster('web-prod', asWrite);
  expect(plain.map(({ view }) => [view.name, view.temporaryUntil])).toEqual([
    ['web-prod-v000', undefined],
  ]);
  const all = await bench.region.listCluster('web-prod', { ...asWrite, withTemporary: true });
  expect(all.map(({ view }) => [view.name, view.temporaryUntil])).toEqual([
    ['web-prod-v000', undefined],
    ['web-prod-v001-canary', '2026-01-05T00:00:00.000Z'],
  ]);
});

test('shows a group with every instance, its health, its image and whether it is enabled', async () => {
  await bench.makeGroup('web-v001', 3);
  await bench.advance(60);
  const options = { ...asWrite, withHealth: true, withImage: true };
  const [healthy] = await bench.region.describeServerGroups(['web-v001'], options);
  expect(healthy?.view.imageId).toBe(bench.ground.imageId);
  expect(healthy?.view.instances.map(({ health }) => health)).toEqual(['Up', 'Up', 'Up']);
  const { targetGroupArn } = bench.ground;
  expect(healthy?.view.instances[0]?.targetHealth).toEqual([{ targetGroupArn, state: 'healthy' }]);
  const ids = (healthy?.view.instances ?? []).map(({ instanceId }) => instanceId);
  await bench.region.suspendProcesses('web-v001', ['AddToLoadBalancer', 'HealthCheck'], asWrite);
  await bench.region.deregisterTargets(targetGroupArn, ids.slice(0, 1), asWrite);
  await bench.advance(1);
  const [disabled] = await bench.region.describeServerGroups(['web-v001'], options);
  expect(disabled?.view.enabled).toBe(false);
  expect(disabled?.view.suspendedProcesses).toEqual(['AddToLoadBalancer', 'HealthCheck']);
  expect(disabled?.view.instances[0]?.health).toBe('Draining');
});

test('says that a group is being deleted', async () => {
  await bench.makeGroup('web-v001', 1);
  await bench.advance(60);
  await bench.bare.autoScaling.send(
    new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'web-v001', ForceDelete: true }),
  );
  const [group] = await bench.region.describeServerGroups(['web-v001'], asWrite);
  expect(group?.view.deleting).toBe(true);
});

test('an unknown instance is left out and fails nothing', async () => {
  await bench.makeGroup('web-v001', 2);
  await bench.advance(60);
  const [group] = await bench.region.describeServerGroups(['web-v001'], asWrite);
  const ids = (group?.view.instances ?? []).map(({ instanceId }) => instanceId);
  const found = await bench.region.describeInstances([...ids, 'i-0fffffffffffffff0'], asWrite);
  expect(found.map(({ instanceId }) => instanceId).toSorted()).toEqual(ids);
  expect(found[0]).toMatchObject({ state: 'running', imageId: bench.ground.imageId });
});

test('says whether a listener uses a target group, and its deregistration delay', async () => {
  const { elb } = bench.bare;
  const unused = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'idle',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: bench.ground.vpcId,
    }),
  );
  const arn = unused.TargetGroups?.[0]?.TargetGroupArn ?? '';
  const arns = [bench.ground.targetGroupArn, arn];
  const found = await bench.region.describeTargetGroups({ arns }, asWrite);
  const facts = Object.fromEntries(
    found.map(({ name, usedByListener, deregistrationDelaySeconds }) => [
      name,
      [usedByListener, deregistrationDelaySeconds],
    ]),
  );
  expect(facts).toEqual({ web: [true, 20], idle: [false, 300] });
  await expect(
    bench.region.describeTargetGroups({ names: ['nobody'] }, asWrite),
  ).rejects.toMatchObject({ code: 'AWS_NOT_FOUND' });
});

test('a clone keeps every field of the source version but for the overrides', async () => {
  const { ec2 } = bench.bare;
  const data = {
    ImageId: bench.ground.imageId,
    InstanceType: 't3.micro' as const,
    UserData: Buffer.from('#!/bin/sh\nSECRET=1').toString('base64'),
    MetadataOptions: { HttpTokens: 'required' as const, HttpPutResponseHopLimit: 2 },
    NetworkInterfaces: [
      { DeviceIndex: 0, Groups: ['sg-1'], AssociatePublicIpAddress: true },
      { DeviceIndex: 1, Groups: ['sg-2'] },
    ],
    BlockDeviceMappings: [
      { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3' as const } },
    ],
    TagSpecifications: [
      { ResourceType: 'volume' as const, Tags: [{ Key: 'spinnaker:application', Value: 'web' }] },
    ],
    CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 },
  };
  const made = await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: 'source', LaunchTemplateData: data }),
  );
  const query = { launchTemplateId: made.LaunchTemplate?.LaunchTemplateId ?? '', ...base };
  const source = await bench.region.describeLaunchTemplateVersion(query, asWrite);
  expect(source).toMatchObject({ version: '1', unknownFields: [] });
  expect(source.summary.securityGroupIds).toEqual(['sg-1']);
  expect(JSON.stringify(source)).not.toContain(data.UserData);
  await bench.region.createLaunchTemplate(
    {
      launchTemplateName: 'web-v001',
      source: source.data,
      overrides: { imageId: 'ami-0abc', instanceType: 'm7i.large', securityGroupIds: ['sg-9'] },
      owner: { executionId: 'e', stage: 's', operationKey: 'k' },
    },
    asWrite,
  );
  const clone = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: 'web-v001', Versions: ['1'] }),
  );
  expect(clone.LaunchTemplateVersions?.[0]?.LaunchTemplateData).toMatchObject({
    ...data,
    ImageId: 'ami-0abc',
    InstanceType: 'm7i.large',
    NetworkInterfaces: [
      { DeviceIndex: 0, Groups: ['sg-9'], AssociatePublicIpAddress: true },
      { DeviceIndex: 1, Groups: ['sg-2'] },
    ],
  });
});

test('names everything that a clone of the group would lose', async () => {
  await bench.makeGroup('web-v001', 0, {
    LoadBalancerNames: ['classic'],
    DeletionProtection: 'prevent-force-deletion',
    DesiredCapacityType: 'vcpu',
    Context: 'reserved',
  });
  const [group] = await bench.region.describeServerGroups(['web-v001'], asWrite);
  expect(group?.settings.notCarriedOver).toEqual([
    { name: 'classicLoadBalancers', value: 'classic' },
    { name: 'context', value: 'reserved' },
    { name: 'deletionProtection', value: 'prevent-force-deletion' },
    { name: 'desiredCapacityType', value: 'vcpu' },
  ]);
});

test('gives the newest scaling activities, and none of a group that is not there', async () => {
  await bench.makeGroup('web-v001', 3);
  await bench.advance(60);
  const query = { serverGroup: 'web-v001', activitiesMax: 2 };
  const activities = await bench.region.describeScalingActivities(query, asWrite);
  expect(activities).toHaveLength(2);
  expect(activities[0]).toMatchObject({ status: 'Successful' });
  const gone = { serverGroup: 'nobody', activitiesMax: 2 };
  expect(await bench.region.describeScalingActivities(gone, asWrite)).toEqual([]);
});

test('finds images of the stated owners only, newest first', async () => {
  const images = await bench.region.findImages({ owners: ['self'], name: 'web-1.0.0' }, asWrite);
  expect(images.map(({ imageId }) => imageId)).toEqual([bench.ground.imageId]);
  expect(
    await bench.region.findImages({ owners: ['222222222222'], name: 'web-1.0.0' }, asWrite),
  ).toEqual([]);
  await expect(
    bench.region.findImages({ owners: [], name: 'web-1.0.0' }, asWrite),
  ).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
  });
});

test('gives the subnets that are there with zone and free addresses', async () => {
  const [subnetId = ''] = bench.ground.subnetIds;
  const subnets = await bench.region.describeSubnets([subnetId, 'subnet-0ffff'], asWrite);
  expect(subnets).toEqual([
    {
      subnetId,
      vpcId: bench.ground.vpcId,
      zone: 'eu-west-1a',
      availableAddresses: 251,
    },
  ]);
});

test('knows the time of AWS from the Date header, and nothing before the first reply', async () => {
  expect(bench.region.awsNow()).toBeNull();
  const look = async () => {
    await bench.region.describeServerGroups(['web-v001'], asWrite);
    return bench.region.awsNow()?.getTime() ?? 0;
  };
  const before = await look();
  await bench.advance(86_400);
  const passed = (await look()) - before;
  expect(passed).toBeGreaterThan(86_390_000);
  expect(passed).toBeLessThan(86_410_000);
});

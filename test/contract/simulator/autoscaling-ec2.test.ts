import {
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  LaunchInstancesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  DeleteSecurityGroupCommand,
  DescribeAccountAttributesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  RebootInstancesCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import {
  describeGroup,
  errorOf,
  groupInService,
  groupOf,
  instanceIds,
  lifecycleStates,
  type StandIn,
} from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

const AutoScalingGroupName = 'web-v000';

async function run(settings: Partial<RunInstancesCommandInput> = {}): Promise<readonly string[]> {
  const { Instances: instances } = await standIn.ec2.send(
    new RunInstancesCommand({
      ImageId: ground.imageId,
      InstanceType: 't3.micro',
      SubnetId: ground.subnetIds[0],
      MinCount: 1,
      MaxCount: 1,
      ...settings,
    }),
  );
  return (instances ?? []).map(({ InstanceId: id }) => id ?? '');
}

async function stateOf(id: string): Promise<string | undefined> {
  const { Reservations: found } = await standIn.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [id] }),
  );
  return found?.[0]?.Instances?.[0]?.State?.Name;
}

describe('instances', () => {
  test('are run once for a client token', async () => {
    const first = await run({ MaxCount: 3, ClientToken: 'one' });
    expect(first).toHaveLength(3);
    expect(await run({ MaxCount: 3, ClientToken: 'one' })).toEqual(first);
    expect(await errorOf(run({ MaxCount: 2, ClientToken: 'one' }))).toMatch(
      /^IdempotentParameterMismatch: /,
    );
  });

  test('stop, start and are not started twice', async () => {
    const [id = ''] = await run();
    const InstanceIds = [id];
    await standIn.advance(10);
    await standIn.ec2.send(new RebootInstancesCommand({ InstanceIds }));
    expect(await stateOf(id)).toBe('running');
    await standIn.ec2.send(new StopInstancesCommand({ InstanceIds }));
    expect(await stateOf(id)).toBe('stopping');
    const start = () => standIn.ec2.send(new StartInstancesCommand({ InstanceIds }));
    expect(await errorOf(start())).toMatch(/^IncorrectInstanceState: /);
    await standIn.advance(10);
    expect(await stateOf(id)).toBe('stopped');
    const { StartingInstances: starting } = await start();
    expect(starting).toMatchObject([
      { PreviousState: { Name: 'stopped', Code: 80 }, CurrentState: { Name: 'pending' } },
    ]);
    await standIn.advance(10);
    expect(await stateOf(id)).toBe('running');
  });

  test('of a group that are stopped are replaced', async () => {
    const [id = ''] = await groupInService(standIn, ground);
    await standIn.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await standIn.advance(60);
    expect(await instanceIds(standIn)).not.toContain(id);
    expect(await lifecycleStates(standIn)).toEqual(['InService', 'InService', 'InService']);
    expect(await stateOf(id)).toBe('terminated');
  });

  test.each<[Partial<RunInstancesCommandInput>, RegExp]>([
    [{ ImageId: 'ami-0' }, /^InvalidAMIID.NotFound/],
    [{ SubnetId: 'subnet-0' }, /^InvalidSubnetID.NotFound/],
    [{ SecurityGroupIds: ['sg-0'] }, /^InvalidGroup.NotFound/],
    [{ MinCount: 2, MaxCount: 1 }, /^InvalidParameterValue/],
    [{ MinCount: 300, MaxCount: 300 }, /^InsufficientFreeAddressesInSubnet/],
    [{ SubnetId: undefined }, /^VPCIdNotSpecified/],
  ])('are refused with %j', async (settings, message) => {
    expect(await errorOf(run(settings))).toMatch(message);
  });
});

test('a subnet without addresses is passed over for another of its zone', async () => {
  const { Subnet: small } = await standIn.ec2.send(
    new CreateSubnetCommand({
      VpcId: ground.vpcId,
      CidrBlock: '10.0.9.0/28',
      AvailabilityZone: 'eu-west-1a',
    }),
  );
  const smallId = small?.SubnetId ?? '';
  await standIn.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      ...groupOf(ground, 12),
      VPCZoneIdentifier: `${smallId},${ground.subnetIds[0]}`,
    }),
  );
  await standIn.advance(30);
  const { Subnets: subnets } = await standIn.ec2.send(
    new DescribeSubnetsCommand({ SubnetIds: [smallId, ground.subnetIds[0] ?? ''] }),
  );
  const free = new Map(subnets?.map((subnet) => [subnet.SubnetId, subnet.AvailableIpAddressCount]));
  expect(free.get(smallId)).toBe(0);
  expect(free.get(ground.subnetIds[0])).toBe(250);
});

test('the account says what it has', async () => {
  const { AccountAttributes: attributes } = await standIn.ec2.send(
    new DescribeAccountAttributesCommand({ AttributeNames: ['default-vpc'] }),
  );
  expect(attributes).toEqual([
    { AttributeName: 'default-vpc', AttributeValues: [{ AttributeValue: 'none' }] },
  ]);
});

test('rules of a security group are added and taken away whole, and keep what they name', async () => {
  const { ec2 } = standIn;
  const GroupId = ground.securityGroupId;
  const { GroupId: other = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'lb', Description: 'lb', VpcId: ground.vpcId }),
  );
  const web = {
    IpProtocol: 'tcp',
    FromPort: 80,
    ToPort: 80,
    IpRanges: [{ CidrIp: '10.0.0.0/8' }, { CidrIp: '192.168.0.0/16' }],
  };
  const ofLb = {
    IpProtocol: 'tcp',
    FromPort: 80,
    ToPort: 80,
    UserIdGroupPairs: [{ GroupId: other }],
  };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [web, ofLb] }));
  const again = ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { ...web, IpRanges: [{ CidrIp: '172.16.0.0/12' }, { CidrIp: '10.0.0.0/8' }] },
      ],
    }),
  );
  expect(await errorOf(again)).toMatch(/^InvalidPermission.Duplicate/);
  const remove = () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: other }));
  expect(await errorOf(remove())).toMatch(/^DependencyViolation/);
  const { SecurityGroupRules: rules } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
  );
  expect(rules).toHaveLength(4);
  const revoke = () =>
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ofLb] }));
  await revoke();
  expect(await errorOf(revoke())).toMatch(/^InvalidPermission.NotFound/);
  await remove();
  const { SecurityGroups: groups } = await ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }),
  );
  expect(groups?.[0]?.IpPermissions).toEqual([web]);
});

test('LaunchInstances launches at once, once for its token, and the wanted size grows', async () => {
  await groupInService(standIn, ground, { MaxSize: 4 });
  const launch = (settings: object = {}) =>
    standIn.autoScaling.send(
      new LaunchInstancesCommand({
        AutoScalingGroupName,
        RequestedCapacity: 1,
        ClientToken: 'one',
        AvailabilityZones: ['eu-west-1b'],
        ...settings,
      }),
    );
  const first = await launch();
  expect(first.Instances?.[0]?.InstanceIds).toHaveLength(1);
  expect((await launch()).Instances).toEqual(first.Instances);
  await standIn.advance(30);
  expect((await describeGroup(standIn))?.DesiredCapacity).toBe(4);
  expect(await lifecycleStates(standIn)).toHaveLength(4);
  expect(await errorOf(launch({ ClientToken: 'more' }))).toMatch(/max size 4/);
  expect(await errorOf(launch({ ClientToken: 'all', AvailabilityZones: undefined }))).toMatch(
    /needs a zone or a subnet/,
  );
});

describe('a mixed instances policy', () => {
  const MixedInstancesPolicy = {
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateName: 'web-v000', Version: '1' },
      Overrides: [
        { InstanceType: 'c5.large' as const, WeightedCapacity: '2' },
        { InstanceType: 'm5.large' as const, WeightedCapacity: '2' },
      ],
    },
  };

  test('launches its first type that has capacity, by weight', async () => {
    await standIn.control('POST', '/capacity', {
      region: 'eu-west-1',
      zones: ['eu-west-1a'],
      instanceTypes: ['c5.large'],
      available: false,
    });
    await groupInService(standIn, ground, {
      LaunchTemplate: undefined,
      MixedInstancesPolicy,
      MinSize: 6,
      MaxSize: 6,
      DesiredCapacity: 6,
    });
    const members = (await describeGroup(standIn))?.Instances ?? [];
    const kinds = members.map((member) => `${member.AvailabilityZone} ${member.InstanceType}`);
    expect(kinds.toSorted()).toEqual([
      'eu-west-1a m5.large',
      'eu-west-1b c5.large',
      'eu-west-1c c5.large',
    ]);
    expect(members.map(({ WeightedCapacity: weight }) => weight)).toEqual(['2', '2', '2']);
  });
});

test('deletion protection holds until it is taken back', async () => {
  await groupInService(standIn, ground, { DeletionProtection: 'prevent-force-deletion' });
  const remove = () =>
    standIn.autoScaling.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }),
    );
  expect(await errorOf(remove())).toMatch(/^ValidationError: .*deletion protection/);
  await standIn.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, DeletionProtection: 'none' }),
  );
  await remove();
  await standIn.advance(60);
  expect(await describeGroup(standIn)).toBeUndefined();
});

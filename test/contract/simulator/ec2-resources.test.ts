import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  RegisterImageCommand,
  TerminateInstancesCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { eachTestOnNewGround } from './new-ground.js';
import { errorOf, groupInService, type StandIn } from './stand-in.js';
import type { Ground } from './ground.js';

let standIn: StandIn;
let ground: Ground;
eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
});

async function named(
  filters: { Name: string; Values: string[] }[],
  owners = ['self'],
): Promise<readonly string[]> {
  const { Images: images } = await standIn.ec2.send(
    new DescribeImagesCommand({ Owners: owners, Filters: filters }),
  );
  return (images ?? []).map(({ Name: name }) => String(name)).toSorted();
}

describe('images', () => {
  test('are found by name, tag, state and owner', async () => {
    const tags = [{ Key: 'version', Value: '1.1.0' }];
    await standIn.ec2.send(
      new RegisterImageCommand({
        Name: 'web-1.1.0',
        TagSpecifications: [{ ResourceType: 'image', Tags: tags }],
      }),
    );
    expect(await named([{ Name: 'name', Values: ['web-1.*'] }])).toEqual([
      'web-1.0.0',
      'web-1.1.0',
    ]);
    expect(await named([{ Name: 'tag:version', Values: ['1.1.0'] }])).toEqual(['web-1.1.0']);
    expect(await named([{ Name: 'state', Values: ['pending'] }])).toEqual([]);
    expect(await named([], ['999999999999'])).toEqual([]);
    expect(await named([], ['111111111111'])).toHaveLength(2);
  });

  test('have one name each, and unknown ids and filters are refused', async () => {
    expect(
      await errorOf(standIn.ec2.send(new RegisterImageCommand({ Name: 'web-1.0.0' }))),
    ).toMatch(/^InvalidAMIName\.Duplicate/);
    expect(
      await errorOf(standIn.ec2.send(new DescribeImagesCommand({ ImageIds: ['ami-0'] }))),
    ).toMatch(/^InvalidAMIID\.NotFound/);
    expect(await errorOf(named([{ Name: 'colour', Values: ['red'] }]))).toMatch(
      /^InvalidParameterValue/,
    );
  });
});

async function findInstances(input: object): Promise<readonly Instance[]> {
  const { Reservations: reservations } = await standIn.ec2.send(
    new DescribeInstancesCommand(input),
  );
  return (reservations ?? []).flatMap(({ Instances: instances }) => instances ?? []);
}

describe('instances', () => {
  test('are found by id and by filter; an unknown id refuses the call, an unknown filter value does not', async () => {
    const ids = await groupInService(standIn, ground);
    const [first = ''] = ids;
    expect(await findInstances({ InstanceIds: [first] })).toMatchObject([
      { InstanceId: first, ImageId: ground.imageId, State: { Name: 'running' } },
    ]);
    expect(
      await findInstances({ Filters: [{ Name: 'instance-id', Values: [first, 'i-0'] }] }),
    ).toHaveLength(1);
    expect(
      await findInstances({
        Filters: [{ Name: 'tag:aws:autoscaling:groupName', Values: ['web-v000'] }],
      }),
    ).toHaveLength(3);
    expect(await errorOf(findInstances({ InstanceIds: [first, 'i-0'] }))).toMatch(
      /^InvalidInstanceID\.NotFound: .*'i-0'/,
    );
  });

  test('end over shutting-down, stay visible for an hour, then are gone', async () => {
    const [id = ''] = await groupInService(standIn, ground);
    const { TerminatingInstances: ending } = await standIn.ec2.send(
      new TerminateInstancesCommand({ InstanceIds: [id] }),
    );
    expect(ending?.[0]).toMatchObject({
      PreviousState: { Name: 'running' },
      CurrentState: { Name: 'shutting-down' },
    });
    await standIn.advance(10);
    expect(await findInstances({ InstanceIds: [id] })).toMatchObject([
      { State: { Name: 'terminated' } },
    ]);
    await standIn.advance(3600);
    expect(await errorOf(findInstances({ InstanceIds: [id] }))).toMatch(
      /^InvalidInstanceID\.NotFound/,
    );
  });

  test('pass their status checks a minute after launch', async () => {
    const ids = await groupInService(standIn, ground);
    const status = async () => {
      const { InstanceStatuses: statuses } = await standIn.ec2.send(
        new DescribeInstanceStatusCommand({ InstanceIds: [...ids] }),
      );
      return statuses?.map(({ InstanceStatus: one }) => one?.Status);
    };
    expect(await status()).toEqual(['initializing', 'initializing', 'initializing']);
    await standIn.advance(60);
    expect(await status()).toEqual(['ok', 'ok', 'ok']);
  });
});

test('networks are described with their parts', async () => {
  const filter = [{ Name: 'vpc-id', Values: [ground.vpcId] }];
  const { Vpcs: vpcs } = await standIn.ec2.send(
    new DescribeVpcsCommand({ VpcIds: [ground.vpcId] }),
  );
  expect(vpcs).toMatchObject([{ CidrBlock: '10.0.0.0/16', State: 'available' }]);
  const { Subnets: subnets } = await standIn.ec2.send(
    new DescribeSubnetsCommand({ Filters: filter }),
  );
  expect(subnets?.map(({ AvailableIpAddressCount: free }) => free)).toEqual([251, 251, 251]);
  const { SecurityGroups: groups } = await standIn.ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: filter }),
  );
  expect(groups).toMatchObject([{ GroupId: ground.securityGroupId, GroupName: 'web' }]);
  const { AvailabilityZones: zones } = await standIn.ec2.send(
    new DescribeAvailabilityZonesCommand({}),
  );
  expect(zones?.map(({ ZoneName: name }) => name)).toEqual([
    'eu-west-1a',
    'eu-west-1b',
    'eu-west-1c',
  ]);
});

test('tags are put, overwritten and taken away', async () => {
  const tag = async (Value: string) =>
    standIn.ec2.send(
      new CreateTagsCommand({ Resources: [ground.vpcId], Tags: [{ Key: 'team', Value }] }),
    );
  await tag('web');
  await tag('shop');
  const found = async () =>
    (await standIn.ec2.send(new DescribeVpcsCommand({ VpcIds: [ground.vpcId] }))).Vpcs?.[0]?.Tags;
  expect(await found()).toEqual([{ Key: 'team', Value: 'shop' }]);
  await standIn.ec2.send(
    new DeleteTagsCommand({ Resources: [ground.vpcId], Tags: [{ Key: 'team' }] }),
  );
  expect(await found()).toEqual([]);
});

import assert from 'node:assert/strict';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeAvailabilityZonesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { network, securityGroup } from '../ground/network.js';
import { fleet } from '../ground/groups.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference';
const SUBNETS = `${API}/API_DescribeSubnets.html`;
const HTTP = {
  IpProtocol: 'tcp',
  FromPort: 80,
  ToPort: 80,
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
};

async function subnets(stage: Stage, input: object) {
  const { Subnets: found = [] } = await stage.ec2.send(new DescribeSubnetsCommand(input));
  return found;
}

async function allow(stage: Stage, groupId: string): Promise<unknown> {
  return stage.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [HTTP] }),
  );
}

const behaviours: readonly Behaviour[] = [
  {
    name: 'vpc-is-described',
    title: 'A VPC is available and no default one',
    run: async (stage) => {
      const { vpcId } = await network(stage);
      const { Vpcs: found } = await stage.ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
      assert.equal(found?.[0]?.CidrBlock, '10.7.0.0/16');
      assert.equal(found?.[0]?.State, 'available');
      assert.equal(found?.[0]?.IsDefault, false);
    },
  },
  {
    name: 'vpc-is-found-by-tag',
    title: 'A VPC is found by the tag that it was made with',
    page: `${API}/API_DescribeVpcs.html`,
    run: async (stage) => {
      const { vpcId } = await network(stage);
      const { Vpcs: found } = await stage.ec2.send(
        new DescribeVpcsCommand({
          Filters: [{ Name: `tag:${stage.tag.Key}`, Values: [stage.tag.Value] }],
        }),
      );
      assert.deepEqual(
        found?.map(({ VpcId: id }) => id),
        [vpcId],
      );
    },
  },
  {
    name: 'subnets-are-in-their-zone',
    title: 'A subnet is in the zone that it was asked for',
    page: SUBNETS,
    run: async (stage) => {
      const { subnetIds, zones } = await network(stage);
      const found = await subnets(stage, { SubnetIds: [...subnetIds] });
      const zoneOf = new Map(found.map((each) => [each.SubnetId, each.AvailabilityZone]));
      assert.deepEqual(
        subnetIds.map((id) => zoneOf.get(id)),
        zones,
      );
    },
  },
  {
    name: 'five-addresses-are-reserved',
    title: 'An empty /24 subnet has 251 free addresses',
    page: 'https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html',
    run: async (stage) => {
      const { subnetIds } = await network(stage);
      const [found] = await subnets(stage, { SubnetIds: subnetIds.slice(0, 1) });
      assert.equal(found?.AvailableIpAddressCount, 251);
    },
  },
  {
    name: 'instances-take-addresses',
    title: 'Each instance takes an address of its subnet',
    page: SUBNETS,
    run: async (stage) => {
      const { network: place } = await fleet(stage, 2);
      const found = await subnets(stage, { SubnetIds: [...place.subnetIds] });
      const free = found.map(({ AvailableIpAddressCount: count }) => count ?? 0);
      assert.deepEqual(free, [250, 250]);
    },
  },
  {
    name: 'subnets-of-a-vpc',
    title: 'Subnets are found by their VPC',
    page: SUBNETS,
    run: async (stage) => {
      const { vpcId, subnetIds } = await network(stage);
      const found = await subnets(stage, { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] });
      assert.deepEqual(found.map(({ SubnetId: id }) => id ?? '').toSorted(), subnetIds.toSorted());
    },
  },
  {
    name: 'security-group-is-described',
    title: 'A security group lets everything out and nothing in until it is told',
    page: `${API}/API_CreateSecurityGroup.html`,
    run: async (stage) => {
      const { vpcId } = await network(stage);
      const id = await securityGroup(stage, vpcId);
      const { SecurityGroups: found } = await stage.ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [id] }),
      );
      assert.equal(found?.[0]?.VpcId, vpcId);
      assert.deepEqual(found?.[0]?.IpPermissions, []);
      assert.equal(found?.[0]?.IpPermissionsEgress?.[0]?.IpProtocol, '-1');
    },
  },
  {
    name: 'ingress-is-kept',
    title: 'A rule that was authorized is shown',
    page: `${API}/API_AuthorizeSecurityGroupIngress.html`,
    run: async (stage) => {
      const { vpcId } = await network(stage);
      const id = await securityGroup(stage, vpcId);
      await allow(stage, id);
      const { SecurityGroups: found } = await stage.ec2.send(
        new DescribeSecurityGroupsCommand({ GroupIds: [id] }),
      );
      const [rule] = found?.[0]?.IpPermissions ?? [];
      assert.equal(rule?.FromPort, 80);
      assert.equal(rule?.IpRanges?.[0]?.CidrIp, '0.0.0.0/0');
    },
  },
  {
    name: 'ingress-once',
    title: 'A rule that is there already is refused',
    page: `${API}/API_AuthorizeSecurityGroupIngress.html`,
    run: async (stage) => {
      const id = await securityGroup(stage, (await network(stage)).vpcId);
      await allow(stage, id);
      await refused(allow(stage, id), { code: 'InvalidPermission.Duplicate' });
    },
  },
  {
    name: 'group-name-is-unique-in-its-vpc',
    title: 'A second security group of a name in one VPC is refused',
    page: `${API}/API_CreateSecurityGroup.html`,
    run: async (stage) => {
      const { vpcId } = await network(stage);
      await securityGroup(stage, vpcId);
      await refused(
        stage.ec2.send(
          new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'x', VpcId: vpcId }),
        ),
        { code: 'InvalidGroup.Duplicate' },
      );
    },
  },
  {
    name: 'zones-are-named-after-their-region',
    title: 'Zones are available and named after their region',
    page: `${API}/API_DescribeAvailabilityZones.html`,
    run: async (stage) => {
      const { AvailabilityZones: zones = [] } = await stage.ec2.send(
        new DescribeAvailabilityZonesCommand({}),
      );
      assert.ok(zones.length >= 2);
      for (const { ZoneName: name, State: state } of zones) {
        assert.match(name ?? '', new RegExp(`^${stage.region}[a-z]$`));
        assert.equal(state, 'available');
      }
    },
  },
];

const refusedCalls = refusals([
  {
    name: 'refuses-unknown-vpc',
    title: 'Describing a VPC that is not there is refused',
    code: 'InvalidVpcID.NotFound',
    call: async (stage) =>
      stage.ec2.send(new DescribeVpcsCommand({ VpcIds: ['vpc-0123456789abcdef0'] })),
  },
  {
    name: 'refuses-vpc-without-block',
    title: 'A VPC needs a block of addresses',
    code: 'MissingParameter',
    call: async (stage) => stage.ec2.send(new CreateVpcCommand({})),
  },
  {
    name: 'refuses-unknown-subnet',
    title: 'Describing a subnet that is not there is refused',
    page: SUBNETS,
    code: 'InvalidSubnetID.NotFound',
    call: async (stage) => subnets(stage, { SubnetIds: ['subnet-0123456789abcdef0'] }),
  },
  {
    name: 'refuses-subnet-in-unknown-vpc',
    title: 'A subnet needs a VPC that is there',
    page: `${API}/API_CreateSubnet.html`,
    code: 'InvalidVpcID.NotFound',
    call: async (stage) =>
      stage.ec2.send(
        new CreateSubnetCommand({ VpcId: 'vpc-0123456789abcdef0', CidrBlock: '10.7.9.0/24' }),
      ),
  },
  {
    name: 'refuses-overlapping-subnet',
    title: 'Two subnets of a VPC do not share addresses',
    page: `${API}/API_CreateSubnet.html`,
    code: 'InvalidSubnet.Conflict',
    call: async (stage) =>
      stage.ec2.send(
        new CreateSubnetCommand({
          VpcId: (await network(stage)).vpcId,
          CidrBlock: '10.7.0.0/24',
        }),
      ),
  },
  {
    name: 'refuses-unknown-security-group',
    title: 'Describing a security group that is not there is refused',
    page: `${API}/API_DescribeSecurityGroups.html`,
    code: 'InvalidGroup.NotFound',
    call: async (stage) =>
      stage.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-0123456789abcdef0'] })),
  },
  {
    name: 'refuses-rule-for-unknown-group',
    title: 'A security group that is not there gets no rules',
    page: `${API}/API_AuthorizeSecurityGroupIngress.html`,
    code: 'InvalidGroup.NotFound',
    call: async (stage) => allow(stage, 'sg-0123456789abcdef0'),
  },
]);

export const networkScenarios = topic(
  { name: 'network', service: 'ec2', documentation: `${API}/API_DescribeVpcs.html` },
  [...behaviours, ...refusedCalls],
);

import type {
  CreateSubnetRequest,
  CreateSubnetResult,
  CreateVpcRequest,
  CreateVpcResult,
  DescribeAccountAttributesRequest,
  DescribeAccountAttributesResult,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  Subnet,
  Vpc,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { freeAddresses } from './addresses.js';
import { filtered, type FilterReaders } from './filters.js';
import type { SubnetRecord, VpcRecord } from './records.js';
import { selectById } from './select.js';
import { setTags, specifiedTags, tagList, tagsOf } from './tags.js';

/** An account without a default VPC, with the quotas that AWS begins with. */
const ACCOUNT_ATTRIBUTES: Readonly<Record<string, string>> = {
  'supported-platforms': 'VPC',
  'default-vpc': 'none',
  'max-instances': '20',
  'vpc-max-security-groups-per-interface': '5',
  'max-elastic-ips': '5',
  'vpc-max-elastic-ips': '5',
};

/** VPCs, subnets and zones: https://docs.aws.amazon.com/vpc/latest/userguide/ */
export const networkHandlers: Handlers = {
  CreateVpc: ({ scope }: Call, input: CreateVpcRequest): CreateVpcResult => {
    if (input.CidrBlock === undefined)
      throw new AwsError('MissingParameter', 'Either cidrBlock or ipv4IpamPoolId must be provided');
    const record = { vpcId: `vpc-${scope.world.nextHex(17)}`, cidrBlock: input.CidrBlock };
    scope.tables.vpcs.put(record.vpcId, record);
    setTags(scope, record.vpcId, specifiedTags(input.TagSpecifications, 'vpc'));
    return { Vpc: vpcView(scope, record) };
  },
  DescribeVpcs: ({ scope, reading }: Call, input: DescribeVpcsRequest): DescribeVpcsResult => {
    const named = selectById(scope.tables.vpcs, input.VpcIds, {
      code: 'InvalidVpcID.NotFound',
      label: 'vpc ID',
    });
    const rows = filtered(named, input.Filters, {
      readers: VPC_FILTERS,
      tagsOf: ({ vpcId }) => tagsOf(scope, vpcId),
    });
    const page = reading.page({
      rows,
      key: (vpc) => vpc.vpcId,
      token: input.NextToken,
      limit: input.MaxResults,
      max: 1000,
    });
    return { Vpcs: page.items.map((vpc) => vpcView(scope, vpc)), NextToken: page.nextToken };
  },
  CreateSubnet: ({ scope }: Call, input: CreateSubnetRequest): CreateSubnetResult => {
    requireVpc(scope, input.VpcId);
    const zone = input.AvailabilityZone ?? scope.zones()[0] ?? '';
    if (!scope.zones().includes(zone)) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${scope.zones().join(', ')}.`,
      );
    }
    if (input.CidrBlock === undefined)
      throw new AwsError('MissingParameter', 'The request must contain the parameter CidrBlock');
    const isTaken = scope.tables.subnets
      .all()
      .some((subnet) => subnet.vpcId === input.VpcId && subnet.cidrBlock === input.CidrBlock);
    if (isTaken)
      throw new AwsError(
        'InvalidSubnet.Conflict',
        `The CIDR '${input.CidrBlock}' conflicts with another subnet`,
      );
    const record = {
      subnetId: `subnet-${scope.world.nextHex(17)}`,
      vpcId: input.VpcId ?? '',
      cidrBlock: input.CidrBlock,
      zone,
    };
    scope.tables.subnets.put(record.subnetId, record);
    setTags(scope, record.subnetId, specifiedTags(input.TagSpecifications, 'subnet'));
    return { Subnet: subnetView(scope, record) };
  },
  DescribeSubnets: (
    { scope, reading }: Call,
    input: DescribeSubnetsRequest,
  ): DescribeSubnetsResult => {
    const named = selectById(scope.tables.subnets, input.SubnetIds, {
      code: 'InvalidSubnetID.NotFound',
      label: 'subnet ID',
    });
    const rows = filtered(named, input.Filters, {
      readers: SUBNET_FILTERS,
      tagsOf: ({ subnetId }) => tagsOf(scope, subnetId),
    });
    const page = reading.page({
      rows,
      key: (subnet) => subnet.subnetId,
      token: input.NextToken,
      limit: input.MaxResults,
      max: 1000,
    });
    return {
      Subnets: page.items.map((subnet) => subnetView(scope, subnet)),
      NextToken: page.nextToken,
    };
  },
  DescribeAccountAttributes: (
    { reading }: Call,
    input: DescribeAccountAttributesRequest,
  ): DescribeAccountAttributesResult => ({
    AccountAttributes: reading
      .all(Object.entries(ACCOUNT_ATTRIBUTES), ([name]) => name)
      .filter(([name]) => input.AttributeNames?.some((asked) => asked === name) ?? true)
      .map(([AttributeName, AttributeValue]) => ({
        AttributeName,
        AttributeValues: [{ AttributeValue }],
      })),
  }),
  DescribeAvailabilityZones: (
    { scope, reading }: Call,
    input: DescribeAvailabilityZonesRequest,
  ): DescribeAvailabilityZonesResult => ({
    AvailabilityZones: filtered(
      reading.all(scope.zones(), (zone) => zone),
      input.Filters,
      {
        readers: {
          'zone-name': (zone) => zone,
          'region-name': () => scope.region,
          state: () => 'available',
        },
      },
    )
      .filter((zone) => input.ZoneNames === undefined || input.ZoneNames.includes(zone))
      .map((zone) => ({
        ZoneName: zone,
        ZoneId: `${zone}-id`,
        RegionName: scope.region,
        State: 'available',
        ZoneType: 'availability-zone',
      })),
  }),
};

const VPC_FILTERS: FilterReaders<VpcRecord> = {
  'vpc-id': (vpc) => vpc.vpcId,
  cidr: (vpc) => vpc.cidrBlock,
  'is-default': () => 'false',
  isDefault: () => 'false',
  state: () => 'available',
};

const SUBNET_FILTERS: FilterReaders<SubnetRecord> = {
  'subnet-id': (subnet) => subnet.subnetId,
  'vpc-id': (subnet) => subnet.vpcId,
  'availability-zone': (subnet) => subnet.zone,
  'cidr-block': (subnet) => subnet.cidrBlock,
  state: () => 'available',
};

/** Refuses a VPC that is not there. */
export function requireVpc(scope: Scope, vpcId: string | undefined): void {
  if (vpcId === undefined || scope.tables.vpcs.find(vpcId) === undefined) {
    throw new AwsError('InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
  }
}

function vpcView(scope: Scope, vpc: VpcRecord): Vpc {
  return {
    VpcId: vpc.vpcId,
    CidrBlock: vpc.cidrBlock,
    State: 'available',
    IsDefault: false,
    OwnerId: scope.account,
    InstanceTenancy: 'default',
    Tags: tagList(scope, vpc.vpcId),
  };
}

function subnetView(scope: Scope, subnet: SubnetRecord): Subnet {
  return {
    SubnetId: subnet.subnetId,
    SubnetArn: `arn:aws:ec2:${scope.region}:${scope.account}:subnet/${subnet.subnetId}`,
    VpcId: subnet.vpcId,
    CidrBlock: subnet.cidrBlock,
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: `${subnet.zone}-id`,
    State: 'available',
    OwnerId: scope.account,
    AvailableIpAddressCount: freeAddresses(scope, subnet.subnetId),
    DefaultForAz: false,
    MapPublicIpOnLaunch: false,
    Tags: tagList(scope, subnet.subnetId),
  };
}

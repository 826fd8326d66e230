import type {
  AuthorizeSecurityGroupIngressRequest,
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  CreateSubnetRequest,
  CreateSubnetResult,
  CreateVpcRequest,
  CreateVpcResult,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  SecurityGroup,
  Subnet,
  Vpc,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { freeAddresses } from './addresses.js';
import { matchesFilters } from './filters.js';
import type { SecurityGroupRecord, SubnetRecord, VpcRecord } from './records.js';
import { selectById } from './select.js';
import { setTags, specifiedTags, tagList, tagsOf } from './tags.js';

/** VPCs, subnets, security groups and zones: https://docs.aws.amazon.com/vpc/latest/userguide/ */
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
    const rows = selectById(scope.tables.vpcs, input.VpcIds, {
      code: 'InvalidVpcID.NotFound',
      label: 'vpc ID',
    }).filter((vpc) =>
      matchesFilters(
        input.Filters,
        {
          'vpc-id': () => vpc.vpcId,
          cidr: () => vpc.cidrBlock,
          'is-default': () => 'false',
          isDefault: () => 'false',
          state: () => 'available',
        },
        tagsOf(scope, vpc.vpcId),
      ),
    );
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
    const rows = selectById(scope.tables.subnets, input.SubnetIds, {
      code: 'InvalidSubnetID.NotFound',
      label: 'subnet ID',
    }).filter((subnet) =>
      matchesFilters(
        input.Filters,
        {
          'subnet-id': () => subnet.subnetId,
          'vpc-id': () => subnet.vpcId,
          'availability-zone': () => subnet.zone,
          'cidr-block': () => subnet.cidrBlock,
          state: () => 'available',
        },
        tagsOf(scope, subnet.subnetId),
      ),
    );
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
  CreateSecurityGroup: (
    { scope }: Call,
    input: CreateSecurityGroupRequest,
  ): CreateSecurityGroupResult => {
    requireVpc(scope, input.VpcId);
    const name = input.GroupName ?? '';
    const isTaken = scope.tables.securityGroups
      .all()
      .some((group) => group.vpcId === input.VpcId && group.name === name);
    if (isTaken)
      throw new AwsError(
        'InvalidGroup.Duplicate',
        `The security group '${name}' already exists for VPC '${input.VpcId}'`,
      );
    const record: SecurityGroupRecord = {
      groupId: `sg-${scope.world.nextHex(17)}`,
      name,
      description: input.Description ?? '',
      vpcId: input.VpcId ?? '',
      ingress: [],
    };
    scope.tables.securityGroups.put(record.groupId, record);
    setTags(scope, record.groupId, specifiedTags(input.TagSpecifications, 'security-group'));
    return { GroupId: record.groupId };
  },
  AuthorizeSecurityGroupIngress: ({ scope }: Call, input: AuthorizeSecurityGroupIngressRequest) => {
    const group = scope.tables.securityGroups.find(input.GroupId ?? '');
    if (group === undefined)
      throw new AwsError(
        'InvalidGroup.NotFound',
        `The security group '${input.GroupId}' does not exist`,
      );
    const added = input.IpPermissions ?? [];
    const known = new Set(group.ingress.map((permission) => JSON.stringify(permission)));
    if (added.some((permission) => known.has(JSON.stringify(permission)))) {
      throw new AwsError('InvalidPermission.Duplicate', 'the specified rule already exists');
    }
    scope.tables.securityGroups.update(group.groupId, { ingress: [...group.ingress, ...added] });
    return { Return: true };
  },
  DescribeSecurityGroups: (
    { scope, reading }: Call,
    input: DescribeSecurityGroupsRequest,
  ): DescribeSecurityGroupsResult => {
    const rows = selectById(scope.tables.securityGroups, input.GroupIds, {
      code: 'InvalidGroup.NotFound',
      label: 'security group',
    }).filter((group) =>
      matchesFilters(
        input.Filters,
        {
          'group-id': () => group.groupId,
          'group-name': () => group.name,
          'vpc-id': () => group.vpcId,
          description: () => group.description,
        },
        tagsOf(scope, group.groupId),
      ),
    );
    const page = reading.page({
      rows,
      key: (group) => group.groupId,
      token: input.NextToken,
      limit: input.MaxResults,
      max: 1000,
    });
    return {
      SecurityGroups: page.items.map((group) => groupView(scope, group)),
      NextToken: page.nextToken,
    };
  },
  DescribeAvailabilityZones: (
    { scope, reading }: Call,
    input: DescribeAvailabilityZonesRequest,
  ): DescribeAvailabilityZonesResult => ({
    AvailabilityZones: reading
      .all(scope.zones(), (zone) => zone)
      .filter((zone) => input.ZoneNames === undefined || input.ZoneNames.includes(zone))
      .filter((zone) =>
        matchesFilters(input.Filters, {
          'zone-name': () => zone,
          'region-name': () => scope.region,
          state: () => 'available',
        }),
      )
      .map((zone) => ({
        ZoneName: zone,
        ZoneId: `${zone}-id`,
        RegionName: scope.region,
        State: 'available',
        ZoneType: 'availability-zone',
      })),
  }),
};

function requireVpc(scope: Scope, vpcId: string | undefined): void {
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

function groupView(scope: Scope, group: SecurityGroupRecord): SecurityGroup {
  return {
    GroupId: group.groupId,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    OwnerId: scope.account,
    IpPermissions: [...group.ingress],
    IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    Tags: tagList(scope, group.groupId),
  };
}

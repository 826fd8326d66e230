import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  type EC2Client,
  type SecurityGroup,
  type Subnet,
  type Vpc,
} from '@aws-sdk/client-ec2';
import { ensured, required } from './ensured.js';

export interface Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
}

type Log = (line: string) => void;

const NAME = 'web';
const ZONES = ['a', 'b', 'c'] as const;

/** A VPC with a subnet in each of three zones, and a security group that lets HTTP in. */
export async function ensureNetwork(ec2: EC2Client, region: string, log: Log): Promise<Network> {
  const vpcId = await ensureVpc(ec2, log);
  const subnetIds: string[] = [];
  for (const [index, letter] of ZONES.entries()) {
    subnetIds.push(
      await ensureSubnet(ec2, log, {
        vpcId,
        zone: `${region}${letter}`,
        // Room for two fleets of a thousand in each zone.
        cidrBlock: `10.0.${index * 16}.0/20`,
        name: `${NAME}-${letter}`,
      }),
    );
  }
  return { vpcId, subnetIds, securityGroupId: await ensureSecurityGroup(ec2, log, vpcId) };
}

async function ensureVpc(ec2: EC2Client, log: Log): Promise<string> {
  return ensured(`VPC ${NAME} (10.0.0.0/16)`, log, {
    find: async () => {
      const vpcs: Vpc[] = [];
      const filters = [{ Name: 'tag:Name', Values: [NAME] }];
      for await (const page of paginateDescribeVpcs({ client: ec2 }, { Filters: filters }))
        vpcs.push(...(page.Vpcs ?? []));
      return vpcs[0]?.VpcId;
    },
    make: async () => {
      const { Vpc: vpc } = await ec2.send(
        new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', TagSpecifications: named('vpc', NAME) }),
      );
      return required(vpc?.VpcId, 'the id of the new VPC');
    },
  });
}

interface WantedSubnet {
  readonly vpcId: string;
  readonly zone: string;
  readonly cidrBlock: string;
  readonly name: string;
}

async function ensureSubnet(ec2: EC2Client, log: Log, wanted: WantedSubnet): Promise<string> {
  return ensured(`subnet ${wanted.name} (${wanted.cidrBlock}, ${wanted.zone})`, log, {
    find: async () => {
      const subnets: Subnet[] = [];
      const filters = [
        { Name: 'vpc-id', Values: [wanted.vpcId] },
        { Name: 'cidr-block', Values: [wanted.cidrBlock] },
      ];
      for await (const page of paginateDescribeSubnets({ client: ec2 }, { Filters: filters }))
        subnets.push(...(page.Subnets ?? []));
      return subnets[0]?.SubnetId;
    },
    make: async () => {
      const { Subnet: subnet } = await ec2.send(
        new CreateSubnetCommand({
          VpcId: wanted.vpcId,
          CidrBlock: wanted.cidrBlock,
          AvailabilityZone: wanted.zone,
          TagSpecifications: named('subnet', wanted.name),
        }),
      );
      return required(subnet?.SubnetId, 'the id of the new subnet');
    },
  });
}

async function ensureSecurityGroup(ec2: EC2Client, log: Log, vpcId: string): Promise<string> {
  return ensured(`security group ${NAME}`, log, {
    find: async () => {
      const groups: SecurityGroup[] = [];
      const filters = [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'group-name', Values: [NAME] },
      ];
      for await (const page of paginateDescribeSecurityGroups(
        { client: ec2 },
        { Filters: filters },
      )) {
        groups.push(...(page.SecurityGroups ?? []));
      }
      return groups[0]?.GroupId;
    },
    make: async () => {
      const { GroupId: id } = await ec2.send(
        new CreateSecurityGroupCommand({
          GroupName: NAME,
          Description: 'HTTP for web',
          VpcId: vpcId,
          TagSpecifications: named('security-group', NAME),
        }),
      );
      const groupId = required(id, 'the id of the new security group');
      const http = {
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 80,
        IpRanges: [{ CidrIp: '10.0.0.0/16' }],
      };
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [http] }),
      );
      return groupId;
    },
  });
}

function named(resourceType: 'vpc' | 'subnet' | 'security-group', name: string) {
  return [{ ResourceType: resourceType, Tags: [{ Key: 'Name', Value: name }] }];
}

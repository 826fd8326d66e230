import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAvailabilityZonesCommand,
  type ResourceType,
} from '@aws-sdk/client-ec2';
import type { Stage } from '../stage.js';

export interface Network {
  readonly vpcId: string;
  /** One in each of the zones. */
  readonly subnetIds: readonly string[];
  readonly zones: readonly string[];
}

/** A VPC of the scenario's own with a /24 subnet in each of so many zones. */
export async function network(stage: Stage, zoneCount = 2): Promise<Network> {
  const { ec2 } = stage;
  const listed = await ec2.send(
    new DescribeAvailabilityZonesCommand({
      Filters: [{ Name: 'region-name', Values: [stage.region] }],
    }),
  );
  const zones = (listed.AvailabilityZones ?? [])
    .map(({ ZoneName: zone }) => required(zone, 'the name of a zone'))
    .toSorted()
    .slice(0, zoneCount);
  const { Vpc: vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: '10.7.0.0/16', TagSpecifications: [tagged(stage, 'vpc')] }),
  );
  const vpcId = required(vpc?.VpcId, 'the id of the VPC');
  stage.atEnd(async () => ec2.send(new DeleteVpcCommand({ VpcId: vpcId })));
  const subnetIds: string[] = [];
  for (const [index, zone] of zones.entries())
    subnetIds.push(await subnet(stage, vpcId, { zone, cidrBlock: `10.7.${index}.0/24` }));
  return { vpcId, subnetIds, zones };
}

async function subnet(
  stage: Stage,
  vpcId: string,
  at: { readonly zone: string; readonly cidrBlock: string },
): Promise<string> {
  const { Subnet: made } = await stage.ec2.send(
    new CreateSubnetCommand({
      VpcId: vpcId,
      CidrBlock: at.cidrBlock,
      AvailabilityZone: at.zone,
      TagSpecifications: [tagged(stage, 'subnet')],
    }),
  );
  const subnetId = required(made?.SubnetId, 'the id of the subnet');
  stage.atEnd(async () => stage.ec2.send(new DeleteSubnetCommand({ SubnetId: subnetId })));
  return subnetId;
}

export async function securityGroup(stage: Stage, vpcId: string, name = 'web'): Promise<string> {
  const { GroupId: id } = await stage.ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: name,
      Description: 'contract suite',
      VpcId: vpcId,
      TagSpecifications: [tagged(stage, 'security-group')],
    }),
  );
  const groupId = required(id, 'the id of the security group');
  stage.atEnd(async () => stage.ec2.send(new DeleteSecurityGroupCommand({ GroupId: groupId })));
  return groupId;
}

export function tagged(stage: Stage, type: ResourceType) {
  return { ResourceType: type, Tags: [stage.tag] };
}

/** The value, or an error that says what a reply did not have. */
export function required<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`The reply does not have ${what}`);
  return value;
}

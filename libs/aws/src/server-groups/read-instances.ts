import {
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { InstanceDetails, SubnetDetails } from '../aws-reads.js';
import type { CallOptions } from '../call-options.js';
import { collectPages, readChunks } from '../calling/pages.js';
import { requiredField } from '../calling/required-field.js';

/** Most values of one EC2 filter. */
const filterValuesMax = 200;
/** Largest page of DescribeInstances and DescribeSubnets. */
const itemsPerPage = 1_000;

/** See AwsReads. By filter, not by id: one unknown id would fail the whole call (clouddriver#1761, #3383). */
export function describeInstances(
  caller: AwsCaller,
  instanceIds: readonly string[],
  options: CallOptions,
): Promise<readonly InstanceDetails[]> {
  return readChunks([...instanceIds].toSorted(), filterValuesMax, (ids) =>
    collectPages('instances', async (token) => {
      const command = new DescribeInstancesCommand({
        Filters: [{ Name: 'instance-id', Values: [...ids] }],
        MaxResults: itemsPerPage,
        NextToken: token,
      });
      const reply = await caller.ec2(command, { ...options, resource: `${ids.length} instances` });
      const found = (reply.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
      return { items: found.map(toInstanceDetails), next: reply.NextToken };
    }),
  );
}

/** See AwsReads. */
export function describeSubnets(
  caller: AwsCaller,
  subnetIds: readonly string[],
  options: CallOptions,
): Promise<readonly SubnetDetails[]> {
  return readChunks(subnetIds, filterValuesMax, (ids) =>
    collectPages('subnets', async (token) => {
      const command = new DescribeSubnetsCommand({
        Filters: [{ Name: 'subnet-id', Values: [...ids] }],
        MaxResults: itemsPerPage,
        NextToken: token,
      });
      const reply = await caller.ec2(command, { ...options, resource: ids.join(', ') });
      const subnets = (reply.Subnets ?? []).map((subnet) => ({
        subnetId: requiredField(subnet.SubnetId, 'SubnetId'),
        vpcId: requiredField(subnet.VpcId, 'VpcId'),
        zone: requiredField(subnet.AvailabilityZone, 'AvailabilityZone'),
        availableAddresses: subnet.AvailableIpAddressCount ?? 0,
      }));
      return { items: subnets, next: reply.NextToken };
    }),
  );
}

function toInstanceDetails(instance: Instance): InstanceDetails {
  return {
    instanceId: requiredField(instance.InstanceId, 'InstanceId'),
    state: requiredField(instance.State?.Name, 'State'),
    imageId: instance.ImageId ?? null,
    instanceType: instance.InstanceType ?? null,
    zone: instance.Placement?.AvailabilityZone ?? null,
    launchedAt: instance.LaunchTime?.toISOString() ?? null,
  };
}

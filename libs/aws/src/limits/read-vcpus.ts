import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  type _InstanceType,
  type Instance,
} from '@aws-sdk/client-ec2';
import type { Purchase, TypeBought, VcpuRoom } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { collectPages, readChunks } from '../calling/pages.js';
import { getQuotaValue } from './read-quotas.js';
import { requiredField } from '../calling/required-field.js';
import { findVcpuQuota, type VcpuQuotaCode } from './vcpu-quotas.js';

/** Largest page of DescribeInstances. */
const instancesPerPage = 1_000;
/** Types named in one DescribeInstanceTypes. */
const typesPerDescribe = 100;

/** See LimitReads. */
export async function describeVcpuRoom(
  caller: AwsCaller,
  types: readonly TypeBought[],
  options: CallOptions,
): Promise<VcpuRoom> {
  const quotas = [...new Set(types.map(quotaOf))].filter((quota) => quota !== undefined);
  if (quotas.length === 0) return { types: types.map((type) => unbounded(type)), quotas: [] };
  const running = (await listRunning(caller, options)).filter((one) => {
    const quota = quotaOf(one);
    return quota !== undefined && quotas.includes(quota);
  });
  const [vcpusOf, limits] = await Promise.all([
    describeVcpus(caller, [...types, ...running], options),
    Promise.all(
      quotas.map(({ quotaCode }) =>
        getQuotaValue(caller, { serviceCode: 'ec2', quotaCode }, options),
      ),
    ),
  ]);
  const count = (one: TypeBought): number => vcpusOf.get(one.instanceType) ?? 0;
  return {
    types: types.map((type) => ({ ...unbounded(type), vcpus: count(type) })),
    quotas: quotas.map((quota, index) => ({
      name: quota.name,
      vcpusUsed: running
        .filter((one) => quotaOf(one) === quota)
        .reduce((sum, one) => sum + count(one), 0),
      vcpusMax: limits[index] ?? 0,
    })),
  };
}

function quotaOf({ instanceType, purchase }: TypeBought): VcpuQuotaCode | undefined {
  return findVcpuQuota(instanceType, purchase);
}

function unbounded(type: TypeBought): VcpuRoom['types'][number] {
  return { ...type, vcpus: 0, quota: quotaOf(type)?.name ?? null };
}

/**
 * Everything that runs in the region, or is about to. By the documentation pending instances do not count yet; they will in
 * seconds. On Dedicated Hosts they never do.
 */
function listRunning(caller: AwsCaller, options: CallOptions): Promise<readonly TypeBought[]> {
  return collectPages('instances', async (token) => {
    const command = new DescribeInstancesCommand({
      Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }],
      MaxResults: instancesPerPage,
      NextToken: token,
    });
    const reply = await caller.ec2(command, { ...options, resource: 'running instances' });
    const found = (reply.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
    const counted = found.filter((instance) => instance.Placement?.Tenancy !== 'host');
    const items = counted.map((instance) => ({
      instanceType: requiredField(instance.InstanceType, 'InstanceType'),
      purchase: purchaseOf(instance),
    }));
    return { items, next: reply.NextToken };
  });
}

function purchaseOf({ InstanceLifecycle: lifecycle }: Instance): Purchase {
  return lifecycle === 'spot' ? 'spot' : 'onDemand';
}

async function describeVcpus(
  caller: AwsCaller,
  types: readonly TypeBought[],
  options: CallOptions,
): Promise<ReadonlyMap<string, number>> {
  const names = types.map(({ instanceType }) => instanceType);
  const found = await readChunks(names, typesPerDescribe, (chunk) =>
    collectPages('instance types', async (token) => {
      const command = new DescribeInstanceTypesCommand({
        InstanceTypes: [...chunk] as _InstanceType[],
        NextToken: token,
      });
      const reply = await caller.ec2(command, { ...options, resource: chunk.join(', ') });
      return { items: reply.InstanceTypes ?? [], next: reply.NextToken };
    }),
  );
  return new Map(
    found.map((type) => [
      requiredField(type.InstanceType, 'InstanceType'),
      requiredField(type.VCpuInfo?.DefaultVCpus, 'DefaultVCpus'),
    ]),
  );
}

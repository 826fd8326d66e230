import {
  _InstanceType,
  type DescribeInstanceTypesRequest,
  type DescribeInstanceTypesResult,
  type InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import { filtered, type FilterReaders } from './filters.js';

/** Bounds of DescribeInstanceTypes: types that are named, and a page. */
const NAMED_MAX = 100;
const PAGE_MIN = 5;
const PAGE_MAX = 100;
/** An `xlarge` has four vCPUs, and an `Nxlarge` N times as many. */
const VCPUS_PER_XLARGE = 4;

/** Types whose number does not follow from their size. */
const VCPUS_OF: Readonly<Record<string, number>> = {
  'c1.medium': 2,
  'c1.xlarge': 8,
  'c4.8xlarge': 36,
  'd2.8xlarge': 36,
  'm2.xlarge': 2,
  'm2.2xlarge': 4,
  'm2.4xlarge': 8,
  't1.micro': 1,
  't2.nano': 1,
  't2.micro': 1,
  't2.small': 1,
};
/** Families whose numbers follow no rule, and which are left out. */
const LEFT_OUT = /^(cc|cg|cr|hi|hs|hpc|mac)/;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html */
export const instanceTypeHandlers: Handlers = {
  DescribeInstanceTypes: (
    { reading }: Call,
    input: DescribeInstanceTypesRequest,
  ): DescribeInstanceTypesResult => {
    const { InstanceTypes: named, Filters: filters, MaxResults: limit } = input;
    checkRequest(named, limit);
    const rows = filtered((named ?? KNOWN).map(typeView), filters, {
      readers: TYPE_FILTERS,
      tagsOf: () => ({}),
    });
    if (named !== undefined) return { InstanceTypes: [...reading.all(rows, typeKey)] };
    const token = input.NextToken;
    const page = reading.page({ rows, key: typeKey, token, limit, max: PAGE_MAX });
    return { InstanceTypes: [...page.items], NextToken: page.nextToken };
  },
};

/** How many vCPUs a type has by default; `undefined`: the stand-in does not know the type. */
export function vcpusOf(instanceType: string): number | undefined {
  const exact = VCPUS_OF[instanceType];
  if (exact !== undefined) return exact;
  const [family = '', size = ''] = instanceType.split('.');
  if (LEFT_OUT.test(family)) return undefined;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  if (times !== undefined) return VCPUS_PER_XLARGE * Number(times === '' ? 1 : times);
  if (size === 'large') return 2;
  if (family.startsWith('t')) return /^(nano|micro|small|medium)$/.test(size) ? 2 : undefined;
  return /^(small|medium)$/.test(size) ? 1 : undefined;
}

const KNOWN: readonly string[] = Object.values(_InstanceType).filter(
  (type) => vcpusOf(type) !== undefined,
);
const IS_KNOWN = new Set(KNOWN);

const TYPE_FILTERS: FilterReaders<InstanceTypeInfo> = {
  'instance-type': (type) => type.InstanceType ?? '',
  'vcpu-info.default-vcpus': (type) => String(type.VCpuInfo?.DefaultVCpus),
};

function checkRequest(named: readonly string[] | undefined, limit: number | undefined): void {
  if (named !== undefined && limit !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter instanceTypes cannot be used with the parameter maxResults',
    );
  if (limit !== undefined && (limit < PAGE_MIN || limit > PAGE_MAX))
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${limit} ) for parameter maxResults is invalid. Expecting a value between ${PAGE_MIN} and ${PAGE_MAX}.`,
    );
  if ((named?.length ?? 0) > NAMED_MAX)
    throw new AwsError(
      'InvalidParameterValue',
      `The maximum number of instance types that can be specified is ${NAMED_MAX}.`,
    );
  const unknown = (named ?? []).filter((type) => !IS_KNOWN.has(type));
  if (unknown.length > 0)
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
    );
}

function typeKey(type: InstanceTypeInfo): string {
  return type.InstanceType ?? '';
}

function typeView(instanceType: string): InstanceTypeInfo {
  return {
    InstanceType: instanceType as NonNullable<InstanceTypeInfo['InstanceType']>,
    VCpuInfo: { DefaultVCpus: vcpusOf(instanceType) },
  };
}

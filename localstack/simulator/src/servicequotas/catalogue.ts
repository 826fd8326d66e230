import type { InstanceRecord } from '../ec2/records.js';

/** A quota as Service Quotas knows it. */
export interface Quota {
  readonly serviceCode: 'ec2' | 'elasticloadbalancing';
  readonly quotaCode: string;
  readonly name: string;
  /** AWS's own default. */
  readonly byDefault: number;
  /** What the stand-in's accounts have been given; absent: nothing was ever applied, the default holds. */
  readonly applied?: number;
}

/**
 * vCPUs of each kind that an account of the stand-in has: an account of AWS that is new has five, which no scenario of
 * ours would get far with.
 */
const VCPUS_APPLIED = 20_000;

/**
 * On-Demand quotas with the families, by their letters, whose vCPUs count against them.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html#ec2-on-demand-instances-limits
 */
const ON_DEMAND: readonly (readonly [RegExp, Quota])[] = [
  [
    /^(a|c|d|h|i|im|is|m|r|t|z)$/,
    vcpus('L-1216C47A', 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances', 5),
  ],
  [/^f$/, vcpus('L-74FC7D96', 'Running On-Demand F instances', 0)],
  [/^(g|gr|vt)$/, vcpus('L-DB2E81BA', 'Running On-Demand G and VT instances', 0)],
  [/^inf$/, vcpus('L-1945791B', 'Running On-Demand Inf instances', 0)],
  [/^p$/, vcpus('L-417A185B', 'Running On-Demand P instances', 0)],
  [/^trn$/, vcpus('L-2C3B7624', 'Running On-Demand Trn instances', 0)],
  [/^x$/, vcpus('L-7295265B', 'Running On-Demand X instances', 0)],
  [/^dl$/, vcpus('L-6E869C2A', 'Running On-Demand DL instances', 0)],
  [/^hpc$/, vcpus('L-F7808C92', 'Running On-Demand HPC instances', 0)],
  [/^u/, vcpus('L-43DA4232', 'Running On-Demand High Memory instances', 0)],
];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html */
const SPOT: readonly Quota[] = [
  vcpus('L-34B43A08', 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests', 5),
  vcpus('L-88CF9481', 'All F Spot Instance Requests', 0),
  vcpus('L-3819A6DF', 'All G and VT Spot Instance Requests', 0),
  vcpus('L-B5D1601B', 'All Inf Spot Instance Requests', 0),
  vcpus('L-7212CCBC', 'All P4, P3 and P2 Spot Instance Requests', 0),
  vcpus('L-C4BD4855', 'All P5 Spot Instance Requests', 0),
  vcpus('L-6B0D517C', 'All Trn Spot Instance Requests', 0),
  vcpus('L-E3A00192', 'All X Spot Instance Requests', 0),
  vcpus('L-85EED4F7', 'All DL Spot Instance Requests', 0),
];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
export const TARGETS_PER_TARGET_GROUP: Quota = {
  serviceCode: 'elasticloadbalancing',
  quotaCode: 'L-A0D0B863',
  name: 'Targets per Target Group per Region',
  byDefault: 1000,
};

export const TARGETS_PER_LOAD_BALANCER: Quota = {
  serviceCode: 'elasticloadbalancing',
  quotaCode: 'L-7E6692B2',
  name: 'Targets per Application Load Balancer',
  byDefault: 1000,
};

/** Every quota that the stand-in knows. */
export const CATALOGUE: readonly Quota[] = [
  ...ON_DEMAND.map(([, quota]) => quota),
  ...SPOT,
  TARGETS_PER_TARGET_GROUP,
  TARGETS_PER_LOAD_BALANCER,
];

/** The On-Demand quota that a type's vCPUs count against; `undefined`: none that the stand-in knows. */
export function onDemandQuotaOf(instanceType: string): Quota | undefined {
  const [letters = ''] = /^[a-z]+/.exec(instanceType) ?? [];
  return ON_DEMAND.find(([families]) => families.test(letters))?.[1];
}

/** Under which quota an instance is counted: while it runs, or is about to. */
export function vcpuQuotaOf({ state, instanceType }: InstanceRecord): string | undefined {
  if (state !== 'pending' && state !== 'running') return undefined;
  return onDemandQuotaOf(instanceType)?.quotaCode;
}

function vcpus(quotaCode: string, name: string, byDefault: number): Quota {
  return { serviceCode: 'ec2', quotaCode, name, byDefault, applied: VCPUS_APPLIED };
}

import type { Purchase } from '@gennaker/domain';

/** One of EC2's quotas of running vCPUs, as Service Quotas knows it. */
export interface VcpuQuotaCode {
  /** In words, such as `Standard On-Demand`. */
  readonly name: string;
  readonly quotaCode: string;
  /** The families that it bounds, by the letters that their names begin with. */
  readonly families: RegExp;
}

const standard = /^(a|c|cc|cr|d|h|hs|i|im|is|m|r|t|z)\d/;

/**
 * Quotas of vCPUs that run On-Demand.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html#ec2-on-demand-instances-limits
 */
const onDemand: readonly VcpuQuotaCode[] = [
  { name: 'Standard On-Demand', quotaCode: 'L-1216C47A', families: standard },
  { name: 'F On-Demand', quotaCode: 'L-74FC7D96', families: /^f\d/ },
  { name: 'G and VT On-Demand', quotaCode: 'L-DB2E81BA', families: /^(g|gr|vt)\d/ },
  { name: 'Inf On-Demand', quotaCode: 'L-1945791B', families: /^inf\d/ },
  { name: 'P On-Demand', quotaCode: 'L-417A185B', families: /^p\d/ },
  { name: 'Trn On-Demand', quotaCode: 'L-2C3B7624', families: /^trn\d/ },
  { name: 'X On-Demand', quotaCode: 'L-7295265B', families: /^x\d/ },
  { name: 'DL On-Demand', quotaCode: 'L-6E869C2A', families: /^dl\d/ },
  { name: 'HPC On-Demand', quotaCode: 'L-F7808C92', families: /^hpc\d/ },
  { name: 'High Memory On-Demand', quotaCode: 'L-43DA4232', families: /^u(-|\d)/ },
];

/**
 * Quotas of vCPUs that run on Spot, or are asked for: the P families have two, and HPC and High Memory none.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html
 */
const spot: readonly VcpuQuotaCode[] = [
  { name: 'Standard Spot', quotaCode: 'L-34B43A08', families: standard },
  { name: 'F Spot', quotaCode: 'L-88CF9481', families: /^f\d/ },
  { name: 'G and VT Spot', quotaCode: 'L-3819A6DF', families: /^(g|gr|vt)\d/ },
  { name: 'Inf Spot', quotaCode: 'L-B5D1601B', families: /^inf\d/ },
  { name: 'P4, P3 and P2 Spot', quotaCode: 'L-7212CCBC', families: /^p[234]/ },
  { name: 'P5 Spot', quotaCode: 'L-C4BD4855', families: /^p5/ },
  { name: 'Trn Spot', quotaCode: 'L-6B0D517C', families: /^trn\d/ },
  { name: 'X Spot', quotaCode: 'L-E3A00192', families: /^x\d/ },
  { name: 'DL Spot', quotaCode: 'L-85EED4F7', families: /^dl\d/ },
];

/** The quota that a type's vCPUs count against when it is bought so; undefined: none is known. Pure. */
export function findVcpuQuota(instanceType: string, purchase: Purchase): VcpuQuotaCode | undefined {
  const quotas = purchase === 'spot' ? spot : onDemand;
  return quotas.find(({ families }) => families.test(instanceType));
}

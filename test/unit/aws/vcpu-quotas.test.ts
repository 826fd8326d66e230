import { findVcpuQuota } from '@gennaker/aws';
import { expect, test } from 'vitest';

test.each([
  ['m5.large', 'L-1216C47A', 'L-34B43A08'],
  ['im4gn.large', 'L-1216C47A', 'L-34B43A08'],
  ['is4gen.medium', 'L-1216C47A', 'L-34B43A08'],
  ['t4g.micro', 'L-1216C47A', 'L-34B43A08'],
  ['f2.6xlarge', 'L-74FC7D96', 'L-88CF9481'],
  ['gr6.4xlarge', 'L-DB2E81BA', 'L-3819A6DF'],
  ['vt1.3xlarge', 'L-DB2E81BA', 'L-3819A6DF'],
  ['inf2.xlarge', 'L-1945791B', 'L-B5D1601B'],
  ['p4d.24xlarge', 'L-417A185B', 'L-7212CCBC'],
  ['p5en.48xlarge', 'L-417A185B', 'L-C4BD4855'],
  ['p6-b200.48xlarge', 'L-417A185B', undefined],
  ['trn2.48xlarge', 'L-2C3B7624', 'L-6B0D517C'],
  ['x2idn.16xlarge', 'L-7295265B', 'L-E3A00192'],
  ['dl1.24xlarge', 'L-6E869C2A', 'L-85EED4F7'],
  ['hpc7g.4xlarge', 'L-F7808C92', undefined],
  ['u-6tb1.metal', 'L-43DA4232', undefined],
  ['u7i-12tb.224xlarge', 'L-43DA4232', undefined],
  ['mac2.metal', undefined, undefined],
])('%s counts against %s On-Demand and %s on Spot', (instanceType, onDemand, spot) => {
  expect(findVcpuQuota(instanceType, 'onDemand')?.quotaCode).toBe(onDemand);
  expect(findVcpuQuota(instanceType, 'spot')?.quotaCode).toBe(spot);
});

import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatorControl } from '../../support/e2e/simulator-control.js';
import { asWrite, denied, startBench, type AwsBench } from './aws-bench.js';

let bench: AwsBench;
let control: SimulatorControl;

beforeEach(async () => {
  bench = await startBench({}, { adversarial: { pageSize: 5, staleShare: 0, appStartSeconds: 0 } });
  control = new SimulatorControl(bench.url);
});

afterEach(async () => {
  await bench.close();
});

const large = { instanceType: 'm5.large', purchase: 'onDemand' } as const;
const quotaReads = /ServiceQuota/;

/** Runs instances as others would, beside every server group. */
async function run(instanceType: 't3.micro' | 'g5.xlarge', count: number): Promise<void> {
  await bench.bare.ec2.send(
    new RunInstancesCommand({
      ImageId: bench.ground.imageId,
      InstanceType: instanceType,
      SubnetId: bench.ground.subnetIds[0],
      MinCount: count,
      MaxCount: count,
    }),
  );
}

test('counts what runs in the region against each quota that is asked for, over all pages', async () => {
  await bench.makeGroup('web-v000', 6);
  await bench.advance(30);
  await run('t3.micro', 7);
  await run('g5.xlarge', 2);
  await control.quota('standardVcpus', 640);
  const types = [large, { ...large, purchase: 'spot' }] as const;
  expect(await bench.region.describeVcpuRoom(types, asWrite)).toEqual({
    types: [
      { ...large, vcpus: 2, quota: 'Standard On-Demand' },
      { ...large, purchase: 'spot', vcpus: 2, quota: 'Standard Spot' },
    ],
    quotas: [
      { name: 'Standard On-Demand', vcpusUsed: 26, vcpusMax: 640 },
      { name: 'Standard Spot', vcpusUsed: 0, vcpusMax: 20_000 },
    ],
  });
});

test('asks EC2 nothing about a type that no quota is known of', async () => {
  const mac = { instanceType: 'mac2.metal', purchase: 'onDemand' } as const;
  expect(await bench.region.describeVcpuRoom([mac], asWrite)).toEqual({
    types: [{ ...mac, vcpus: 0, quota: null }],
    quotas: [],
  });
  expect(await bench.calls(/^(DescribeInstance|Get)/)).toEqual([]);
});

test('a type that the region does not have is no answer', async () => {
  const type = { instanceType: 'm5.enormous', purchase: 'onDemand' } as const;
  await expect(bench.region.describeVcpuRoom([type], asWrite)).rejects.toMatchObject({
    code: 'AWS_INVALID',
  });
});

test("takes AWS's default where nothing was ever applied, and what was applied as soon as it was", async () => {
  expect(await bench.region.getTargetsPerTargetGroupMax(asWrite)).toBe(1_000);
  const [first, second] = await bench.calls(quotaReads);
  expect([first?.action, second?.action]).toEqual(['GetServiceQuota', 'GetAWSDefaultServiceQuota']);
  await control.quota('targetsPerTargetGroup', 3_000);
  expect(await bench.region.getTargetsPerTargetGroupMax(asWrite)).toBe(3_000);
  expect(await bench.calls(quotaReads)).toHaveLength(1);
});

test('a denied read says which permission is missing, and asks for no default', async () => {
  await bench.fault({ match: { action: 'GetServiceQuota' }, effect: denied });
  await expect(bench.region.getTargetsPerTargetGroupMax(asWrite)).rejects.toMatchObject({
    code: 'AWS_DENIED',
    details: { refusedAction: 'servicequotas:GetServiceQuota' },
  });
  expect(await bench.calls(quotaReads)).toHaveLength(1);
});

import {
  DescribeScalingActivitiesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceTypesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  type _InstanceType,
} from '@aws-sdk/client-ec2';
import {
  DescribeAccountLimitsCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { afterEach, expect, test } from 'vitest';
import { REGION, type Ground } from './ground.js';
import { eachTestOnNewGround } from './new-ground.js';
import { clientSettings, errorOf, groupInService, instanceIds, type StandIn } from './stand-in.js';

const account = '111111111111';
const vcpus = { ServiceCode: 'ec2', QuotaCode: 'L-1216C47A' };
const targets = { ServiceCode: 'elasticloadbalancing', QuotaCode: 'L-A0D0B863' };
const targetsOfAll = { ServiceCode: 'elasticloadbalancing', QuotaCode: 'L-7E6692B2' };
const limitReached = /^VcpuLimitExceeded: You have requested more vCPU capacity than your current/;

let standIn: StandIn;
let ground: Ground;
let quotas: ServiceQuotasClient;

eachTestOnNewGround((given) => {
  ({ standIn, ground } = given);
  quotas = new ServiceQuotasClient(clientSettings(standIn.running.url, account));
});
afterEach(() => quotas.destroy());

async function apply(
  { ServiceCode: serviceCode, QuotaCode: quotaCode }: typeof vcpus,
  value: number,
): Promise<void> {
  const body = { account, region: REGION, serviceCode, quotaCode, value };
  expect(await standIn.control('POST', '/quotas', body)).toEqual({ status: 200, body });
}

async function run(count: number): Promise<readonly string[]> {
  const { Instances: instances } = await standIn.ec2.send(
    new RunInstancesCommand({
      ImageId: ground.imageId,
      InstanceType: 't3.micro',
      SubnetId: ground.subnetIds[0],
      MinCount: 1,
      MaxCount: count,
    }),
  );
  return (instances ?? []).map(({ InstanceId: id }) => id ?? '');
}

test('a quota is told as it was applied, and its default beside it', async () => {
  await apply(vcpus, 640);
  const { Quota: applied } = await quotas.send(new GetServiceQuotaCommand(vcpus));
  const { Quota: usual } = await quotas.send(new GetAWSDefaultServiceQuotaCommand(vcpus));
  expect([applied?.Value, usual?.Value]).toEqual([640, 5]);
  const { body } = await standIn.control<{ scopes: { quotas: object[] }[] }>('GET', '/quotas');
  expect(body.scopes[0]?.quotas).toContainEqual({
    serviceCode: 'ec2',
    quotaCode: 'L-1216C47A',
    name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    value: 640,
    awsDefault: 5,
  });
});

test('what was never applied is not told but by its default', async () => {
  const told = () => errorOf(quotas.send(new GetServiceQuotaCommand(targets)));
  expect(await told()).toMatch(/^NoSuchResourceException/);
  await apply(targets, 3_000);
  expect(await told()).toBe('none');
});

test.each([
  [{ value: -1 }, '/value'],
  [{ value: 1.5 }, '/value'],
  [{ quotaCode: 'L-0' }, '/quotaCode'],
])('a quota is not set with %j', async (change, pointer) => {
  const right = { account, region: REGION, serviceCode: 'ec2', quotaCode: 'L-1216C47A', value: 1 };
  const reply = await standIn.control('POST', '/quotas', { ...right, ...change });
  expect(reply).toMatchObject({ status: 400, body: { pointer } });
});

test('no more instances run, and none is started again, than there are vCPUs for', async () => {
  await apply(vcpus, 7);
  const [first = '', ...others] = await run(5);
  expect(others).toHaveLength(2);
  expect(await errorOf(run(1))).toMatch(limitReached);
  await standIn.advance(30);
  await standIn.ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
  await standIn.advance(30);
  expect(await run(1)).toHaveLength(1);
  const start = standIn.ec2.send(new StartInstancesCommand({ InstanceIds: [first] }));
  expect(await errorOf(start)).toMatch(limitReached);
});

test('a group grows as far as the vCPUs go, and its activities say why no further', async () => {
  await apply(vcpus, 9);
  const AutoScalingGroupName = 'web-v000';
  await groupInService(standIn, ground);
  await standIn.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MaxSize: 6, DesiredCapacity: 6 }),
  );
  await standIn.advance(30);
  expect(await instanceIds(standIn)).toHaveLength(4);
  const { Activities: activities } = await standIn.autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
  );
  expect(activities?.find((one) => one.StatusCode === 'Failed')?.StatusMessage).toBe(
    'You have requested more vCPU capacity than your current vCPU limit of 9 allows for the instance bucket that the ' +
      'specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an ' +
      'adjustment to this limit. Launching EC2 instance failed.',
  );
  await apply(vcpus, 12);
  await standIn.advance(300);
  expect(await instanceIds(standIn)).toHaveLength(6);
});

test.each([
  ['a target group', targets],
  ['a load balancer', targetsOfAll],
])('%s takes as many targets as its quota says', async (_, quota) => {
  await apply(quota, 2);
  const ids = await run(3);
  await standIn.advance(30);
  const register = (count: number) =>
    standIn.elb.send(
      new RegisterTargetsCommand({
        TargetGroupArn: ground.targetGroupArn,
        Targets: ids.slice(0, count).map((Id) => ({ Id })),
      }),
    );
  expect(await errorOf(register(2))).toBe('none');
  expect(await errorOf(register(3))).toMatch(/^TooManyTargets/);
  await apply(quota, 3);
  expect(await errorOf(register(3))).toBe('none');
});

test('the load balancers of an account tell the quota that was applied', async () => {
  await apply(targetsOfAll, 2_500);
  const { Limits: limits } = await standIn.elb.send(new DescribeAccountLimitsCommand({}));
  const Name = 'targets-per-application-load-balancer';
  expect(limits).toContainEqual({ Name, Max: '2500' });
});

test.each([
  ['t3.nano', 2],
  ['t2.small', 1],
  ['c7g.medium', 1],
  ['m5.large', 2],
  ['g5.xlarge', 4],
  ['c4.8xlarge', 36],
  ['m7i.48xlarge', 192],
  ['u7i-12tb.224xlarge', 896],
] as const)('%s has %i vCPUs', async (type: _InstanceType, count) => {
  const { InstanceTypes: found } = await standIn.ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: [type] }),
  );
  expect(found?.[0]?.VCpuInfo?.DefaultVCpus).toBe(count);
});

test('instance types are listed page by page', async () => {
  const page = await standIn.ec2.send(new DescribeInstanceTypesCommand({ MaxResults: 50 }));
  expect(page.InstanceTypes).toHaveLength(50);
  expect(page.NextToken).toBeDefined();
});

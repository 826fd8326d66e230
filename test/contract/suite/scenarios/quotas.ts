import assert from 'node:assert/strict';
import { DescribeInstanceTypesCommand } from '@aws-sdk/client-ec2';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
} from '@aws-sdk/client-service-quotas';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';

const API = 'https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference';
const TYPES =
  'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html';
/** vCPUs of Standard On-Demand instances; targets of a target group. */
const VCPUS = { ServiceCode: 'ec2', QuotaCode: 'L-1216C47A' };
const TARGETS = { ServiceCode: 'elasticloadbalancing', QuotaCode: 'L-A0D0B863' };

const behaviours: readonly Behaviour[] = [
  {
    name: 'applied',
    title: 'The applied value of a quota is told with its codes, name and ARN',
    run: async ({ serviceQuotas, region }) => {
      const { Quota: quota } = await serviceQuotas.send(new GetServiceQuotaCommand(VCPUS));
      assert.equal(quota?.QuotaCode, VCPUS.QuotaCode);
      assert.equal(quota?.ServiceCode, VCPUS.ServiceCode);
      assert.match(quota?.QuotaName ?? '', /^Running On-Demand Standard/);
      assert.match(quota?.QuotaArn ?? '', new RegExp(`:servicequotas:${region}:.*/L-1216C47A$`));
      assert.ok((quota?.Value ?? -1) >= 0, `the value is ${quota?.Value}`);
    },
  },
  {
    name: 'default',
    title: "AWS's own default of a quota is told whatever was applied",
    page: `${API}/API_GetAWSDefaultServiceQuota.html`,
    run: async ({ serviceQuotas }) => {
      const { Quota: quota } = await serviceQuotas.send(
        new GetAWSDefaultServiceQuotaCommand(TARGETS),
      );
      assert.equal(quota?.QuotaName, 'Targets per Target Group per Region');
      assert.equal(quota?.Value, 1000);
      assert.equal(quota?.Adjustable, true);
    },
  },
  ...refusals([
    {
      name: 'unknown-quota',
      title: 'A quota that the service does not have is not found',
      code: 'NoSuchResourceException',
      status: 404,
      call: async ({ serviceQuotas }) =>
        serviceQuotas.send(new GetServiceQuotaCommand({ ...VCPUS, QuotaCode: 'L-00000000' })),
    },
    {
      name: 'unknown-service',
      title: "A service's code is told apart by case",
      page: `${API}/API_GetAWSDefaultServiceQuota.html`,
      code: 'NoSuchResourceException',
      status: 404,
      call: async ({ serviceQuotas }) =>
        serviceQuotas.send(new GetAWSDefaultServiceQuotaCommand({ ...VCPUS, ServiceCode: 'EC2' })),
    },
    {
      name: 'unknown-type',
      title: 'One unknown instance type refuses the whole call',
      page: TYPES,
      code: 'InvalidInstanceType',
      call: async ({ ec2 }) =>
        ec2.send(
          new DescribeInstanceTypesCommand({
            InstanceTypes: ['t3.micro', 't3.enormous' as 't3.micro'],
          }),
        ),
    },
  ]),
  {
    name: 'vcpus-of-types',
    title: 'Instance types tell how many vCPUs they have by default',
    page: TYPES,
    run: async ({ ec2 }) => {
      const wanted = { 't3.micro': 2, 'm5.large': 2, 'c5.4xlarge': 16, 't2.micro': 1 } as const;
      const { InstanceTypes: types = [] } = await ec2.send(
        new DescribeInstanceTypesCommand({
          InstanceTypes: Object.keys(wanted) as (keyof typeof wanted)[],
        }),
      );
      const found = types.map((type) => [type.InstanceType, type.VCpuInfo?.DefaultVCpus]);
      assert.deepEqual(Object.fromEntries(found), wanted);
    },
  },
];

export const quotaScenarios = topic(
  {
    name: 'quotas',
    service: 'servicequotas',
    documentation: `${API}/API_GetServiceQuota.html`,
  },
  behaviours,
);

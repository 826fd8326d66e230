import type {
  GetAWSDefaultServiceQuotaRequest,
  GetAWSDefaultServiceQuotaResponse,
  GetServiceQuotaRequest,
  GetServiceQuotaResponse,
  ServiceQuota,
} from '@aws-sdk/client-service-quotas';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { CATALOGUE, type Quota } from './catalogue.js';

const SERVICE_NAMES: Readonly<Record<Quota['serviceCode'], string>> = {
  ec2: 'Amazon Elastic Compute Cloud (Amazon EC2)',
  elasticloadbalancing: 'Elastic Load Balancing (ELB)',
};

export const serviceQuotaHandlers: Handlers = {
  /** "If the applied quota value is not available for a quota, the quota is not retrieved." (API_GetServiceQuota) */
  GetServiceQuota: ({ scope }: Call, input: GetServiceQuotaRequest): GetServiceQuotaResponse => {
    const quota = getQuota(input);
    const value = appliedValue(scope, quota);
    if (value === undefined) throw new AwsError('NoSuchResourceException', '', 404);
    return { Quota: quotaView(scope, quota, value) };
  },
  /** https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetAWSDefaultServiceQuota.html */
  GetAWSDefaultServiceQuota: (
    { scope }: Call,
    input: GetAWSDefaultServiceQuotaRequest,
  ): GetAWSDefaultServiceQuotaResponse => {
    const quota = getQuota(input);
    return { Quota: quotaView(scope, quota, quota.byDefault) };
  },
};

/** What the account may have now. */
export function quotaValue(scope: Scope, quota: Quota): number {
  return appliedValue(scope, quota) ?? quota.byDefault;
}

/** Gives the account another value from now on. What it has already stays. */
export function applyQuota(scope: Scope, quota: Quota, value: number): void {
  const { serviceCode, quotaCode } = quota;
  scope.tables.quotas.put(keyOf(quota), { serviceCode, quotaCode, value });
}

/** Finds a quota by its codes; both are case-sensitive. */
export function findQuota(serviceCode: string, quotaCode: string): Quota | undefined {
  return CATALOGUE.find(
    (quota) => quota.serviceCode === serviceCode && quota.quotaCode === quotaCode,
  );
}

function appliedValue(scope: Scope, quota: Quota): number | undefined {
  return scope.tables.quotas.find(keyOf(quota))?.value ?? quota.applied;
}

function getQuota({
  ServiceCode: serviceCode = '',
  QuotaCode: quotaCode = '',
}: GetServiceQuotaRequest): Quota {
  const found = findQuota(serviceCode, quotaCode);
  if (found !== undefined) return found;
  const what = Object.hasOwn(SERVICE_NAMES, serviceCode) ? 'quota' : 'service';
  throw new AwsError(
    'NoSuchResourceException',
    `The request failed because the specified ${what} does not exist.`,
    404,
  );
}

function keyOf({ serviceCode, quotaCode }: Quota): string {
  return `${serviceCode}/${quotaCode}`;
}

function quotaView(scope: Scope, quota: Quota, value: number): ServiceQuota {
  const { serviceCode, quotaCode, name } = quota;
  return {
    ServiceCode: serviceCode,
    ServiceName: SERVICE_NAMES[serviceCode],
    QuotaArn: `arn:aws:servicequotas:${scope.region}:${scope.account}:${serviceCode}/${quotaCode}`,
    QuotaCode: quotaCode,
    QuotaName: name,
    Value: value,
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
    QuotaAppliedAtLevel: 'ACCOUNT',
  };
}

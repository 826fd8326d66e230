import { onDemandQuotaOf } from '../servicequotas/catalogue.js';
import { quotaValue } from '../servicequotas/quotas.js';
import { AwsError } from '../wire/aws-error.js';
import type { Scope } from '../world/scope.js';
import { vcpusOf } from './instance-types.js';

/** How many more instances of the type the account's vCPUs allow. Every instance here runs on demand. */
export function instancesAllowed(scope: Scope, instanceType: string): number {
  const quota = onDemandQuotaOf(instanceType);
  const each = vcpusOf(instanceType);
  if (quota === undefined || each === undefined) return Infinity;
  const used = scope.tables.instances
    .where('vcpuQuota', quota.quotaCode)
    .reduce((sum, instance) => sum + (vcpusOf(instance.instanceType) ?? 0), 0);
  return Math.max(0, Math.floor((quotaValue(scope, quota) - used) / each));
}

/** Refuses so many more instances of the type when the quota has no room for all of them. */
export function requireVcpus(scope: Scope, instanceType: string, instances = 1): void {
  if (instances <= instancesAllowed(scope, instanceType)) return;
  const quota = onDemandQuotaOf(instanceType);
  const limit = quota === undefined ? 0 : quotaValue(scope, quota);
  throw new AwsError(
    'VcpuLimitExceeded',
    `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that ` +
      'the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an ' +
      'adjustment to this limit.',
  );
}

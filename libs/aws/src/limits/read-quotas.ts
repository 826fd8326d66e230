import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuota,
} from '@aws-sdk/client-service-quotas';
import { GennakerError } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';

/** A quota as Service Quotas knows it. */
export interface QuotaCode {
  readonly serviceCode: 'ec2' | 'elasticloadbalancing';
  readonly quotaCode: string;
}

/** "Targets per Target Group per Region (instances or IP addresses)", ELB user guide, quotas. */
const targetsPerTargetGroup: QuotaCode = {
  serviceCode: 'elasticloadbalancing',
  quotaCode: 'L-A0D0B863',
};

/** See LimitReads. */
export function getTargetsPerTargetGroupMax(
  caller: AwsCaller,
  options: CallOptions,
): Promise<number> {
  return getQuotaValue(caller, targetsPerTargetGroup, options);
}

/**
 * What the account may have in the region: the applied value (GetServiceQuota), or AWS's default where none was ever applied
 * (GetAWSDefaultServiceQuota). Throws AWS_UNAVAILABLE when AWS names a reason in place of a value.
 */
export async function getQuotaValue(
  caller: AwsCaller,
  { serviceCode, quotaCode }: QuotaCode,
  options: CallOptions,
): Promise<number> {
  const codes = { ServiceCode: serviceCode, QuotaCode: quotaCode };
  const send = { ...options, resource: `quota ${serviceCode}/${quotaCode}` };
  try {
    const { Quota: applied } = await caller.quotas(new GetServiceQuotaCommand(codes), send);
    return valueOf(applied, send.resource);
  } catch (error) {
    if (!(error instanceof GennakerError) || error.code !== 'AWS_NOT_FOUND') throw error;
    const command = new GetAWSDefaultServiceQuotaCommand(codes);
    const { Quota: usual } = await caller.quotas(command, send);
    return valueOf(usual, send.resource);
  }
}

function valueOf(quota: ServiceQuota | undefined, what: string): number {
  if (quota?.Value !== undefined) return quota.Value;
  const reason = quota?.ErrorReason?.ErrorMessage ?? quota?.ErrorReason?.ErrorCode ?? 'no reason';
  throw new GennakerError('AWS_UNAVAILABLE', `AWS told no value of ${what}: ${reason}.`, {
    details: { quota: what },
  });
}

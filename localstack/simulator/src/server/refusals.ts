import { AwsError } from '../wire/aws-error.js';
import type { ServiceName } from '../wire/sdk-model.js';

/** What each service says to one call too many. */
export const THROTTLES: Readonly<Record<ServiceName, AwsError>> = {
  ec2: new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503),
  autoscaling: new AwsError('Throttling', 'Rate exceeded'),
  elasticloadbalancing: new AwsError('Throttling', 'Rate exceeded'),
  sts: new AwsError('Throttling', 'Rate exceeded'),
  monitoring: new AwsError('Throttling', 'Rate exceeded'),
  route53: new AwsError('Throttling', 'Rate exceeded'),
  servicequotas: new AwsError('TooManyRequestsException', 'Rate exceeded', 429),
  ssm: new AwsError('ThrottlingException', 'Rate exceeded'),
};

/** What each service says to who may not. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function deniedBy(service: ServiceName, action: string, caller: string): AwsError {
  const permission = `${service === 'monitoring' ? 'cloudwatch' : service}:${action}`;
  const reason = `User: ${caller} is not authorized to perform: ${permission} because no identity-based policy allows the ${permission} action`;
  if (service === 'ec2') {
    return new AwsError(
      'UnauthorizedOperation',
      `You are not authorized to perform this operation. ${reason}`,
      403,
    );
  }
  if (service === 'ssm') return new AwsError('AccessDeniedException', reason);
  return service === 'servicequotas'
    ? new AwsError('AccessDeniedException', reason, 403)
    : new AwsError('AccessDenied', reason, 403);
}

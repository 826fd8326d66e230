import type { ErrorCode } from '@gennaker/domain';
import type { ServiceName } from '../ports.js';

/** How long a thing that we have just made may stay invisible before "not found" is believed (clouddriver-aws 7.4). */
export const visibilitySeconds = 120;

/** How Auto Scaling says that a group is on its way out. */
export const deletingWords = /pending delete|delete in progress|being deleted/i;

/** Least pause after a throttled call. The rate budget slows down by itself besides. */
const throttledPauseSeconds = 2;

/** One row: which of AWS's errors means which of ours. The first row that matches holds. */
export interface FaultRow {
  /** Absent: any service. */
  readonly service?: ServiceName;
  /** AWS's error code, without a trailing `Fault`, `Exception` or `Error`. */
  readonly code: RegExp;
  /** Absent: any text. */
  readonly message?: RegExp;
  readonly errorCode: ErrorCode;
  /** Only for a short time is a repeat worth it; afterwards the error is permanent. */
  readonly retryForSeconds?: number;
  readonly retryAfterSeconds?: number;
  /** Where the row comes from. */
  readonly source: string;
}

/** AWS's errors in order of match. What no row matches: 4xx is AWS_INVALID, all else AWS_UNAVAILABLE. */
export const faultTable: readonly FaultRow[] = [
  {
    code: /^(RequestLimitExceeded|Throttling|Throttled|EC2Throttled|SlowDown|TooManyRequests|RequestThrottled|BandwidthLimitExceeded|ProvisionedThroughputExceeded|PriorRequestNotComplete|TransactionInProgress)$/,
    errorCode: 'AWS_THROTTLED',
    retryAfterSeconds: throttledPauseSeconds,
    source:
      'SDK smithy core 3.41, throttling codes; EC2 API throttling; ELBv2 PriorRequestNotComplete (429)',
  },
  {
    code: /.*/,
    message: /^Rate exceeded/i,
    errorCode: 'AWS_THROTTLED',
    retryAfterSeconds: throttledPauseSeconds,
    source: 'Auto Scaling nested CloudWatch limit, spinnaker#751 and #4495',
  },
  {
    code: /^(NotFound|Unknown|UnknownError)$/,
    errorCode: 'AWS_UNAVAILABLE',
    source:
      'The SDK makes these up for a reply that is not AWS-like: a proxy or a wrong endpoint answered',
  },
  {
    code: /^(ExpiredToken|RequestExpired|CredentialsProvider)$/,
    errorCode: 'AWS_UNAVAILABLE',
    source: 'AWS common errors: credentials are fetched anew and the call repeated',
  },
  {
    code: /^(AccessDenied|DependencyAccessDenied|UnauthorizedOperation|UnauthorizedAccess|AuthFailure|OptInRequired|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|MissingAuthenticationToken|IncompleteSignature|NotAuthorized)$/,
    errorCode: 'AWS_DENIED',
    source:
      'AWS common errors; EC2 UnauthorizedOperation, AuthFailure; Service Quotas DependencyAccessDenied',
  },
  {
    service: 'autoscaling',
    code: /^Validation$/,
    message: /valid fully-formed launch template|launch template.*does not exist/i,
    errorCode: 'AWS_NOT_FOUND',
    retryForSeconds: visibilitySeconds,
    source:
      'terraform-provider-aws#5217, #24910, eksctl#8039: a new launch template is not visible yet',
  },
  {
    code: /^(Validation|InvalidParameterValue|InvalidParameter)$/,
    message: /Invalid IAM ?Instance ?Profile/i,
    errorCode: 'AWS_NOT_FOUND',
    retryForSeconds: visibilitySeconds,
    source:
      'terraform-provider-aws#5633, #29866: a new instance profile takes up to minutes to be seen',
  },
  {
    service: 'autoscaling',
    code: /^(Validation|ResourceInUse|ScalingActivityInProgress)$/,
    message: deletingWords,
    errorCode: 'AWS_CONFLICT',
    source: 'terraform#1105, kops#1001: the old group of that name is still being deleted',
  },
  {
    service: 'autoscaling',
    code: /^Validation$/,
    message: /^(?!AutoScalingGroup).*\balarms?\b/i,
    errorCode: 'AWS_INVALID',
    source:
      'StartInstanceRefresh with an alarm that CloudWatch does not have: no repeat makes it appear',
  },
  {
    service: 'autoscaling',
    code: /^Validation$/,
    message: /not found|does not exist/i,
    errorCode: 'AWS_NOT_FOUND',
    source:
      'Auto Scaling says "AutoScalingGroup name not found" as a ValidationError (clouddriver-aws 7.3)',
  },
  {
    code: /^(AlreadyExists|.*\.AlreadyExists|InvalidGroup\.Duplicate|Duplicate[A-Za-z]+|IdempotentParameterMismatch|PriorityInUse)$/,
    errorCode: 'NAME_CONFLICT',
    source: 'clouddriver-aws 7.1: resolved by reading back and comparing tags',
  },
  {
    code: /^(ScalingActivityInProgress|ResourceInUse|ResourceContention|InstanceRefreshInProgress|IdempotentCallInProgress|DependencyViolation|ConcurrentModification|IncorrectState|IncorrectInstanceState|InvalidTarget|InvalidState)$/,
    errorCode: 'AWS_CONFLICT',
    source:
      'Auto Scaling, ELBv2 and CloudWatch modelled errors (clouddriver-aws 7.3); InvalidTarget: an instance is not running',
  },
  {
    service: 'autoscaling',
    code: /^Validation$/,
    message: /active instance refresh/i,
    errorCode: 'AWS_CONFLICT',
    source:
      'UpdateAutoScalingGroup of what an active instance refresh with a desired configuration will set is refused',
  },
  {
    service: 'autoscaling',
    code: /^ActiveInstanceRefreshNotFound$/,
    errorCode: 'AWS_NOT_FOUND',
    source: 'CancelInstanceRefresh, RollbackInstanceRefresh: it has ended; read its final status',
  },
  {
    service: 'autoscaling',
    code: /^IrreversibleInstanceRefresh$/,
    errorCode: 'AWS_INVALID',
    source:
      'RollbackInstanceRefresh without a numbered version to go back to (clouddriver-aws 7.1, 7.7)',
  },
  {
    service: 'route53',
    code: /^NoSuch/,
    errorCode: 'AWS_NOT_FOUND',
    source: 'Route 53 NoSuchHostedZone (404): the zone was deleted in between',
  },
  {
    service: 'servicequotas',
    code: /^NoSuchResource$/,
    errorCode: 'AWS_NOT_FOUND',
    source:
      'GetServiceQuota of a quota that was never applied, or that is not there: no repeat makes it appear',
  },
  {
    code: /(NotFound|^InvalidAMIID\.Unavailable)$/,
    errorCode: 'AWS_NOT_FOUND',
    retryForSeconds: visibilitySeconds,
    source:
      'EC2 …NotFound codes, ELBv2 TargetGroupNotFound, CloudWatch ResourceNotFound; eventual consistency, clouddriver-aws 7.4',
  },
  {
    code: /^TooMany|LimitExceeded$|QuotaExceeded$/,
    errorCode: 'AWS_QUOTA',
    source:
      'Auto Scaling and CloudWatch LimitExceeded is a quota and no throttle; ELBv2 TooMany…; EC2 …LimitExceeded',
  },
  {
    code: /^(ServiceLinkedRoleFailure|HealthUnavailable|InvalidNextToken|InvalidPaginationToken|InternalError|InternalFailure|InternalService|ServiceUnavailable|Unavailable|InsufficientInstanceCapacity)$/,
    errorCode: 'AWS_UNAVAILABLE',
    source:
      'AWS common errors; Auto Scaling ServiceLinkedRoleFailure; CloudWatch InternalServiceFault; a page token that expired: read again',
  },
];

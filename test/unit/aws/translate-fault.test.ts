import { translateFault, type AttemptedCall } from '@gennaker/aws';
import { GennakerError, type ErrorCode } from '@gennaker/domain';
import { expect, test } from 'vitest';

const call: AttemptedCall = {
  service: 'autoscaling',
  action: 'CreateAutoScalingGroup',
  resource: 'web-v001',
  account: 'prod',
  region: 'eu-west-1',
  role: 'arn:aws:iam::111111111111:role/deployer',
};

/** An error as the SDK throws it. */
function sdkError(name: string, message: string, status: number): Error {
  const error = new Error(message);
  const metadata = { httpStatusCode: status, requestId: 'req-1' };
  return Object.assign(error, { name, $metadata: metadata });
}

const rows: readonly (readonly [AttemptedCall['service'], string, string, number, ErrorCode])[] = [
  ['autoscaling', 'Throttling', 'Rate exceeded', 400, 'AWS_THROTTLED'],
  ['elasticloadbalancing', 'ThrottlingException', 'Rate exceeded', 400, 'AWS_THROTTLED'],
  ['elasticloadbalancing', 'PriorRequestNotCompleteException', 'wait', 429, 'AWS_THROTTLED'],
  ['ec2', 'RequestLimitExceeded', 'Request limit exceeded.', 503, 'AWS_THROTTLED'],
  ['autoscaling', 'LimitExceededFault', 'You have reached your limit', 400, 'AWS_QUOTA'],
  ['ec2', 'VcpuLimitExceeded', 'more vCPU than your limit', 400, 'AWS_QUOTA'],
  ['elasticloadbalancing', 'TooManyTargetsException', 'too many', 400, 'AWS_QUOTA'],
  ['autoscaling', 'AccessDenied', 'no', 403, 'AWS_DENIED'],
  ['ec2', 'UnauthorizedOperation', 'You are not authorized', 403, 'AWS_DENIED'],
  [
    'autoscaling',
    'AlreadyExistsFault',
    'AutoScalingGroup by this name already exists',
    400,
    'NAME_CONFLICT',
  ],
  ['ec2', 'InvalidLaunchTemplateName.AlreadyExistsException', 'in use', 400, 'NAME_CONFLICT'],
  ['ec2', 'IdempotentParameterMismatch', 'other parameters', 400, 'NAME_CONFLICT'],
  ['autoscaling', 'ScalingActivityInProgressFault', 'busy', 400, 'AWS_CONFLICT'],
  ['autoscaling', 'ResourceContentionFault', 'busy', 500, 'AWS_CONFLICT'],
  ['autoscaling', 'ValidationError', 'AutoScalingGroup web is pending delete', 400, 'AWS_CONFLICT'],
  ['autoscaling', 'InstanceRefreshInProgressFault', 'busy', 400, 'AWS_CONFLICT'],
  [
    'autoscaling',
    'ValidationError',
    'An active instance refresh with a desired configuration exists.',
    400,
    'AWS_CONFLICT',
  ],
  ['autoscaling', 'ValidationError', 'The alarm 5xx does not exist', 400, 'AWS_INVALID'],
  [
    'autoscaling',
    'ValidationError',
    "AutoScalingGroup name not found - AutoScalingGroup 'alarm' not found",
    400,
    'AWS_NOT_FOUND',
  ],
  ['autoscaling', 'ActiveInstanceRefreshNotFoundFault', 'none', 400, 'AWS_NOT_FOUND'],
  ['autoscaling', 'IrreversibleInstanceRefreshFault', 'cannot', 400, 'AWS_INVALID'],
  ['elasticloadbalancing', 'InvalidTargetException', 'not running', 400, 'AWS_CONFLICT'],
  ['autoscaling', 'ValidationError', 'AutoScalingGroup name not found - web', 400, 'AWS_NOT_FOUND'],
  ['elasticloadbalancing', 'TargetGroupNotFoundException', 'gone', 400, 'AWS_NOT_FOUND'],
  ['ec2', 'InvalidLaunchTemplateId.VersionNotFound', 'no', 400, 'AWS_NOT_FOUND'],
  [
    'autoscaling',
    'ValidationError',
    'New SetDesiredCapacity value 5 is above max value 3',
    400,
    'AWS_INVALID',
  ],
  ['ec2', 'SomethingNobodyHasSeen', 'what', 400, 'AWS_INVALID'],
  ['ec2', 'SomethingNobodyHasSeen', 'what', 500, 'AWS_UNAVAILABLE'],
  ['ec2', 'Unavailable', 'down', 503, 'AWS_UNAVAILABLE'],
  ['monitoring', 'LimitExceededFault', 'too many alarms', 400, 'AWS_QUOTA'],
  ['monitoring', 'ThrottlingException', 'Rate exceeded', 400, 'AWS_THROTTLED'],
  ['monitoring', 'ResourceNotFound', 'Alarm x does not exist', 404, 'AWS_NOT_FOUND'],
  ['monitoring', 'ConcurrentModificationException', 'try again', 429, 'AWS_CONFLICT'],
  ['monitoring', 'InternalServiceFault', 'down', 500, 'AWS_UNAVAILABLE'],
  ['monitoring', 'InvalidParameterCombinationException', 'no', 400, 'AWS_INVALID'],
  ['servicequotas', 'NoSuchResourceException', '', 404, 'AWS_NOT_FOUND'],
  ['servicequotas', 'TooManyRequestsException', 'Rate exceeded', 429, 'AWS_THROTTLED'],
  ['servicequotas', 'DependencyAccessDeniedException', 'no', 400, 'AWS_DENIED'],
  ['servicequotas', 'ServiceException', 'down', 500, 'AWS_UNAVAILABLE'],
  ['autoscaling', 'ExpiredToken', 'The security token has expired', 403, 'AWS_UNAVAILABLE'],
];

test.each(rows)('%s %s (%s) with status %i is %s', (service, name, message, status, code) => {
  const fault = translateFault(sdkError(name, message, status), { ...call, service });
  expect(fault.code).toBe(code);
  expect(fault.details).toMatchObject({ action: call.action, requestId: 'req-1', awsCode: name });
});

test.each([
  'You must use a valid fully-formed launch template. The specified launch template, with template ID lt-1, does not exist.',
  'Invalid IamInstanceProfile: web',
])('a thing that is not visible yet may be retried for two minutes: %s', (message) => {
  const fault = translateFault(sdkError('ValidationError', message, 400), call);
  expect(fault).toMatchObject({
    code: 'AWS_NOT_FOUND',
    retry: 'later',
    details: { retryForSeconds: 120 },
  });
});

test('a group that is not found is not retried for two minutes only', () => {
  const gone = sdkError('ValidationError', 'AutoScalingGroup name not found - web', 400);
  expect(translateFault(gone, call).details).not.toHaveProperty('retryForSeconds');
});

test.each([
  Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
  Object.assign(new Error('timed out after 15000 ms'), { name: 'TimeoutError' }),
  new SyntaxError('Unexpected token < in a reply'),
])('a reply that did not come leaves the outcome unknown: %s', (error) => {
  expect(translateFault(error, call).code).toBe('AWS_UNAVAILABLE');
});

test('a bug of ours is not blamed on AWS', () => {
  expect(translateFault(new TypeError('x is not a function'), call).code).toBe('INTERNAL');
});

test('an error of ours passes unchanged', () => {
  const lost = new GennakerError('LEASE_LOST', 'too old');
  expect(translateFault(lost, call)).toBe(lost);
});

test('names the principal that AWS names, else the configured role, and leaves the cipher text out', () => {
  const message =
    'You are not authorized to perform this operation. User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: ec2:CreateLaunchTemplate on resource: x. Encoded authorization failure message: AbCdEf';
  const named = translateFault(sdkError('UnauthorizedOperation', message, 403), {
    ...call,
    service: 'ec2',
    action: 'CreateLaunchTemplate',
  });
  expect(named.details).toMatchObject({
    role: 'arn:aws:sts::1:assumed-role/a/b',
    refusedAction: 'ec2:CreateLaunchTemplate',
  });
  expect(named.message).toContain('may not ec2:CreateLaunchTemplate on web-v001');
  expect(JSON.stringify(named.details)).not.toContain('AbCdEf');
  const silent = translateFault(sdkError('AccessDenied', 'no', 403), call);
  expect(silent.details['role']).toBe(call.role);
});

test('names an action of CloudWatch as a policy of IAM does', () => {
  const action = 'PutMetricAlarm';
  const fault = translateFault(sdkError('AccessDenied', 'no', 403), {
    ...call,
    service: 'monitoring',
    action,
  });
  expect(fault.details['refusedAction']).toBe('cloudwatch:PutMetricAlarm');
  expect(fault.message).toContain('may not cloudwatch:PutMetricAlarm on web-v001');
});

import type {
  DeletePolicyType,
  DescribePoliciesType,
  ExecutePolicyType,
  PoliciesType,
  PolicyARNType,
  PutScalingPolicyType,
  DescribeAdjustmentTypesAnswer,
} from '@aws-sdk/client-auto-scaling';
import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';
import { alarmsOf, dropTrackingAlarms, putTrackingAlarms } from './tracking-alarms.js';
import { getGroup, getLiveGroup } from '../groups/group-access.js';
import { checkPolicy } from './policy-checks.js';
import { executePolicy, isCoolingDown } from './policy-execution.js';
import type { PolicyRecord } from '../records.js';

const POLICIES_MAX = 50;

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scale-based-on-demand.html */
export const scalingPolicyHandlers: Handlers = {
  PutScalingPolicy: ({ scope }: Call, input: PutScalingPolicyType): PolicyARNType => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    checkPolicy(input);
    const key = `${group.name}|${input.PolicyName}`;
    const known = scope.tables.policies.find(key);
    if (
      known === undefined &&
      scope.tables.policies.where('group', group.name).length >= POLICIES_MAX
    )
      throw new AwsError('LimitExceeded', `At most ${POLICIES_MAX} scaling policies are allowed`);
    const policy: PolicyRecord = {
      group: group.name,
      arn:
        known?.arn ??
        `arn:aws:autoscaling:${scope.region}:${scope.account}:scalingPolicy:${scope.world.nextHex(32)}:autoScalingGroupName/${group.name}:policyName/${input.PolicyName}`,
      request: input,
    };
    scope.tables.policies.put(key, policy);
    putTrackingAlarms(scope, policy);
    return { PolicyARN: policy.arn, Alarms: [...alarmsOf(scope, policy)] };
  },
  DeletePolicy: ({ scope }: Call, input: DeletePolicyType) => {
    const policy = getPolicy(scope, input);
    dropTrackingAlarms(scope, policy);
    scope.tables.policies.delete(`${policy.group}|${policy.request.PolicyName}`);
    return {};
  },
  DescribePolicies: ({ scope, reading }: Call, input: DescribePoliciesType): PoliciesType => {
    const all =
      input.AutoScalingGroupName === undefined
        ? scope.tables.policies.all()
        : scope.tables.policies.where('group', input.AutoScalingGroupName);
    const rows = all.filter(
      ({ arn, request }) =>
        (input.PolicyNames?.some((name) => name === arn || name === request.PolicyName) ?? true) &&
        (input.PolicyTypes?.includes(request.PolicyType ?? 'SimpleScaling') ?? true),
    );
    const page = reading.page({
      rows,
      key: ({ arn }) => arn,
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 100,
    });
    return {
      ScalingPolicies: page.items.map((policy) => ({
        PolicyType: 'SimpleScaling',
        Enabled: true,
        ...policy.request,
        PolicyARN: policy.arn,
        Alarms: [...alarmsOf(scope, policy)],
      })),
      NextToken: page.nextToken,
    };
  },
  ExecutePolicy: ({ scope }: Call, input: ExecutePolicyType) => {
    const policy = getPolicy(scope, input);
    const { PolicyType: type = 'SimpleScaling' } = policy.request;
    if (type !== 'SimpleScaling' && type !== 'StepScaling')
      throw validationError(`ExecutePolicy is not supported for policies of type ${type}`);
    if (type === 'StepScaling') {
      if (input.MetricValue === undefined || input.BreachThreshold === undefined)
        throw validationError('MetricValue and BreachThreshold are required for step policies');
      if (input.HonorCooldown === true)
        throw validationError('HonorCooldown is not supported for step policies');
    }
    const group = getLiveGroup(scope, policy.group);
    if (input.HonorCooldown === true && isCoolingDown(scope, group, policy))
      throw new AwsError('ScalingActivityInProgress', 'The group is cooling down');
    executePolicy(scope, policy, {
      because: `a user request executed policy ${policy.request.PolicyName}`,
      value: input.MetricValue,
      threshold: input.BreachThreshold,
    });
    return {};
  },
  DescribeAdjustmentTypes: (): DescribeAdjustmentTypesAnswer => ({
    AdjustmentTypes: ['ChangeInCapacity', 'ExactCapacity', 'PercentChangeInCapacity'].map(
      (AdjustmentType) => ({ AdjustmentType }),
    ),
  }),
};

function getPolicy(scope: Scope, input: DeletePolicyType): PolicyRecord {
  if (input.AutoScalingGroupName !== undefined) getGroup(scope, input.AutoScalingGroupName);
  const policy = scope.tables.policies
    .all()
    .find(
      ({ arn, group, request }) =>
        arn === input.PolicyName ||
        (request.PolicyName === input.PolicyName && group === input.AutoScalingGroupName),
    );
  if (policy === undefined) throw validationError(`Policy not found: ${input.PolicyName}`);
  return policy;
}

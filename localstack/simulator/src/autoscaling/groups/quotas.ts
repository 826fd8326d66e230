import type { DescribeAccountLimitsAnswer } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import type { Scope } from '../../world/scope.js';

/** The default quotas a region. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
const GROUPS_MAX = 500;
const LAUNCH_CONFIGURATIONS_MAX = 200;

export const scalingQuotaHandlers: Handlers = {
  DescribeAccountLimits: ({ scope }: Call): DescribeAccountLimitsAnswer => ({
    MaxNumberOfAutoScalingGroups: GROUPS_MAX,
    NumberOfAutoScalingGroups: scope.tables.groups.all().length,
    MaxNumberOfLaunchConfigurations: LAUNCH_CONFIGURATIONS_MAX,
    NumberOfLaunchConfigurations: scope.tables.configurations.all().length,
  }),
};

/** Refuses a group more than the quota allows (API_CreateAutoScalingGroup, LimitExceeded). */
export function requireRoomForGroup(scope: Scope): void {
  if (scope.tables.groups.all().length < GROUPS_MAX) return;
  throw new AwsError('LimitExceeded', `AutoScalingGroup limit exceeded: at most ${GROUPS_MAX}`);
}

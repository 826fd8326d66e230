import type { DescribeAccountLimitsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../wire/aws-error.js';
import type { Handlers } from '../world/call.js';

/** The default quotas. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
export const QUOTAS = {
  loadBalancers: 50,
  targetGroups: 3000,
  targetsPerTargetGroup: 1000,
  listenersPerLoadBalancer: 50,
  rulesPerLoadBalancer: 100,
  targetGroupsPerAction: 5,
  conditionValuesPerRule: 5,
  wildcardsPerRule: 5,
  tagsPerResource: 50,
} as const;

const LIMITS: Readonly<Record<string, number>> = {
  'application-load-balancers': QUOTAS.loadBalancers,
  'target-groups': QUOTAS.targetGroups,
  'targets-per-application-load-balancer': QUOTAS.targetsPerTargetGroup,
  'listeners-per-application-load-balancer': QUOTAS.listenersPerLoadBalancer,
  'rules-per-application-load-balancer': QUOTAS.rulesPerLoadBalancer,
  'target-groups-per-action-on-application-load-balancer': QUOTAS.targetGroupsPerAction,
  'condition-values-per-alb-rule': QUOTAS.conditionValuesPerRule,
  'condition-wildcards-per-alb-rule': QUOTAS.wildcardsPerRule,
};

export const quotaHandlers: Handlers = {
  DescribeAccountLimits: (): DescribeAccountLimitsOutput => ({
    Limits: Object.entries(LIMITS).map(([Name, max]) => ({ Name, Max: String(max) })),
  }),
};

/** Refuses one more than the quota allows, with the code of that quota. */
export function requireRoom(
  code: string,
  count: { readonly there: number; readonly added: number; readonly max: number },
): void {
  if (count.there + count.added <= count.max) return;
  throw new AwsError(code, `The quota of ${count.max} has been reached`);
}

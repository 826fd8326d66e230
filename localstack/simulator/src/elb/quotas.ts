import type { DescribeAccountLimitsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { TARGETS_PER_LOAD_BALANCER } from '../servicequotas/catalogue.js';
import { quotaValue } from '../servicequotas/quotas.js';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';

/** The default quotas, of those that nobody can raise here. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
export const QUOTAS = {
  loadBalancers: 50,
  targetGroups: 3000,
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
  'listeners-per-application-load-balancer': QUOTAS.listenersPerLoadBalancer,
  'rules-per-application-load-balancer': QUOTAS.rulesPerLoadBalancer,
  'target-groups-per-action-on-application-load-balancer': QUOTAS.targetGroupsPerAction,
  'condition-values-per-alb-rule': QUOTAS.conditionValuesPerRule,
  'condition-wildcards-per-alb-rule': QUOTAS.wildcardsPerRule,
};

export const quotaHandlers: Handlers = {
  DescribeAccountLimits: ({ scope }: Call): DescribeAccountLimitsOutput => ({
    Limits: [
      ...Object.entries(LIMITS),
      ['targets-per-application-load-balancer', quotaValue(scope, TARGETS_PER_LOAD_BALANCER)],
    ].map(([Name, max]) => ({ Name: String(Name), Max: String(max) })),
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

import type {
  AwsRegion,
  CallOptions,
  LoadBalancerDetails,
  TargetGroupDetails,
} from '@gennaker/aws';
import { rulesForwardingTo, type ListenerRule } from '@gennaker/domain';

/** Who sends requests to some target groups. */
export interface Forwarding {
  readonly targetGroups: readonly TargetGroupDetails[];
  readonly loadBalancers: readonly LoadBalancerDetails[];
  /** Every rule and default action that names one of them, at whatever weight. */
  readonly rules: readonly ListenerRule[];
}

/**
 * Reads every listener of every load balancer that uses one of the target groups: AWS has no question for it. Throws
 * AWS_NOT_FOUND when a target group is not there.
 */
export async function readForwarding(
  region: AwsRegion,
  query: { readonly arns: readonly string[] } | { readonly names: readonly string[] },
  options: CallOptions,
): Promise<Forwarding> {
  const targetGroups = await region.describeTargetGroups(query, options);
  const loadBalancerArns = [...new Set(targetGroups.flatMap((one) => one.loadBalancerArns))];
  const [loadBalancers, listeners] = await Promise.all([
    region.describeLoadBalancers(loadBalancerArns, options),
    Promise.all(loadBalancerArns.map((arn) => region.describeListeners(arn, options))),
  ]);
  const rules = await Promise.all(
    listeners.flat().map(({ listenerArn }) => region.describeListenerRules(listenerArn, options)),
  );
  const arns = targetGroups.map((group) => group.arn);
  return { targetGroups, loadBalancers, rules: rulesForwardingTo(rules.flat(), arns) };
}

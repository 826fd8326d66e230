import { canaryMetricNamespace, canaryMetrics, type CanaryMetricId } from '@gennaker/canary';
import type { MetricSpec, TargetGroupDetails } from '@gennaker/aws';

/** Short names of what is read of a target group, in the order in which it is asked for. */
export const canaryMetricIds = Object.keys(canaryMetrics).filter(isMetricId);

/**
 * One metric of a target group as CloudWatch has it, per target group and load balancer. Undefined where no load balancer
 * uses the target group: then there is no such metric.
 */
export function targetGroupMetric(
  { arn, loadBalancerArns: [loadBalancerArn] }: TargetGroupDetails,
  id: CanaryMetricId,
): MetricSpec | undefined {
  if (loadBalancerArn === undefined) return undefined;
  const { metricName, statistic } = canaryMetrics[id];
  return {
    namespace: canaryMetricNamespace,
    metricName,
    statistic,
    dimensions: { LoadBalancer: dimensionOf(loadBalancerArn), TargetGroup: dimensionOf(arn) },
  };
}

/** The end of an ARN as the dimensions have it: `app/web/50dc…`, `targetgroup/web/73e2…`. */
function dimensionOf(arn: string): string {
  return (arn.split(':').at(-1) ?? '').replace(/^loadbalancer\//, '');
}

function isMetricId(id: string): id is CanaryMetricId {
  return Object.hasOwn(canaryMetrics, id);
}

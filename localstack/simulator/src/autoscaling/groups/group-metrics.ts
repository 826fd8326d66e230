import type {
  DescribeMetricCollectionTypesAnswer,
  DisableMetricsCollectionQuery,
  EnableMetricsCollectionQuery,
} from '@aws-sdk/client-auto-scaling';
import type { Call, Handlers } from '../../world/call.js';
import { checkWord } from './checks.js';
import { getLiveGroup } from './group-access.js';

const METRICS = [
  'GroupMinSize',
  'GroupMaxSize',
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupPendingInstances',
  'GroupStandbyInstances',
  'GroupTerminatingInstances',
  'GroupTotalInstances',
  'GroupInServiceCapacity',
  'GroupPendingCapacity',
  'GroupStandbyCapacity',
  'GroupTerminatingCapacity',
  'GroupTotalCapacity',
  'WarmPoolDesiredCapacity',
  'WarmPoolWarmedCapacity',
  'WarmPoolPendingCapacity',
  'WarmPoolTerminatingCapacity',
  'WarmPoolTotalCapacity',
  'GroupAndWarmPoolDesiredCapacity',
  'GroupAndWarmPoolTotalCapacity',
] as const;

/** Which metrics of a group are collected; kept and described. API_EnableMetricsCollection */
export const groupMetricHandlers: Handlers = {
  EnableMetricsCollection: ({ scope }: Call, input: EnableMetricsCollectionQuery) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    checkWord('granularity', input.Granularity, ['1Minute']);
    const named = namedMetrics(input.Metrics);
    const metrics = METRICS.filter(
      (name) => named.includes(name) || group.metrics?.includes(name) === true,
    );
    scope.tables.groups.update(group.name, { metrics });
    return {};
  },
  DisableMetricsCollection: ({ scope }: Call, input: DisableMetricsCollectionQuery) => {
    const group = getLiveGroup(scope, input.AutoScalingGroupName);
    const named = namedMetrics(input.Metrics);
    scope.tables.groups.update(group.name, {
      metrics: (group.metrics ?? []).filter((name) => !named.includes(name)),
    });
    return {};
  },
  DescribeMetricCollectionTypes: (): DescribeMetricCollectionTypesAnswer => ({
    Metrics: METRICS.map((Metric) => ({ Metric })),
    Granularities: [{ Granularity: '1Minute' }],
  }),
};

/** The metrics that a call names; none means all. */
function namedMetrics(names: readonly string[] | undefined): readonly string[] {
  for (const name of names ?? []) checkWord('metrics', name, METRICS);
  return names === undefined || names.length === 0 ? METRICS : names;
}

import { arrivalTransitions, pendingMemberRuns } from '../autoscaling/members/arriving.js';
import { attachmentTransitions } from '../autoscaling/attachments/attachments.js';
import {
  attachedTargetsChanged,
  healthTransitions,
  memberInstanceChanged,
} from '../autoscaling/groups/group-health.js';
import { awakenAll } from '../autoscaling/groups/group-access.js';
import { membershipTransitions } from '../autoscaling/members/joining.js';
import { lifecycleActionTransitions } from '../autoscaling/members/lifecycle-actions.js';
import { policyAlarmActs } from '../autoscaling/policies/policy-execution.js';
import { reconciliationTransitions } from '../autoscaling/sizes/reconciliation.js';
import {
  refreshAlarmChanged,
  refreshTransitions,
} from '../autoscaling/refreshes/refresh-progress.js';
import { scheduleTransitions } from '../autoscaling/schedules/scheduled-runs.js';
import {
  terminatingMemberEnds,
  terminationTransitions,
} from '../autoscaling/members/terminating.js';
import { alarmTransitions } from '../cloudwatch/alarm-evaluation.js';
import { hostMetrics } from '../cloudwatch/host-metrics.js';
import { loadBalancerMetrics } from '../cloudwatch/load-balancer-metrics.js';
import { instanceTransitions } from '../ec2/instance-lifecycle.js';
import { instanceChangedForTargets, targetTransitions } from '../elb/target-health.js';
import { countHosts } from './host-counts.js';
import { countTraffic } from './traffic.js';
import type { Behaviour } from './world.js';

/** Everything that happens by itself. */
export const behaviour: Behaviour = {
  transitions: new Map(
    Object.entries({
      ...instanceTransitions,
      ...targetTransitions,
      ...alarmTransitions,
      ...arrivalTransitions,
      ...membershipTransitions,
      ...refreshTransitions,
      ...scheduleTransitions,
      ...lifecycleActionTransitions,
      ...attachmentTransitions,
      ...healthTransitions,
      ...reconciliationTransitions,
      ...terminationTransitions,
    }),
  ),
  instanceChanged: [
    instanceChangedForTargets,
    pendingMemberRuns,
    terminatingMemberEnds,
    memberInstanceChanged,
  ],
  targetGroupChanged: [countHosts, attachedTargetsChanged],
  alarmChanged: [refreshAlarmChanged],
  alarmActs: [policyAlarmActs],
  metricSources: [loadBalancerMetrics, hostMetrics],
  capacityLifted: [awakenAll],
  timePasses: [countTraffic],
};

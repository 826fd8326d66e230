import type { PutScalingPolicyType } from '@aws-sdk/client-auto-scaling';
import { actionsOfAlarm } from '../../world/alarm.js';
import type { Scope } from '../../world/scope.js';
import type { Transition } from '../../world/world.js';
import { awaken, isSuspended } from '../groups/group-access.js';
import type { GroupRecord, PolicyRecord } from '../records.js';
import { latestValue, trackedSize } from './target-tracking.js';

interface Occasion {
  /** Why, as the cause of the activities says it. */
  readonly because: string;
  readonly value: number | undefined;
  readonly threshold: number | undefined;
}

/**
 * What alarms do to groups: the policies among an alarm's actions act, unless AlarmNotification is suspended, the
 * policy is disabled, or a simple one still cools down.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
 */
export const policyAlarmActs: Transition = (scope, alarmName) => {
  const alarm = scope.tables.alarms.find(alarmName);
  if (alarm === undefined) return;
  const actions = actionsOfAlarm(scope, alarmName);
  for (const policy of scope.tables.policies.all()) {
    const group = scope.tables.groups.find(policy.group);
    if (!actions.includes(policy.arn) || group === undefined || group.deleting) continue;
    if (isSuspended(group, 'AlarmNotification') || policy.request.Enabled === false) continue;
    const isSimple = (policy.request.PolicyType ?? 'SimpleScaling') === 'SimpleScaling';
    if (isSimple && isCoolingDown(scope, group, policy)) continue;
    executePolicy(scope, policy, {
      because: `a monitor alarm ${alarmName} in state ${alarm.state} triggered policy ${policy.request.PolicyName}`,
      value: latestValue(alarm),
      threshold: alarm.request.Threshold,
    });
  }
};

/** True for so long after the last simple scaling as the policy's cooldown, or else the group's, says. */
export function isCoolingDown(scope: Scope, group: GroupRecord, policy?: PolicyRecord): boolean {
  const seconds = policy?.request.Cooldown ?? group.cooldownSeconds;
  return group.scaledAt !== undefined && scope.now() < group.scaledAt + seconds * 1000;
}

/** Sets the wanted size that the policy asks for, within the group's bounds. */
export function executePolicy(scope: Scope, policy: PolicyRecord, occasion: Occasion): void {
  const group = scope.tables.groups.find(policy.group);
  if (group === undefined) return;
  const wanted = sizeBy(scope, group, { policy, occasion });
  const desired = Math.max(group.minSize, Math.min(group.maxSize, wanted));
  if (desired === group.desired) return;
  const isSimple = (policy.request.PolicyType ?? 'SimpleScaling') === 'SimpleScaling';
  scope.tables.groups.update(group.name, {
    desired,
    launchNotBefore: 0,
    lastChange: `At ${scope.timestamp()} ${occasion.because} changing the desired capacity from ${group.desired} to ${desired}.`,
    ...(isSimple ? { scaledAt: scope.now() } : {}),
  });
  awaken(scope, group.name);
}

function sizeBy(
  scope: Scope,
  group: GroupRecord,
  { policy, occasion }: { readonly policy: PolicyRecord; readonly occasion: Occasion },
): number {
  const { request } = policy;
  switch (request.PolicyType ?? 'SimpleScaling') {
    case 'SimpleScaling':
      return adjusted(group.desired, request.ScalingAdjustment ?? 0, request);
    case 'StepScaling':
      return adjusted(group.desired, stepOf(request, occasion), request);
    case 'TargetTrackingScaling':
      return trackedSize(scope, group, { policy, ...occasion });
    default:
      return group.desired;
  }
}

/** The step whose interval has the breach; without a value the breach is 0. Lower bounds belong to it above the threshold. */
function stepOf(request: PutScalingPolicyType, occasion: Occasion): number {
  const breach = (occasion.value ?? 0) - (occasion.threshold ?? 0);
  const distance = occasion.value === undefined ? 0 : breach;
  const step = request.StepAdjustments?.find(
    ({ MetricIntervalLowerBound: lower, MetricIntervalUpperBound: upper }) =>
      distance >= 0
        ? distance >= (lower ?? -Infinity) && distance < (upper ?? Infinity)
        : distance > (lower ?? -Infinity) && distance <= (upper ?? Infinity),
  );
  return step?.ScalingAdjustment ?? 0;
}

/** Percentages are rounded towards zero, but to one at least ("0.67 is rounded to 1"). */
function adjusted(desired: number, adjustment: number, request: PutScalingPolicyType): number {
  switch (request.AdjustmentType) {
    case 'ExactCapacity':
      return adjustment;
    case 'PercentChangeInCapacity': {
      const change = (desired * adjustment) / 100;
      const least = Math.max(1, request.MinAdjustmentMagnitude ?? 1);
      const size = Math.max(least, Math.trunc(Math.abs(change)));
      return change === 0 ? desired : desired + Math.sign(change) * size;
    }
    default:
      return desired + adjustment;
  }
}

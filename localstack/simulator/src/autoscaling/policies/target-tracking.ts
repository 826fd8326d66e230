import type { AlarmRecord } from '../../cloudwatch/records.js';
import { alarmState } from '../../world/alarm.js';
import type { Scope } from '../../world/scope.js';
import { isActive, membersOf } from '../groups/group-access.js';
import type { GroupRecord, MemberRecord, PolicyRecord } from '../records.js';
import { trackingAlarmName } from './tracking-names.js';

/**
 * The size at which the metric would be at its target: the units that serve, times value over target, rounded up. It
 * scales out at once, and in only when nothing warms up and every tracking policy of the group would scale in. An
 * alarm that was set by hand has no value: then it is one more or one less.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
export function trackedSize(
  scope: Scope,
  group: GroupRecord,
  occasion: {
    readonly policy: PolicyRecord;
    readonly value: number | undefined;
    readonly threshold: number | undefined;
  },
): number {
  const { policy, value } = occasion;
  const configuration = policy.request.TargetTrackingConfiguration;
  const target = configuration?.TargetValue ?? 0;
  if (target <= 0) return group.desired;
  const isHigh = alarmState(scope, trackingAlarmName(policy, 'High')) === 'ALARM';
  const active = membersOf(scope, group.name).filter(isActive);
  const warm = active.filter((member) => isWarm(scope, group, { member, policy }));
  const units = warm.reduce((sum, { weight = 1 }) => sum + weight, 0);
  if (isHigh) {
    const wanted = value === undefined ? group.desired + 1 : Math.ceil((units * value) / target);
    return Math.max(group.desired, wanted);
  }
  if (configuration?.DisableScaleIn === true || warm.length < active.length) return group.desired;
  if (!allAgreeToScaleIn(scope, group)) return group.desired;
  const wanted = value === undefined ? group.desired - 1 : Math.ceil((units * value) / target);
  return Math.min(group.desired, wanted);
}

/** The value that an alarm was judged by last: its reason names the datapoints, the newest first. */
export function latestValue({ reason }: AlarmRecord): number | undefined {
  const [, newest = ''] = /datapoints? \[\s*([-+.\deE]+)/.exec(reason) ?? [];
  return newest === '' || Number.isNaN(Number(newest)) ? undefined : Number(newest);
}

function allAgreeToScaleIn(scope: Scope, group: GroupRecord): boolean {
  return scope.tables.policies
    .where('group', group.name)
    .filter(
      ({ request }) =>
        request.PolicyType === 'TargetTrackingScaling' &&
        request.Enabled !== false &&
        request.TargetTrackingConfiguration?.DisableScaleIn !== true,
    )
    .every((policy) => alarmState(scope, trackingAlarmName(policy, 'Low')) === 'ALARM');
}

function isWarm(
  scope: Scope,
  group: GroupRecord,
  { member, policy }: { readonly member: MemberRecord; readonly policy: PolicyRecord },
): boolean {
  const seconds =
    policy.request.EstimatedInstanceWarmup ??
    group.extras.DefaultInstanceWarmup ??
    group.cooldownSeconds;
  return member.inServiceAt !== undefined && scope.now() >= member.inServiceAt + seconds * 1000;
}

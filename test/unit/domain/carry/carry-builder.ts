import type {
  CarryFacts,
  ScheduledAction,
  SourceAlarm,
  SourceCarriedOver,
  SourceScalingPolicy,
} from '@gennaker/domain';

export const now = '2026-03-06T16:00:00.000Z';
export const topic = 'arn:aws:sns:eu-west-1:111111111111:ops';

/** The ARN of a scaling policy, as Auto Scaling makes it. */
export function policyArn(name: string, serverGroup = 'web-v000'): string {
  return (
    'arn:aws:autoscaling:eu-west-1:111111111111:scalingPolicy:5f3c:' +
    `autoScalingGroupName/${serverGroup}:policyName/${name}`
  );
}

export function policy(
  name: string,
  changes: Partial<SourceScalingPolicy> = {},
): SourceScalingPolicy {
  const members = { AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 1 };
  return { name, arn: policyArn(name), type: 'SimpleScaling', members, ...changes };
}

/** An alarm on the CPU of the group that acts on that policy. */
export function alarm(
  name: string,
  ofPolicy: string,
  changes: Partial<SourceAlarm> = {},
): SourceAlarm {
  return {
    name,
    members: {
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'web-v000' }],
      Threshold: 80,
    },
    actions: { alarm: [policyArn(ofPolicy)], ok: [], insufficientData: [] },
    tags: {},
    ...changes,
  };
}

export function nightly(changes: Partial<ScheduledAction> = {}): ScheduledAction {
  return {
    name: 'night',
    recurrence: '0 22 * * *',
    timeZone: 'Europe/Berlin',
    startAt: '2026-03-06T21:00:00.000Z',
    endAt: null,
    min: 1,
    max: null,
    desired: 1,
    ...changes,
  };
}

/** A source with what is given and nothing else. */
export function source(changes: Partial<SourceCarriedOver> = {}): SourceCarriedOver {
  return {
    group: { members: {}, mixedInstances: null, enabledMetrics: [], warmPool: null },
    policies: [],
    alarms: [],
    scheduledActions: [],
    lifecycleHooks: [],
    notifications: [],
    ...changes,
  };
}

/** A deploy from `web-v000` to `web-v001`. */
export function carry(from: SourceCarriedOver, changes: Partial<CarryFacts> = {}): CarryFacts {
  return {
    source: from,
    renames: { serverGroup: { from: 'web-v000', to: 'web-v001' }, targetGroups: [] },
    instanceType: null,
    now,
    ...changes,
  };
}

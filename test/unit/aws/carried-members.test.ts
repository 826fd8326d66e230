import {
  AutoScalingGroup$,
  CreateAutoScalingGroupType$,
  LifecycleHook$,
  LifecycleHookSpecification$,
  PutScalingPolicyType$,
  PutWarmPoolType$,
  ScalingPolicy$,
  ScheduledUpdateGroupAction$,
  ScheduledUpdateGroupActionRequest$,
  WarmPoolConfiguration$,
} from '@aws-sdk/client-auto-scaling';
import { MetricAlarm$, PutMetricAlarmInput$ } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { missingFields } from '../../support/aws/sdk-schemas.js';

/**
 * What AWS shows and its request does not take. A new version of the SDK that adds one here asks for a decision: it is
 * either set by AWS alone, or a copy loses it and has to say so.
 */
test('what is read of a thing that hangs on a group can be written again, but for what AWS alone sets', () => {
  expect(missingFields(ScalingPolicy$, PutScalingPolicyType$)).toEqual(['PolicyARN', 'Alarms']);
  expect(missingFields(LifecycleHook$, LifecycleHookSpecification$)).toEqual([
    'AutoScalingGroupName',
    'GlobalTimeout',
  ]);
  expect(missingFields(ScheduledUpdateGroupAction$, ScheduledUpdateGroupActionRequest$)).toEqual([
    'AutoScalingGroupName',
    'ScheduledActionARN',
    'Time',
  ]);
  expect(missingFields(WarmPoolConfiguration$, PutWarmPoolType$)).toEqual(['Status']);
  expect(missingFields(MetricAlarm$, PutMetricAlarmInput$)).toEqual([
    'AlarmArn',
    'AlarmConfigurationUpdatedTimestamp',
    'StateValue',
    'StateReason',
    'StateReasonData',
    'StateUpdatedTimestamp',
    'EvaluationState',
    'StateTransitionedTimestamp',
  ]);
});

test('what a group shows can be given to a new one, but for what it is and what hangs on it', () => {
  expect(missingFields(AutoScalingGroup$, CreateAutoScalingGroupType$)).toEqual([
    'CreatedTime',
    'AutoScalingGroupARN',
    'PredictedCapacity',
    'Instances',
    'SuspendedProcesses',
    'EnabledMetrics',
    'Status',
    'WarmPoolConfiguration',
    'WarmPoolSize',
  ]);
});

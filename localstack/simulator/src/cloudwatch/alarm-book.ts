import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../world/scope.js';
import { scheduleEvaluation } from './alarm-evaluation.js';
import type { AlarmRecord } from './records.js';

/**
 * Makes an alarm, or replaces the one of that name whole; its state stays. Unchecked: also for what makes alarms
 * inside of the world, as target tracking does. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function putAlarm(scope: Scope, request: PutMetricAlarmInput): AlarmRecord {
  const name = request.AlarmName ?? '';
  const before = scope.tables.alarms.find(name);
  const now = scope.now();
  const { Tags: tags, ...settings } = request;
  const record: AlarmRecord = {
    name,
    arn: `arn:aws:cloudwatch:${scope.region}:${scope.account}:alarm:${name}`,
    state: before?.state ?? 'INSUFFICIENT_DATA',
    reason: before?.reason ?? 'Unchecked: Initial alarm creation',
    reasonData: before?.reasonData,
    stateUpdatedAt: before?.stateUpdatedAt ?? now,
    transitionedAt: before?.transitionedAt ?? now,
    // "Tags of an existing alarm are ignored": they are only taken when it is made.
    tags: before?.tags ?? tagsOf(tags),
    request: settings,
    configuredAt: now,
  };
  scope.tables.alarms.put(name, record);
  scheduleEvaluation(scope, record);
  return record;
}

/** Deletes an alarm; one that is not there is fine. */
export function deleteAlarm(scope: Scope, name: string): void {
  scope.tables.alarms.delete(name);
  scope.cancel('alarm:evaluated', name);
}

function tagsOf(tags: PutMetricAlarmInput['Tags']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (tags ?? []).map(({ Key, Value }): [string, string] => [Key ?? '', Value ?? '']),
  );
}

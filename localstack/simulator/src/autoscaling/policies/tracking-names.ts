import type { PolicyRecord } from '../records.js';

/** The names of the two alarms of a tracking policy: they follow from the policy, as AWS's do from ids of its own. */
export function trackingAlarmName({ group, arn }: PolicyRecord, which: 'High' | 'Low'): string {
  const id = arn.split(':')[6] ?? '';
  return `TargetTracking-${group}-Alarm${which}-${id}`;
}

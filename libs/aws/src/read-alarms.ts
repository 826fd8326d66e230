import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmDetails, AlarmQuery } from './alarm-details.js';
import type { AwsCaller } from './aws-caller.js';
import type { CallOptions } from './call-options.js';
import { collectPages, readChunks } from './pages.js';
import { requiredField } from './required-field.js';

/** Most names in one DescribeAlarms, and its largest page (API_DescribeAlarms). */
const alarmsPerDescribe = 100;

/** See AwsReads. An empty list of names makes no call: CloudWatch would take it for all alarms. */
export async function describeAlarms(
  caller: AwsCaller,
  query: AlarmQuery,
  options: CallOptions,
): Promise<readonly AlarmDetails[]> {
  const alarms =
    'names' in query
      ? await readChunks(query.names, alarmsPerDescribe, (names) =>
          readAlarms(caller, { AlarmNames: [...names] }, options),
        )
      : await readAlarms(caller, { AlarmNamePrefix: query.namePrefix }, options);
  return alarms.map(toAlarmDetails).toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

async function readAlarms(
  caller: AwsCaller,
  query: { AlarmNames: string[] } | { AlarmNamePrefix: string },
  options: CallOptions,
): Promise<readonly MetricAlarm[]> {
  const resource =
    'AlarmNames' in query ? query.AlarmNames.join(', ') : `alarms ${query.AlarmNamePrefix}…`;
  return collectPages(`CloudWatch alarms (${resource})`, async (NextToken) => {
    const command = new DescribeAlarmsCommand({
      ...query,
      AlarmTypes: ['MetricAlarm'],
      MaxRecords: alarmsPerDescribe,
      NextToken,
    });
    const reply = await caller.cloudWatch(command, { ...options, resource });
    return { items: reply.MetricAlarms ?? [], next: reply.NextToken };
  });
}

function toAlarmDetails(alarm: MetricAlarm): AlarmDetails {
  return {
    name: requiredField(alarm.AlarmName, 'AlarmName'),
    arn: requiredField(alarm.AlarmArn, 'AlarmArn'),
    state: requiredField(alarm.StateValue, 'StateValue'),
    stateReason: alarm.StateReason ?? '',
  };
}

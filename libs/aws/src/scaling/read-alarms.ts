import {
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmDetails, AlarmQuery, AlarmReadOptions } from './alarm-details.js';
import type { AwsCaller } from '../calling/aws-caller.js';
import { membersOf } from '../server-groups/aws-members.js';
import type { CallOptions } from '../call-options.js';
import { isCode } from '../calling/is-code.js';
import type { TagMap } from '../operation-identity.js';
import { collectPages, readChunks } from '../calling/pages.js';
import { requiredField, tagMap } from '../calling/required-field.js';

/** Most names in one DescribeAlarms, and its largest page (API_DescribeAlarms). */
const alarmsPerDescribe = 100;

/** Members of a MetricAlarm that no request sets, or that are read apart. */
const apart: readonly string[] = [
  'AlarmName',
  'AlarmArn',
  'AlarmConfigurationUpdatedTimestamp',
  'AlarmActions',
  'OKActions',
  'InsufficientDataActions',
  'StateValue',
  'StateReason',
  'StateReasonData',
  'StateUpdatedTimestamp',
  'StateTransitionedTimestamp',
  'EvaluationState',
];

/** See AwsReads. An empty list of names makes no call: CloudWatch would take it for all alarms. */
export async function describeAlarms(
  caller: AwsCaller,
  query: AlarmQuery,
  options: AlarmReadOptions,
): Promise<readonly AlarmDetails[]> {
  const found =
    'names' in query
      ? await readChunks(query.names, alarmsPerDescribe, (names) =>
          readAlarms(caller, { AlarmNames: [...names] }, options),
        )
      : await readAlarms(caller, { AlarmNamePrefix: query.namePrefix }, options);
  const alarms = found
    .map(toAlarmDetails)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  if (options.withTags !== true) return alarms;
  const tagged = await Promise.all(
    alarms.map(async (alarm) => {
      const tags = await readTags(caller, alarm.arn, options);
      return tags === null ? null : { ...alarm, tags };
    }),
  );
  return tagged.filter((alarm) => alarm !== null);
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

/** Null for an alarm that was deleted meanwhile: it is left out, as if it had gone before the first read. */
async function readTags(
  caller: AwsCaller,
  arn: string,
  options: CallOptions,
): Promise<TagMap | null> {
  try {
    const command = new ListTagsForResourceCommand({ ResourceARN: arn });
    const reply = await caller.cloudWatch(command, { ...options, resource: arn });
    return tagMap(reply.Tags);
  } catch (error) {
    if (isCode(error, 'AWS_NOT_FOUND')) return null;
    throw error;
  }
}

function toAlarmDetails(alarm: MetricAlarm): AlarmDetails {
  return {
    name: requiredField(alarm.AlarmName, 'AlarmName'),
    arn: requiredField(alarm.AlarmArn, 'AlarmArn'),
    state: requiredField(alarm.StateValue, 'StateValue'),
    stateReason: alarm.StateReason ?? '',
    actions: {
      alarm: alarm.AlarmActions ?? [],
      ok: alarm.OKActions ?? [],
      insufficientData: alarm.InsufficientDataActions ?? [],
    },
    members: membersOf(alarm, apart),
    tags: null,
  };
}

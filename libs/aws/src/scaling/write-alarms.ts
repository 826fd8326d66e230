import {
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
} from '@aws-sdk/client-cloudwatch';
import type { AwsCaller } from '../calling/aws-caller.js';
import { requestMembers } from '../server-groups/aws-members.js';
import type { CallOptions } from '../call-options.js';
import { ownerTags, serverGroupTagKey } from '../operation-identity.js';
import { chunksOf } from '../calling/pages.js';
import type { PutAlarmRequest } from './scaling-writes.js';

/** Most names in one DeleteAlarms. */
const alarmsPerDelete = 100;

/** See ScalingWrites. */
export async function putAlarm(
  caller: AwsCaller,
  request: PutAlarmRequest,
  options: CallOptions,
): Promise<void> {
  const { name, serverGroup, members, actions, owner, ...spec } = request;
  const tags = {
    ...request.tags,
    ...ownerTags(owner, { ...spec, members, actions }),
    [serverGroupTagKey]: serverGroup,
  };
  const command = new PutMetricAlarmCommand({
    ...requestMembers<PutMetricAlarmInput>(members),
    AlarmName: name,
    AlarmActions: [...actions.alarm],
    OKActions: [...actions.ok],
    InsufficientDataActions: [...actions.insufficientData],
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  await caller.cloudWatch(command, { ...options, resource: `alarm ${name}` });
}

/** See ScalingWrites. */
export async function deleteAlarms(
  caller: AwsCaller,
  names: readonly string[],
  options: CallOptions,
): Promise<void> {
  for (const chunk of chunksOf(names, alarmsPerDelete)) {
    const command = new DeleteAlarmsCommand({ AlarmNames: [...chunk] });
    await caller.cloudWatch(command, { ...options, resource: `alarms ${chunk.join(', ')}` });
  }
}

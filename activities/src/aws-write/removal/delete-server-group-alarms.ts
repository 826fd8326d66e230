import { isOwnedBy, serverGroupTagKey, type AlarmDetails } from '@gennaker/aws';
import type { AwsWriteActivities, DeleteServerGroupAlarmsInput } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading, writing } from '../../call-options.js';

/**
 * Deletes the alarms that were made for a server group: AWS deletes those of target tracking with the group, and no others
 * (clouddriver-aws 4.3). Only alarms whose tags say so; others of such a name are left and told. Looks first, always; gone is
 * done.
 */
export function createDeleteServerGroupAlarms({
  aws,
  logger,
}: AwsActivityDependencies): AwsWriteActivities['deleteServerGroupAlarms'] {
  return async (input) => {
    const { context, subject, alarmNames } = input;
    const region = aws.region(subject.account, subject.region);
    const query =
      alarmNames === null ? { namePrefix: `${subject.serverGroup}-` } : { names: alarmNames };
    const options = { ...reading(context.priority), withTags: true };
    const found = await region.describeAlarms(query, options);
    const deleted = found.filter((alarm) => isMadeForIt(alarm, input)).map(({ name }) => name);
    const left = found.map(({ name }) => name).filter((name) => !deleted.includes(name));
    if (left.length > 0) {
      logger.warn({ serverGroup: subject.serverGroup, left }, 'alarms of others are left');
    }
    await region.deleteAlarms(deleted, await writing(context.priority));
    return { deleted, left };
  };
}

function isMadeForIt(
  { tags }: AlarmDetails,
  { context, subject, alarmNames }: DeleteServerGroupAlarmsInput,
): boolean {
  if (tags?.[serverGroupTagKey] !== subject.serverGroup) return false;
  return alarmNames === null || isOwnedBy(tags, context);
}

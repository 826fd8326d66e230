import type {
  Activity,
  DescribeScalingActivitiesType,
  ActivitiesType,
} from '@aws-sdk/client-auto-scaling';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import type { ActivityRecord, GroupRecord, MemberRecord } from './records.js';

/** A group keeps its latest activities only; AWS keeps those of six weeks. */
const KEPT_MAX = 1000;

type NewActivity = Pick<
  ActivityRecord,
  'description' | 'cause' | 'status' | 'progress' | 'details'
> & { readonly message?: string };

export const activityHandlers: Handlers = {
  DescribeScalingActivities: (
    { scope, reading }: Call,
    input: DescribeScalingActivitiesType,
  ): ActivitiesType => {
    const all =
      input.AutoScalingGroupName === undefined
        ? scope.tables.activities.all()
        : scope.tables.activities.where('group', input.AutoScalingGroupName);
    const rows = all.filter(
      (row) =>
        (!row.groupDeleted || input.IncludeDeletedGroups === true) &&
        (input.ActivityIds?.includes(row.id) ?? true),
    );
    // Newest first is what AWS documents, so this list alone is never shuffled.
    const page = reading.inOrder({
      rows,
      key: (row) => String(1e12 - row.sequence).padStart(13, '0'),
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 100,
    });
    return { Activities: page.items.map(activityView), NextToken: page.nextToken };
  },
};

/** Begins an activity, or records one that ended at once; returns its id. */
export function beginActivity(scope: Scope, group: GroupRecord, activity: NewActivity): string {
  const sequence = scope.world.nextNumber();
  const hex = scope.world.nextHex(32);
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  const isEnded =
    activity.status === 'Failed' ||
    activity.status === 'Successful' ||
    activity.status === 'Cancelled';
  scope.tables.activities.put(id, {
    id,
    group: group.name,
    groupArn: group.arn,
    sequence,
    startedAt: scope.now(),
    endedAt: isEnded ? scope.now() : undefined,
    groupDeleted: false,
    message: undefined,
    ...activity,
  });
  forgetOldest(scope, group.name);
  return id;
}

/** Where an activity takes place, as its details say it. */
export function activityDetails(scope: Scope, member: MemberRecord): string {
  return JSON.stringify({
    'Subnet ID': scope.tables.instances.find(member.instanceId)?.subnetId ?? '',
    'Availability Zone': member.zone,
  });
}

export function endActivity(
  scope: Scope,
  id: string,
  end: { readonly status: 'Successful' | 'Cancelled'; readonly message?: string },
): void {
  const activity = scope.tables.activities.find(id);
  if (activity === undefined || activity.endedAt !== undefined) return;
  scope.tables.activities.update(id, { ...end, endedAt: scope.now(), progress: 100 });
}

/** True while a launch or a termination of the group has not ended. */
export function hasActivityInProgress(scope: Scope, group: string): boolean {
  return scope.tables.activities
    .where('group', group)
    .some((row) => row.endedAt === undefined && !row.groupDeleted);
}

export function activityView(row: ActivityRecord): Activity {
  return {
    ActivityId: row.id,
    AutoScalingGroupName: row.group,
    AutoScalingGroupARN: row.groupArn,
    ...(row.groupDeleted ? { AutoScalingGroupState: 'deleted' } : {}),
    Description: row.description,
    Cause: row.cause,
    StartTime: new Date(row.startedAt),
    EndTime: row.endedAt === undefined ? undefined : new Date(row.endedAt),
    StatusCode: row.status,
    StatusMessage: row.message,
    Progress: row.progress,
    Details: row.details,
  };
}

function forgetOldest(scope: Scope, group: string): void {
  const rows = scope.tables.activities.where('group', group);
  const oldest = rows[0];
  if (rows.length > KEPT_MAX && oldest !== undefined) scope.tables.activities.delete(oldest.id);
}

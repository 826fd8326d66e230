import { DescribeScalingActivitiesCommand, type Activity } from '@aws-sdk/client-auto-scaling';
import type { ScalingActivityRecord } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { listAttached } from './list-attached.js';
import { requiredField } from '../calling/required-field.js';

/** Largest page of DescribeScalingActivities. */
const activitiesPerPage = 100;

/** See AwsReads. AWS gives the newest first, so no more is read than is wanted. */
export async function describeScalingActivities(
  caller: AwsCaller,
  query: { readonly serverGroup: string; readonly activitiesMax: number },
  options: CallOptions,
): Promise<readonly ScalingActivityRecord[]> {
  const { serverGroup, activitiesMax } = query;
  let count = 0;
  const activities = await listAttached(`scaling activities of ${serverGroup}`, async (token) => {
    const command = new DescribeScalingActivitiesCommand({
      AutoScalingGroupName: serverGroup,
      MaxRecords: Math.min(activitiesMax, activitiesPerPage),
      NextToken: token,
    });
    const reply = await caller.autoscaling(command, { ...options, resource: serverGroup });
    const items = reply.Activities ?? [];
    count += items.length;
    return { items, next: count < activitiesMax ? reply.NextToken : undefined };
  });
  return activities
    .map(toRecord)
    .toSorted((one, other) => (one.at > other.at ? -1 : 1))
    .slice(0, activitiesMax);
}

function toRecord(activity: Activity): ScalingActivityRecord {
  return {
    at: requiredField(activity.StartTime, 'StartTime').toISOString(),
    status: requiredField(activity.StatusCode, 'StatusCode'),
    description: activity.Description ?? '',
    message: activity.StatusMessage ?? null,
  };
}

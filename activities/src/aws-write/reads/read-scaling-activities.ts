import type { AwsWriteActivities } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';

/** How many scaling activities a person sees. */
const scalingActivitiesMax = 20;

/** Auto Scaling's own words about a group, newest first; empty when it is not there (DescribeScalingActivities). */
export function createReadScalingActivities({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['readScalingActivities'] {
  return ({ context, subject }) =>
    aws
      .region(subject.account, subject.region)
      .describeScalingActivities(
        { serverGroup: subject.serverGroup, activitiesMax: scalingActivitiesMax },
        reading(context.priority),
      );
}

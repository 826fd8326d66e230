import type { CanaryActivities } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { reading } from '../call-options.js';
import { observedAt } from '../observe/cluster-view.js';

/** AWS's time of a fresh reply (its Date header); any cheap read will do. Changes nothing. */
export function createReadAwsTime({
  aws,
  clock,
}: AwsActivityDependencies): CanaryActivities['readAwsTime'] {
  return async ({ context, subject }) => {
    const region = aws.region(subject.account, subject.region);
    await region.describeServerGroups([subject.serverGroup], reading(context.priority));
    return { observedAt: observedAt(region, clock) };
  };
}

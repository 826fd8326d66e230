import type { AwsWriteActivities } from '@gennaker/contract/wire';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';
import { readClusterView } from '../../observe/cluster-view.js';

/**
 * A cluster as AWS has it now. With priority `screen`, for people: with the health of every instance and the images;
 * otherwise only what DescribeAutoScalingGroups says (one call), which is enough to count and to see what is enabled.
 */
export function createReadCluster({
  aws,
  clock,
}: AwsActivityDependencies): AwsWriteActivities['readCluster'] {
  return ({ cluster, priority }) => {
    const forPeople = priority === 'screen';
    return readClusterView(aws.region(cluster.account, cluster.region), cluster, {
      ...reading(priority),
      withHealth: forPeople,
      withImage: forPeople,
      clock,
    });
  };
}

import { afterAll, beforeAll, expect, test } from 'vitest';

import { callsBetween, readCallCounts, sumOf } from '../../support/e2e/aws-call-counts.js';
import { Gennaker } from '../../support/e2e/gennaker.js';
import { addClusters, deployTo, servingIn } from '../../support/e2e/more-clusters.js';

/** DESIGN section 4: all mutating calls, and the reads not made by the shared reader. */
const awsCallsMax = 12;

let gennaker: Gennaker;
beforeAll(async () => {
  // Counts are exact only where reads are not stale and lists come in one page.
  gennaker = await Gennaker.start({ simulator: { adversarial: false } });
}, 120_000);
afterAll(() => gennaker.close());

test.each([
  { instances: 3, versionsRead: { DescribeLaunchTemplateVersions: 1 } },
  // The source's launch template is the same, and a version never changes: it is not read again.
  { instances: 100, versionsRead: {} },
])(
  'a red/black of $instances instances makes at most twelve AWS calls',
  async ({ instances, versionsRead }) => {
    const [cluster] = await addClusters(gennaker, { count: 1, instances, from: instances });
    if (cluster === undefined) throw new Error('no cluster was made');
    const before = await readCallCounts(gennaker.worker);
    const imageId = gennaker.seeded.imageIds['1.1.0'];
    const executionId = await gennaker.api.run(deployTo(cluster, { imageId }));
    await gennaker.watch(executionId).done;
    const calls = callsBetween(before, await readCallCounts(gennaker.worker));

    expect(await gennaker.api.execution(executionId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await servingIn(gennaker, cluster)).toEqual([
      `${cluster.cluster}-v001 ${instances}/${instances}`,
    ]);
    expect(calls).toEqual({
      ...versionsRead,
      CreateAutoScalingGroup: 1,
      CreateLaunchTemplate: 1,
      DeregisterTargets: 1,
      DescribeAutoScalingGroups: 2,
      DescribeLifecycleHooks: 1,
      DescribeNotificationConfigurations: 1,
      DescribePolicies: 1,
      DescribeScheduledActions: 1,
      SuspendProcesses: 1,
      UpdateAutoScalingGroup: 1,
    });
    expect(sumOf(calls)).toBeLessThanOrEqual(awsCallsMax);
  },
  180_000,
);

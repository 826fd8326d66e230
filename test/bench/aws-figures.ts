import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';

import { callsBetween, readCallCounts, sumOf } from '../support/e2e/aws-call-counts.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { addClusters, deployTo, type ExtraCluster } from '../support/e2e/more-clusters.js';
import { inWords, median, repeat } from './figures.js';
import type { Row } from './table.js';

const pollSeconds = 1;

/** What deployments cost AWS, and how soon they notice that AWS is done. */
export async function awsFigures(): Promise<readonly Row[]> {
  const gennaker = await Gennaker.start({ simulator: { adversarial: false }, pollSeconds });
  try {
    const rows: Row[] = [];
    for (const instances of [3, 100]) rows.push(await calls(gennaker, instances));
    rows.push(await readyToDone(gennaker));
    return rows;
  } finally {
    await gennaker.close();
  }
}

async function calls(gennaker: Gennaker, instances: number): Promise<Row> {
  const [cluster] = await addClusters(gennaker, { count: 1, instances, from: instances });
  if (cluster === undefined) throw new Error('no cluster was made');
  const imageId = gennaker.seeded.imageIds['1.1.0'];
  const before = await readCallCounts(gennaker.worker);
  await succeeds(gennaker, await gennaker.api.run(deployTo(cluster, { imageId })));
  const made = sumOf(callsBetween(before, await readCallCounts(gennaker.worker)));
  return {
    what: `AWS calls of a red/black of ${instances} instances, without the shared looks`,
    target: '≤ 12',
    measured: `${made}`,
    n: 1,
    holds: made <= 12,
  };
}

async function readyToDone(gennaker: Gennaker): Promise<Row> {
  const clusters = await addClusters(gennaker, { count: 12, instances: 2, from: 200 });
  const imageId = gennaker.seeded.imageIds['1.1.0'];
  const elb = new ElasticLoadBalancingV2Client({
    endpoint: gennaker.aws.url,
    region: gennaker.seeded.region,
    credentials: { accessKeyId: gennaker.seeded.accountId, secretAccessKey: 'stand-in' },
  });
  const samples = await repeat(clusters.length, async (index) => {
    const cluster = clusters[index];
    if (cluster === undefined) throw new Error('a cluster a sample');
    const id = await gennaker.api.run(deployTo(cluster, { imageId, strategy: { type: 'none' } }));
    const watcher = gennaker.watch(id);
    const readyAt = await instantWhenHealthy(elb, cluster, 4);
    const done = await watcher.until((event) => event.kind === 'stage.finished');
    await succeeds(gennaker, id);
    return Date.parse(done.at) - readyAt;
  });
  elb.destroy();
  const most = Math.max(...samples);
  return {
    what: `ready on AWS to stage done, poll period ${pollSeconds} s`,
    target: '≤ 1.2 × the period',
    measured: `median ${inWords(median(samples))}, most ${inWords(most)}`,
    ratio: `${(most / (pollSeconds * 1000)).toFixed(2)} × the period at most`,
    n: samples.length,
    holds: most <= 1.2 * pollSeconds * 1000,
  };
}

const lookEveryMs = 20;

/** By AWS's own words, looked at far more often than a deployment may. */
async function instantWhenHealthy(
  elb: ElasticLoadBalancingV2Client,
  { targetGroupArn: TargetGroupArn }: ExtraCluster,
  wanted: number,
): Promise<number> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const { TargetHealthDescriptions: targets = [] } = await elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn }),
    );
    const healthy = targets.filter(({ TargetHealth: health }) => health?.State === 'healthy');
    if (healthy.length >= wanted) return Date.now();
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  throw new Error(`never ${wanted} healthy targets`);
}

async function succeeds(gennaker: Gennaker, executionId: string): Promise<void> {
  await gennaker.watch(executionId).done;
  const { status, stages } = await gennaker.api.execution(executionId);
  if (status !== 'SUCCEEDED') throw new Error(`${executionId}: ${JSON.stringify(stages)}`);
}

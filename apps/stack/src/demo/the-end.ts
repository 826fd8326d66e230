import { clusterTable } from './cluster-table.js';
import type { ClusterRef } from './api-client.js';
import type { StandInControl } from './stand-in-control.js';
import { expectEqual, StoryFailure } from './story-failure.js';
import type { Telling } from './telling.js';

/** Shows the cluster as AWS has it and what became of the requests. Throws a StoryFailure where one met no healthy target. */
export async function showTheEnd(
  telling: Telling & { readonly standIn: StandInControl },
  cluster: ClusterRef,
): Promise<void> {
  const { api, standIn, console, startedAt } = telling;
  const seconds = (performance.now() - startedAt) / 1_000;
  const now = await api.getCluster(cluster);
  const count = await standIn.countRequests();
  console.line(`\nThe end, after ${seconds.toFixed(0)} s. AWS has now, in ${cluster.region}:\n`);
  clusterTable(now).forEach(console.line);
  console.line(
    `\n  ${count.requests} requests were sent; ${count.metNoHealthyTarget} met no healthy target.`,
  );
  if (count.requests === 0) {
    throw new StoryFailure('no requests were sent, so nothing is known about healthy targets');
  }
  expectEqual('requests that met no healthy target', count.metNoHealthyTarget, 0);
}

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { readHistories, type HistoryEvent } from '../support/e2e/histories.js';
import {
  addClusters,
  deployTo,
  servingIn,
  type ExtraCluster,
} from '../support/e2e/more-clusters.js';
import { gapsIn } from '../support/e2e/story.js';

let gennaker: Gennaker;
let clusters: readonly ExtraCluster[];
beforeAll(async () => {
  gennaker = await Gennaker.start();
  clusters = await addClusters(gennaker, { count: 10, instances: 2 });
}, 120_000);
afterAll(() => gennaker.close());

test('ten deployments while every process is replaced one by one: no failed activity', async () => {
  // Nothing can be launched until it is allowed: the deployments are under way for as long as the replacing takes.
  await gennaker.aws.capacity(false);
  const running = await Promise.all(
    clusters.map(async (cluster) => {
      const executionId = await gennaker.api.run(deployTo(cluster));
      return { executionId, watcher: gennaker.watch(executionId) };
    }),
  );
  const waiting = running.map(({ watcher }) =>
    watcher.until(
      (event) => event.kind === 'stage.waiting' && event.waitingFor?.reason === 'healthy',
    ),
  );
  await Promise.all(waiting);

  const spare = await gennaker.spareWorker();
  await gennaker.worker.stop();
  await gennaker.worker.start();
  await gennaker.apiProcess.stop();
  await gennaker.apiProcess.start();
  await gennaker.aws.capacity(true);
  await spare.stop();

  for (const { executionId, watcher } of running) {
    await watcher.done;
    const view = await gennaker.api.execution(executionId);
    expect(view).toMatchObject({ status: 'SUCCEEDED' });
    expect(gapsIn(watcher.events.map((event) => event.position))).toEqual([]);
    expect(watcher.events).toHaveLength(view.position);
  }
  for (const cluster of clusters) {
    expect(await servingIn(gennaker, cluster)).toEqual([`${cluster.cluster}-v001 2/2`]);
  }
  const histories = await readHistories(
    gennaker.services.temporalAddress,
    running.map(({ executionId }) => executionId),
  );
  const types = histories.flatMap((history) => history.map(({ type }) => type));
  expect(types.filter((type) => type === 'activityTaskCompleted').length).toBeGreaterThan(100);
  expect(types.filter((type) => unwanted.includes(type))).toEqual([]);
  // Not in the history as failures: each wait that a draining worker gave up is tried again by another one.
  expect(new Set(handedOver(histories))).toEqual(new Set(['WorkerShutdown']));
}, 240_000);

/** Why activities were given to another worker. */
function handedOver(histories: readonly (readonly HistoryEvent[])[]): readonly string[] {
  return histories.flat().flatMap(({ raw }) => {
    const failure = raw.activityTaskStartedEventAttributes?.lastFailure;
    if (failure === undefined || failure === null) return [];
    return [failure.applicationFailureInfo?.type ?? failure.message ?? ''];
  });
}

const unwanted = ['activityTaskFailed', 'activityTaskTimedOut', 'activityTaskCanceled'];

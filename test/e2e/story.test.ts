import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { clusterPicture, gapsIn, redBlackPipeline } from '../support/e2e/story.js';

let gennaker: Gennaker;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  await gennaker.aws.startTraffic('web-prod', 50);
}, 120_000);
afterAll(() => gennaker.close());

test('a red/black deploy, a failed one that is undone, its retry, and two at once', async () => {
  const { api, aws } = gennaker;

  const first = await api.run(await redBlackPipeline());
  const watcher = gennaker.watch(first);
  await watcher.until((event) => event.kind === 'stage.waiting' && event.waitingFor?.wanted === 3);
  await watcher.done;
  expect((await api.execution(first)).status).toBe('SUCCEEDED');
  expect(gapsIn(watcher.events.map((event) => event.position))).toEqual([]);
  expect(await clusterPicture(gennaker)).toEqual([
    'web-prod-v000 disabled 0/3',
    'web-prod-v001 enabled 3/3',
  ]);

  await aws.capacity(false);
  const second = await api.run(
    await redBlackPipeline({ imageName: 'web-1.1.0', deploySeconds: 12 }),
  );
  await gennaker.watch(second).done;
  const failed = await api.execution(second);
  const summary = failed.stages.find((stage) => stage.refId === 'deploy')?.attempts[0]?.summary;
  expect(failed.status).toBe('TERMINAL');
  expect(summary?.failed.message).toContain('sufficient');
  expect(summary?.scalingActivities.length).toBeGreaterThan(0);
  expect(summary?.serving?.serverGroups).toContainEqual(
    expect.objectContaining({ serverGroup: 'web-prod-v001', enabled: true, healthy: 3 }),
  );
  expect(await clusterPicture(gennaker)).toEqual([
    'web-prod-v000 disabled 0/3',
    'web-prod-v001 enabled 3/3',
  ]);

  await aws.capacity(true);
  const retried = await api.post(`/v1/executions/${second}/stages/deploy/retry`, {
    expectedAttempt: 1,
    by: 'test',
    reason: 'capacity is back',
  });
  expect(retried.status).toBe(202);
  await gennaker
    .watch(second)
    .until((event) => event.kind === 'execution.finished' && event.status === 'SUCCEEDED');
  const done = await api.execution(second);
  expect(done.stages.map((stage) => [stage.refId, stage.attempts.length])).toEqual([
    ['find', 1],
    ['deploy', 2],
    ['settle', 1],
    ['verify', 1],
  ]);
  expect(await clusterPicture(gennaker)).toEqual([
    'web-prod-v000 disabled 0/3',
    'web-prod-v001 disabled 0/3',
    'web-prod-v003 enabled 3/3',
  ]);

  const pipeline = await redBlackPipeline();
  const third = await api.run(pipeline);
  await gennaker.watch(third).until((event) => event.kind === 'stage.lockGranted');
  const fourth = await api.start(pipeline.application, pipeline.name);
  const waits = await gennaker
    .watch(fourth)
    .until((event) => event.kind === 'stage.waiting' && event.waitingFor?.reason === 'lock');
  expect(JSON.stringify(waits.event)).toContain(third);
  await Promise.all([gennaker.watch(third).done, gennaker.watch(fourth).done]);
  expect((await api.execution(third)).status).toBe('SUCCEEDED');
  expect((await api.execution(fourth)).status).toBe('SUCCEEDED');
  expect(await clusterPicture(gennaker)).toContain('web-prod-v005 enabled 3/3');

  const traffic = await aws.traffic();
  expect(traffic.requests).toBeGreaterThan(0);
  expect(traffic.requestsWithNoHealthyTarget).toBe(0);
}, 240_000);

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { WatchedEvent } from '../support/e2e/event-watcher.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { clusterPicture, gapsIn, redBlackPipeline } from '../support/e2e/story.js';

/** One story in four chapters: each goes on where the one before has ended. */
let gennaker: Gennaker;
let second: string;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  await gennaker.aws.startTraffic('web-prod', 50);
}, 120_000);
afterAll(() => gennaker.close());
const afterFirst = ['web-prod-v000 disabled 0/3', 'web-prod-v001 enabled 3/3'];

/** What each wait said. */
function waitsOf(events: readonly WatchedEvent[]): readonly (string | undefined)[] {
  return events.map(({ event }) =>
    event.kind === 'stage.waiting' ? event.waitingFor?.message : undefined,
  );
}

test('1: the new server group serves before the old one is disabled', async () => {
  const first = await gennaker.api.run(await redBlackPipeline({ settles: true }));
  const watcher = gennaker.watch(first);
  await watcher.until((event) => event.kind === 'stage.waiting' && event.waitingFor?.wanted === 3);
  await watcher.done;
  expect((await gennaker.api.execution(first)).status).toBe('SUCCEEDED');
  expect(waitsOf(watcher.events)).toContain('2 of 3 instances healthy');
  expect(gapsIn(watcher.events.map((event) => event.position))).toEqual([]);
  expect(await clusterPicture(gennaker)).toEqual(afterFirst);
}, 90_000);

test('2: without capacity the deploy ends by its deadline, undone, in Auto Scaling’s words', async () => {
  await gennaker.aws.capacity(false);
  second = await gennaker.api.run(
    await redBlackPipeline({ imageName: 'web-1.1.0', deploySeconds: 12 }),
  );
  await gennaker.watch(second).done;
  const failed = await gennaker.api.execution(second);
  const summary = failed.stages.find((stage) => stage.refId === 'deploy')?.attempts[0]?.summary;
  expect(failed.status).toBe('TERMINAL');
  expect(summary?.failed.message).toContain('sufficient');
  expect(summary?.scalingActivities.length).toBeGreaterThan(0);
  expect(summary?.undone).toEqual(['Destroy web-prod-v002']);
  expect(summary?.serving?.serverGroups).toContainEqual(
    expect.objectContaining({ serverGroup: 'web-prod-v001', enabled: true, healthy: 3 }),
  );
  expect(await clusterPicture(gennaker)).toEqual(afterFirst);
}, 90_000);

test('3: the retry of that one stage succeeds, and both attempts stay readable', async () => {
  await gennaker.aws.capacity(true);
  const click = { expectedAttempt: 1, by: 'test', reason: 'capacity is back' };
  const path = `/v1/executions/${second}/stages/deploy/retry`;
  const clicks = await Promise.all([
    gennaker.api.post(path, click, { key: 'one' }),
    gennaker.api.post(path, click, { key: 'one' }),
    gennaker.api.post(path, click, { key: 'two' }),
  ]);
  expect(
    clicks.map((answer) => answer.status).filter((status) => ![202, 409].includes(status)),
  ).toEqual([]);
  expect(clicks.filter((answer) => answer.status === 202).length).toBeGreaterThan(0);
  const watcher = gennaker.watch(second);
  await watcher.until(
    (event) => event.kind === 'execution.finished' && event.status === 'SUCCEEDED',
  );
  const later = await gennaker.api.post(path, click, { key: 'three' });
  expect(later.status).toBe(409);
  const done = await gennaker.api.execution(second);
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
}, 90_000);

test('4: of two at once the second waits, visibly, and deploys after the first', async () => {
  const { api } = gennaker;
  const pipeline = await redBlackPipeline({ endsWithDeploy: true });
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
  const enabled = (await clusterPicture(gennaker)).filter((line) => line.includes(' enabled '));
  expect(enabled).toEqual(['web-prod-v005 enabled 3/3']);
}, 90_000);

test('no request of the whole story met a group without a healthy target', async () => {
  const traffic = await gennaker.aws.traffic();
  expect(traffic.requests).toBeGreaterThan(0);
  expect(traffic.requestsWithNoHealthyTarget).toBe(0);
});

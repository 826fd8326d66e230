import assert from 'node:assert/strict';

import { findStage } from '@gennaker/domain';
import type { EventWatcher } from '../support/e2e/event-watcher.js';
import type { Gennaker } from '../support/e2e/gennaker.js';
import { clusterPicture, gapsIn, redBlackPipeline } from '../support/e2e/story.js';
import { strike, type Blow } from './blows.js';
import { readOurs } from './leftovers.js';
import { postUntilAnswered } from './stubborn-client.js';

/**
 * How many seconds the deploy that cannot succeed has, and so has its retry, in the middle of which a process is killed:
 * eight of them may pass before there is progress again, and more where other things are going on.
 */
const hopelessSeconds = 25;

/**
 * The story of the end-to-end test with one kill in each of its parts: a deploy, one that fails and is undone, its retry,
 * two at once. Throws where a promise is broken: an event missed, a request without a healthy target, a server group too
 * many or too few, something left over.
 */
export async function storyUnderFire(
  gennaker: Gennaker,
  blows: readonly [Blow, Blow, Blow, Blow],
): Promise<void> {
  const [first, second, third, fourth] = blows;
  const kept = ['web-prod-v000'];
  await gennaker.aws.startTraffic('web-prod', 50);

  kept.push(await deploys(gennaker, first));
  await assertServing(gennaker, kept);

  await gennaker.aws.capacity(false);
  const failed = await failsAndIsUndone(gennaker, second);
  await assertServing(gennaker, kept);

  await gennaker.aws.capacity(true);
  kept.push(await isRetried(gennaker, failed, third));
  await assertServing(gennaker, kept);

  kept.push(...(await twoAtOnce(gennaker, fourth)));
  await assertServing(gennaker, kept);

  const traffic = await gennaker.aws.traffic();
  assert.ok(traffic.requests > 0, 'there was no traffic');
  assert.equal(traffic.requestsWithNoHealthyTarget, 0, 'requests met no healthy target');
  assert.deepEqual(await readOurs(gennaker), {
    serverGroups: kept.slice(1).toSorted(),
    unusedLaunchTemplates: [],
  });
}

async function deploys(gennaker: Gennaker, blow: Blow): Promise<string> {
  const pipeline = await redBlackPipeline();
  let executionId = '';
  const start = async (): Promise<EventWatcher> => {
    executionId = await gennaker.api.run(pipeline);
    return gennaker.watch(executionId);
  };
  const watcher = await strike(gennaker, blow, { attempt: 1, start });
  return await succeeded(gennaker, executionId, watcher);
}

async function failsAndIsUndone(gennaker: Gennaker, blow: Blow): Promise<string> {
  const vary = { imageName: 'web-1.1.0', deploySeconds: hopelessSeconds };
  const pipeline = await redBlackPipeline(vary);
  let executionId = '';
  const start = async (): Promise<EventWatcher> => {
    executionId = await gennaker.api.run(pipeline);
    return gennaker.watch(executionId);
  };
  const watcher = await strike(gennaker, blow, { attempt: 1, start });
  await ended(watcher);
  const view = await gennaker.api.execution(executionId);
  assert.equal(view.status, 'TERMINAL', JSON.stringify(view.stages));
  assert.equal(view.needsAttention, null, JSON.stringify(view.needsAttention));
  assertNothingMissed(watcher, view.position);
  return executionId;
}

async function isRetried(gennaker: Gennaker, executionId: string, blow: Blow): Promise<string> {
  const start = async (): Promise<EventWatcher> => {
    await postUntilAnswered(gennaker, `/v1/executions/${executionId}/stages/deploy/retry`, {
      expectedAttempt: 1,
      by: 'soak',
      reason: 'capacity is back',
    });
    return await watchAttempt(gennaker, executionId, 2);
  };
  const watcher = await strike(gennaker, blow, { attempt: 2, start });
  return await succeeded(gennaker, executionId, watcher);
}

async function twoAtOnce(gennaker: Gennaker, blow: Blow): Promise<readonly string[]> {
  const pipeline = await redBlackPipeline({ endsWithDeploy: true });
  const started: { readonly id: string; readonly watcher: EventWatcher }[] = [];
  const start = async (): Promise<EventWatcher> => {
    const id = await gennaker.api.run(pipeline);
    const watcher = gennaker.watch(id);
    // Else the younger may have its turn first, and the elder rightly finds that the cluster has moved on.
    await watcher.until((event) => event.kind === 'stage.lockGranted');
    const other = await gennaker.api.start(pipeline.application, pipeline.name);
    started.push({ id, watcher }, { id: other, watcher: gennaker.watch(other) });
    return watcher;
  };
  await strike(gennaker, blow, { attempt: 1, start });
  const made: string[] = [];
  for (const { id, watcher } of started) made.push(await succeeded(gennaker, id, watcher));
  return made;
}

/** The name of the server group that the execution has made. */
async function succeeded(
  gennaker: Gennaker,
  executionId: string,
  watcher: EventWatcher,
): Promise<string> {
  await ended(watcher);
  const view = await gennaker.api.execution(executionId);
  assert.equal(view.status, 'SUCCEEDED', JSON.stringify(view.stages));
  assertNothingMissed(watcher, view.position);
  const outputs = findStage(view, 'deploy')?.attempts.at(-1)?.outputs;
  const serverGroup = outputs?.['serverGroup'];
  assert.ok(typeof serverGroup === 'string', 'the deploy says which server group it has made');
  return serverGroup;
}

/** A stream that is opened before the retry is written still ends with the attempt before: then another is opened. */
async function watchAttempt(
  gennaker: Gennaker,
  executionId: string,
  attempt: number,
): Promise<EventWatcher> {
  const streamsMax = 100;
  for (let opened = 0; opened < streamsMax; opened += 1) {
    const watcher = gennaker.watch(executionId);
    const begun = watcher.until(
      (event) =>
        event.kind === 'stage.started' && event.refId === 'deploy' && event.attempt === attempt,
    );
    const outcome = await Promise.race([begun.then(() => 'begun'), watcher.done]);
    if (outcome === 'begun') return watcher;
    begun.catch(() => undefined);
  }
  throw new Error(`attempt ${attempt} of ${executionId} was accepted and never seen`);
}

/** How long an execution may take, kills included. */
const endsWithinMs = 240_000;

async function ended(watcher: EventWatcher): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`no end; the last event: ${JSON.stringify(watcher.events.at(-1))}`)),
    endsWithinMs,
  );
  await Promise.race([watcher.done, promise]).finally(() => clearTimeout(timer));
}

function assertNothingMissed(watcher: EventWatcher, position: number): void {
  assert.deepEqual(gapsIn(watcher.events.map((event) => event.position)), [], 'events missed');
  assert.equal(watcher.events.length, position, 'events missed at the end');
}

/** Of all server groups that were kept, the newest alone serves, whole. */
async function assertServing(gennaker: Gennaker, kept: readonly string[]): Promise<void> {
  const newest = kept.toSorted().at(-1);
  const wanted = kept
    .map((name) => (name === newest ? `${name} enabled 3/3` : `${name} disabled 0/3`))
    .toSorted();
  assert.deepEqual((await clusterPicture(gennaker)).toSorted(), wanted);
}

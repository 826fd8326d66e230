import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { PlanAnswer } from '@gennaker/contract';
import type { WaitingFor } from '@gennaker/domain';
import type { RefreshHands } from '../support/activities/refresh-hands.js';
import type { EventWatcher } from '../support/e2e/event-watcher.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import {
  deployAttempt,
  handsOn,
  rollingPipeline,
  serverGroup,
  theGroup,
  versionsOf,
  Watcher,
  type RollingVariation,
} from '../support/e2e/rolling-scenes.js';
import { expectSucceeded } from '../support/e2e/scenes.js';
import { gapsIn, serverGroupsOf } from '../support/e2e/story.js';

let gennaker: Gennaker;
let hands: RefreshHands;
let cloudWatch: Watcher;
/** AWS's time when the test began: what serves must not have become less since. */
let since: Date;
let callsBefore: number;
beforeAll(async () => {
  gennaker = await Gennaker.start();
  hands = handsOn(gennaker);
  cloudWatch = new Watcher(gennaker);
  await hands.setGrace(60);
  await gennaker.aws.startTraffic('web-prod', 50);
}, 120_000);
afterAll(async () => {
  hands.close();
  cloudWatch.close();
  await gennaker.close();
});
beforeEach(async () => {
  since = await gennaker.aws.now();
  callsBefore = (await gennaker.aws.ledger()).length;
});
afterEach(async () => {
  await gennaker.aws.clearFaults();
  // On every way out alike: no request without a healthy target, and never less in service than the plan's floor.
  expect((await gennaker.aws.traffic()).requestsWithNoHealthyTarget).toBe(0);
  expect(await cloudWatch.fewestHealthySince(since)).toBeGreaterThanOrEqual(3);
});

/** The seed's other image, whatever the instances run now. */
async function otherImage(): Promise<'web-1.0.0' | 'web-1.1.0'> {
  const { imageId } = await theGroup(gennaker);
  return imageId === gennaker.seeded.imageIds['1.1.0'] ? 'web-1.0.0' : 'web-1.1.0';
}

async function start(
  strategy?: RollingVariation['strategy'],
): Promise<{ readonly executionId: string; readonly watcher: EventWatcher }> {
  const imageName = await otherImage();
  const vary = strategy === undefined ? { imageName } : { imageName, strategy };
  const executionId = await gennaker.api.run(await rollingPipeline(vary));
  return { executionId, watcher: gennaker.watch(executionId) };
}

/** Waits until the stage waits for this. */
async function waitsFor(
  watcher: EventWatcher,
  matches: (waiting: WaitingFor) => boolean,
): Promise<WaitingFor> {
  const { event } = await watcher.until(
    (one) => one.kind === 'stage.waiting' && one.waitingFor !== null && matches(one.waitingFor),
  );
  if (event.kind !== 'stage.waiting' || event.waitingFor === null) throw new Error('not waiting');
  return event.waitingFor;
}

/** At a checkpoint that would last for an hour, with the first instances replaced. */
async function atCheckpoint(): Promise<Awaited<ReturnType<typeof start>>> {
  const running = await start({ checkpoints: [{ percent: 50, delaySeconds: 3600 }] });
  await waitsFor(running.watcher, ({ message }) => message.includes('checkpoint'));
  return running;
}

async function calls(action: string): Promise<number> {
  const all = (await gennaker.aws.ledger()).slice(callsBefore);
  return all.filter((call) => call.action === action && call.executed).length;
}

/** Everything is as the plan said that it would be after an undo, and nothing of ours is left. */
async function expectUndone(
  executionId: string,
  before: Awaited<ReturnType<typeof versionsOf>>,
  attempt?: number,
): Promise<void> {
  const { plan, summary } = await deployAttempt(gennaker, executionId, attempt);
  const group = await theGroup(gennaker);
  expect(plan.promise?.undone.serverGroups).toEqual([
    { serverGroup, state: 'enabled', capacity: group.capacity, imageId: group.imageId },
  ]);
  expect(await versionsOf(gennaker)).toEqual(before);
  expect(group.instances.filter((one) => one.health === 'Up')).toHaveLength(3);
  expect(summary?.undone).toEqual([expect.stringMatching(/^Bring the instances of web-prod-v000/)]);
  expect(summary?.notUndone).toEqual([]);
}

describe('a rolling deploy', () => {
  test('replaces the instances in place, with a pause, and ends as the plan said', async () => {
    const imageName = await otherImage();
    const pipeline = await rollingPipeline({ imageName });
    const executionId = await gennaker.api.run(pipeline);
    const watcher = gennaker.watch(executionId);
    const pause = await waitsFor(watcher, ({ message }) => message.includes('checkpoint'));
    expect(pause).toMatchObject({ reason: 'refresh', wanted: 3 });
    expect(pause.message).toMatch(/^2 of 3 instances replaced, [3-4] healthy \(at least 3\)/);
    await expectSucceeded(gennaker, { executionId, watcher });
    const { plan, steps } = await deployAttempt(gennaker, executionId);
    const group = await theGroup(gennaker);
    expect(plan.promise?.succeeded.serverGroups).toEqual([
      { serverGroup, state: 'enabled', capacity: group.capacity, imageId: group.imageId },
    ]);
    expect(group.imageId).toBe(
      gennaker.seeded.imageIds[imageName === 'web-1.0.0' ? '1.0.0' : '1.1.0'],
    );
    expect(steps.map((step) => [step.stepId, step.status])).toEqual([
      ['plan', 'SUCCEEDED'],
      ...plan.steps.map((step) => [step.id, 'SUCCEEDED']),
    ]);
    const made = steps.find((step) => step.stepId === 'version')?.outputs['version'];
    const version = typeof made === 'string' ? made : 'none was made';
    const instances = [version, version, version];
    expect(await versionsOf(gennaker)).toEqual({ group: version, instances });
    expect(await serverGroupsOf(gennaker)).toHaveLength(1);
    expect(await calls('StartInstanceRefresh')).toBe(1);
  }, 120_000);

  test('shows beforehand what it will do, and does that', async () => {
    const pipeline = await rollingPipeline({ imageName: await otherImage() });
    const shown = await gennaker.api.post<PlanAnswer>('/v1/plan', pipeline);
    const preview = shown.body.stages.find((stage) => stage.refId === 'deploy')?.plan;
    const executionId = await gennaker.api.run(pipeline);
    await expectSucceeded(gennaker, { executionId, watcher: gennaker.watch(executionId) });
    const { plan } = await deployAttempt(gennaker, executionId);
    expect(preview).toMatchObject({ strategy: 'rolling', target: { serverGroup } });
    expect(preview?.steps.map((step) => step.id)).toEqual(plan.steps.map((step) => step.id));
    expect(preview?.promise?.instancesServingMin).toBe(3);
  }, 120_000);

  test('whose image fails its health checks is rolled back, and the retry makes a version of its own', async () => {
    const before = await versionsOf(gennaker);
    const versionsBefore = await hands.versions();
    const imageName = await otherImage();
    const imageId = gennaker.seeded.imageIds[imageName === 'web-1.0.0' ? '1.0.0' : '1.1.0'];
    await gennaker.aws.imageFault(imageId);
    const { executionId, watcher } = await start({});
    await watcher.done;
    expect((await gennaker.api.execution(executionId)).status).toBe('TERMINAL');
    const { summary, error } = await deployAttempt(gennaker, executionId);
    expect(error?.code).toBe('INSTANCE_REFRESH_FAILED');
    expect(summary?.failed.message).toMatch(/3 new instances of web-prod-v000 in a row/);
    expect(summary?.serving?.serverGroups).toMatchObject([{ serverGroup, healthy: 3 }]);
    await expectUndone(executionId, before);
    expect(await hands.versions()).toEqual(versionsBefore);

    await gennaker.aws.imageFault(imageId, false);
    const click = { expectedAttempt: 1, by: 'test', reason: 'the image is mended' };
    const path = `/v1/executions/${executionId}/stages/deploy/retry`;
    expect((await gennaker.api.post(path, click, { key: executionId })).status).toBe(202);
    const again = gennaker.watch(executionId);
    await again.until(
      (event) => event.kind === 'execution.finished' && event.status === 'SUCCEEDED',
    );
    const versions = await hands.versions();
    expect(versions).toHaveLength(versionsBefore.length + 1);
    expect((await versionsOf(gennaker)).group).toBe(versions.at(-1));
    again.close();
  }, 180_000);

  test('goes back when an alarm of it fires, in Auto Scaling’s words', async () => {
    await cloudWatch.putAlarm('web-5xx');
    await cloudWatch.setAlarm('web-5xx', 'OK');
    const before = await versionsOf(gennaker);
    const { executionId, watcher } = await start({
      alarms: ['web-5xx'],
      checkpoints: [{ percent: 50, delaySeconds: 3600 }],
    });
    await waitsFor(watcher, ({ message }) => message.includes('checkpoint'));
    await cloudWatch.setAlarm('web-5xx', 'ALARM');
    await watcher.done;
    expect((await gennaker.api.execution(executionId)).status).toBe('TERMINAL');
    const { error } = await deployAttempt(gennaker, executionId);
    expect(error).toMatchObject({
      code: 'INSTANCE_REFRESH_FAILED',
      message: expect.stringMatching(/rolled back by Auto Scaling.*web-5xx/) as string,
    });
    await expectUndone(executionId, before);
    expect(await calls('RollbackInstanceRefresh')).toBe(0);
  }, 120_000);

  test('that is cancelled half way brings the instances back', async () => {
    const before = await versionsOf(gennaker);
    const { executionId, watcher } = await atCheckpoint();
    const path = `/v1/executions/${executionId}/cancel`;
    const body = { intent: 'rollback', by: 'test', reason: 'changed my mind' };
    expect((await gennaker.api.post(path, body, { key: executionId })).status).toBe(202);
    await watcher.done;
    expect((await gennaker.api.execution(executionId)).status).toBe('CANCELED');
    await expectUndone(executionId, before);
    expect(await calls('RollbackInstanceRefresh')).toBe(1);
  }, 120_000);

  test('goes on after its worker was killed in the middle: one refresh, nothing lost', async () => {
    const { executionId, watcher } = await start({
      checkpoints: [{ percent: 50, delaySeconds: 120 }],
    });
    await waitsFor(watcher, ({ message }) => message.includes('checkpoint'));
    await gennaker.worker.kill();
    await gennaker.worker.start();
    await expectSucceeded(gennaker, { executionId, watcher });
    expect(await calls('StartInstanceRefresh')).toBe(1);
    expect(await calls('CreateLaunchTemplateVersion')).toBe(1);
  }, 120_000);

  test.each(['CreateLaunchTemplateVersion', 'StartInstanceRefresh'])(
    'makes one version and one refresh although the reply to %s is lost',
    async (action) => {
      const [versions, refreshes] = [await hands.versions(), await hands.refreshes()];
      await gennaker.aws.fault({
        match: { action },
        point: 'after',
        effect: { kind: 'reset' },
        times: 1,
      });
      const running = await start({});
      await expectSucceeded(gennaker, running);
      expect(await hands.versions()).toHaveLength(versions.length + 1);
      expect(await hands.refreshes()).toHaveLength(refreshes.length + 1);
      const fired = (await gennaker.aws.ledger()).filter(
        (call) => call.action === action && call.faultIds.length > 0,
      );
      expect(fired.length).toBeGreaterThan(0);
    },
    120_000,
  );
});

describe('somebody else’s instance refresh', () => {
  test('before is waited for, visibly, and then ours goes', async () => {
    const foreign = await hands.start(undefined, { warmupSeconds: 60 });
    const running = await start({});
    const waiting = await waitsFor(running.watcher, ({ message }) => message.includes(foreign));
    expect(waiting).toMatchObject({
      reason: 'refresh',
      message: expect.stringMatching(/^waits for instance refresh .*since .* %/) as string,
      wanted: 100,
    });
    await expectSucceeded(gennaker, running);
    expect(await hands.status(foreign)).toBe('Successful');
    expect(await calls('CancelInstanceRefresh')).toBe(0);
    expect(await calls('RollbackInstanceRefresh')).toBe(0);
  }, 120_000);

  test('in the place of ours stops the stage as changed, and is left alone', async () => {
    const { executionId, watcher } = await atCheckpoint();
    const ours = (await hands.refreshes())[0]?.InstanceRefreshId ?? '';
    await hands.cancel();
    await expect.poll(() => hands.status(ours), { timeout: 20_000 }).toBe('Cancelled');
    const foreign = await hands.start((await versionsOf(gennaker)).group);
    await watcher.done;
    expect((await gennaker.api.execution(executionId)).status).toBe('TERMINAL');
    const { error } = await deployAttempt(gennaker, executionId);
    expect(error).toMatchObject({
      code: 'CHANGED_BY_SOMEONE_ELSE',
      message: expect.stringContaining(ours) as string,
    });
    expect(gapsIn(watcher.events.map((event) => event.position))).toEqual([]);
    expect(await hands.status(foreign)).toBe('Successful');
    // The one cancel is the operator's own.
    expect(await calls('CancelInstanceRefresh')).toBe(1);
    expect(await calls('RollbackInstanceRefresh')).toBe(0);
    expect(await calls('StartInstanceRefresh')).toBe(2);
    expect((await gennaker.api.execution(executionId)).needsAttention).toBeNull();
  }, 120_000);
});

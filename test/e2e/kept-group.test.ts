import { AutoScalingClient, CreateOrUpdateTagsCommand } from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { expectSucceeded } from '../support/e2e/scenes.js';
import { redBlackPipeline, serverGroupsOf, type RedBlackPipeline } from '../support/e2e/story.js';

let gennaker: Gennaker;
beforeAll(async () => {
  gennaker = await Gennaker.start();
}, 120_000);
afterAll(() => gennaker.close());

/** The example with a deploy that keeps what has failed. */
async function keeping(imageName: string, deploySeconds: number): Promise<RedBlackPipeline> {
  const pipeline = await redBlackPipeline({ imageName, deploySeconds });
  const stages = pipeline.stages.map((stage) =>
    stage['type'] === 'deploy' ? { ...stage, onFailure: 'keepDisabled' } : stage,
  );
  return { ...pipeline, stages };
}

interface Planned {
  readonly deploys: readonly { readonly plan: { readonly warnings: readonly string[] } | null }[];
}

test('a failed group stays as large as it was, out of traffic and tagged, until its time is over and the next deploy destroys it', async () => {
  await gennaker.aws.startTraffic('web-prod', 20);
  await gennaker.aws.imageFault(gennaker.seeded.imageIds['1.1.0']);
  const id = await gennaker.api.run(await keeping('web-1.1.0', 20));
  await gennaker.watch(id).done;
  const view = await gennaker.api.execution(id);
  expect(view).toMatchObject({ status: 'TERMINAL', needsAttention: null });
  const attempt = view.stages.find(({ refId }) => refId === 'deploy')?.attempts[0];
  const made = attempt?.plan?.target.serverGroup ?? '';
  expect(attempt?.plan?.promise?.undone.serverGroups.at(-1)).toMatchObject({
    serverGroup: made,
    state: 'disabled',
  });
  expect(attempt?.summary?.undone.join()).toContain(`Destroy ${made}, or keep it after a failure`);
  // Nothing brings instances in, takes them out, or replaces those that no target group knows.
  await gennaker.aws.advance(1800);
  const kept = (await serverGroupsOf(gennaker)).find(({ name }) => name === made);
  expect(kept).toMatchObject({ enabled: false, deleting: false, owner: { executionId: id } });
  expect(kept?.instances).toHaveLength(3);
  expect(Date.parse(kept?.keptUntil ?? '')).toBeGreaterThan(Date.now());
  const pipeline = await redBlackPipeline();
  const planned = async () =>
    JSON.stringify((await gennaker.api.post<Planned>('/v1/plan', pipeline)).body);
  expect(await planned()).toContain(
    `${made} was kept after its deploy had failed (execution ${id})`,
  );
  expect(await planned()).not.toContain(`Destroy ${made}`);
  await expireNow(made);
  expect(await planned()).toContain(`Destroy ${made}`);
  const next = await gennaker.api.run(pipeline);
  await expectSucceeded(gennaker, { executionId: next, watcher: gennaker.watch(next) });
  expect((await serverGroupsOf(gennaker)).map(({ name }) => name)).not.toContain(made);
  const deploy = (await gennaker.api.execution(next)).stages.find(
    ({ refId }) => refId === 'deploy',
  );
  expect(deploy?.attempts[0]?.outputs).toMatchObject({ destroyed: [made] });
  expect((await gennaker.aws.traffic()).requestsWithNoHealthyTarget).toBe(0);
}, 180_000);

/** What three days do: the tag that says until when the group is kept lies in the past. */
async function expireNow(serverGroup: string): Promise<void> {
  const { accountId, region } = gennaker.seeded;
  const credentials = { accessKeyId: accountId, secretAccessKey: 'stand-in' };
  const autoScaling = new AutoScalingClient({ endpoint: gennaker.aws.url, region, credentials });
  const tag = { Key: 'gennaker:expires', Value: '2026-01-01T00:00:00.000Z' };
  const of = { ResourceId: serverGroup, ResourceType: 'auto-scaling-group' };
  await autoScaling.send(
    new CreateOrUpdateTagsCommand({ Tags: [{ ...of, ...tag, PropagateAtLaunch: false }] }),
  );
  autoScaling.destroy();
}

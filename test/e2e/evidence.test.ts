import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import { redBlackPipeline, serverGroupsOf } from '../support/e2e/story.js';

let gennaker: Gennaker;
beforeAll(async () => {
  gennaker = await Gennaker.start();
}, 120_000);
afterAll(() => gennaker.close());

interface Evidence {
  readonly serverGroup: string;
  readonly targetHealth: readonly { readonly reason: string | null; readonly instances: number }[];
  readonly consoles: readonly { readonly text: string }[];
}

/** What the application says on the console of an instance that fails its health checks. */
const words = 'health check failed: Target.FailedHealthChecks';

test('what a faulty image did is kept when its group is gone: targets by reason, and consoles, which no log has', async () => {
  const pipeline = await redBlackPipeline({ imageName: 'web-1.1.0', deploySeconds: 20 });
  const imageId = gennaker.seeded.imageIds['1.1.0'];
  await gennaker.aws.imageFault(imageId);
  const id = await gennaker.api.run(pipeline);
  await gennaker.watch(id).done;
  const view = await gennaker.api.execution(id);
  expect(view).toMatchObject({ status: 'TERMINAL', needsAttention: null });
  const deploy = view.stages.find(({ refId }) => refId === 'deploy')?.attempts[0];
  const made = deploy?.plan?.target.serverGroup ?? '';
  expect((await serverGroupsOf(gennaker)).map(({ name }) => name)).not.toContain(made);
  expect(deploy?.summary?.failed.message).toContain('Target.FailedHealthChecks');
  expect(JSON.stringify(view)).not.toContain(words);
  const { status, body } = await gennaker.api.get<Evidence>(deploy?.summary?.evidence?.href ?? '');
  expect(status).toBe(200);
  expect(body.serverGroup).toBe(made);
  expect(body.targetHealth[0]).toMatchObject({ reason: 'Target.FailedHealthChecks', instances: 3 });
  expect(body.consoles).toHaveLength(3);
  for (const { text } of body.consoles) expect(text).toContain(words);
  for (const process of [gennaker.worker, gennaker.apiProcess]) {
    expect(await readFile(process.logFile, 'utf8')).not.toContain(words);
  }
}, 120_000);

test('of an attempt that kept nothing, or that there is not, the answer is 404', async () => {
  await gennaker.aws.imageFault(gennaker.seeded.imageIds['1.1.0'], false);
  const id = await gennaker.api.run(await redBlackPipeline());
  await gennaker.watch(id).done;
  for (const attempt of [1, 7]) {
    const { status, body } = await gennaker.api.get<{ readonly code: string }>(
      `/v1/executions/${id}/stages/deploy/attempts/${attempt}/evidence`,
    );
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'EVIDENCE_NOT_FOUND' });
  }
}, 120_000);

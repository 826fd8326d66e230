import { AutoScalingClient, DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DeleteLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { launchTemplateName, type StageAction } from '@gennaker/domain';
import type { ExecutionView } from '../support/e2e/api-client.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { expectServing, expectSucceeded } from '../support/e2e/scenes.js';
import { redBlackPipeline, serverGroupsOf } from '../support/e2e/story.js';

let gennaker: Gennaker;
beforeAll(async () => {
  gennaker = await Gennaker.start();
}, 120_000);
afterAll(() => gennaker.close());
beforeEach(() => gennaker.aws.clearFaults());

interface Problem {
  readonly code: string;
  readonly details?: { readonly differences?: readonly { readonly resource: string }[] };
}

const who = { by: 'ann', reason: 'the role lacked a permission' };

/** A cancelled deploy whose new group AWS does not let us delete: the old one serves again, the cluster stays locked. */
async function stuck(): Promise<{ readonly id: string; readonly made: string }> {
  await gennaker.aws.fault({
    match: { action: 'DeleteAutoScalingGroup' },
    point: 'before',
    effect: { kind: 'error', code: 'AccessDenied', status: 403, message: 'not authorized' },
  });
  await gennaker.aws.fault({
    match: { action: 'DeregisterTargets' },
    point: 'after',
    effect: { kind: 'hold' },
    times: 1,
  });
  const id = await gennaker.api.run(await redBlackPipeline({ deploySeconds: 60 }));
  const hold = await gennaker.aws.nextHold();
  await gennaker.api.post(`/v1/executions/${id}/cancel`, who);
  await gennaker.aws.release(hold);
  await gennaker.watch(id).done;
  const view = await gennaker.api.execution(id);
  expect(view.needsAttention?.remaining).toHaveLength(1);
  await gennaker.aws.clearFaults();
  const made = view.stages.find(({ refId }) => refId === 'deploy')?.attempts[0]?.plan?.target;
  return { id, made: made?.serverGroup ?? '' };
}

async function take(id: string, label: string, body: object) {
  const view = await gennaker.api.execution(id);
  const { actions } = view as ExecutionView & { readonly actions: readonly StageAction[] };
  const action = actions.find((one) => one.label === label);
  expect(action, JSON.stringify(actions)).toBeDefined();
  return await gennaker.api.post<Problem>(action?.href ?? '', body);
}

/** The next deploy gets the cluster, which it would not while it is locked. */
async function expectDeploys(): Promise<void> {
  const executionId = await gennaker.api.run(await redBlackPipeline());
  await expectSucceeded(gennaker, { executionId, watcher: gennaker.watch(executionId) });
}

async function deleteByHand(serverGroup: string): Promise<void> {
  const credentials = { accessKeyId: gennaker.seeded.accountId, secretAccessKey: 'stand-in' };
  const settings = { endpoint: gennaker.aws.url, region: 'eu-west-1', credentials };
  const autoScaling = new AutoScalingClient(settings);
  const ec2 = new EC2Client(settings);
  const deletion = { AutoScalingGroupName: serverGroup, ForceDelete: true };
  await autoScaling.send(new DeleteAutoScalingGroupCommand(deletion));
  const isThere = async () =>
    (await serverGroupsOf(gennaker)).some(({ name }) => name === serverGroup);
  await expect.poll(isThere, { timeout: 30_000 }).toBe(false);
  await ec2.send(
    new DeleteLaunchTemplateCommand({ LaunchTemplateName: launchTemplateName(serverGroup) }),
  );
  autoScaling.destroy();
  ec2.destroy();
}

test('what was repaired by hand is believed once AWS shows it, and the next deploy gets the cluster', async () => {
  const { id, made } = await stuck();
  const early = await take(id, 'It is repaired', who);
  expect(early).toMatchObject({ status: 409, body: { code: 'UNDO_NOT_REPAIRED' } });
  expect(early.body.details?.differences?.map(({ resource }) => resource)).toContain(
    `server group ${made}`,
  );
  await deleteByHand(made);
  await gennaker.aws.advance(5);
  expect(await take(id, 'It is repaired', who)).toMatchObject({ status: 202 });
  await gennaker.watch(id).done;
  expect(await gennaker.api.execution(id)).toMatchObject({
    status: 'CANCELED',
    needsAttention: null,
    attentionResolutions: [{ resolution: 'repaired', ...who }],
  });
  await expectDeploys();
}, 180_000);

test('an undo that AWS allows by now is finished alone, and the old group serves', async () => {
  const [serving] = (await serverGroupsOf(gennaker)).filter(({ enabled }) => enabled);
  const { id, made } = await stuck();
  expect(await take(id, 'Finish the undo', {})).toMatchObject({ status: 202 });
  await gennaker.watch(id).done;
  const groups = await serverGroupsOf(gennaker);
  expect(groups.filter(({ name, deleting }) => name === made && !deleting)).toEqual([]);
  await expectServing(gennaker, serving?.name ?? '');
  expect((await gennaker.api.execution(id)).needsAttention).toBeNull();
  await expectDeploys();
}, 180_000);

test('what is handed over stays as it is, with who and why, and the cluster is free', async () => {
  const { id, made } = await stuck();
  expect(await take(id, 'Hand over as it is', { by: 'ann' })).toMatchObject({ status: 422 });
  expect(await take(id, 'Hand over as it is', who)).toMatchObject({ status: 202 });
  await gennaker.watch(id).done;
  expect((await serverGroupsOf(gennaker)).map(({ name }) => name)).toContain(made);
  expect(await gennaker.api.execution(id)).toMatchObject({
    needsAttention: null,
    attentionResolutions: [{ resolution: 'handOver', ...who }],
  });
  await expectDeploys();
}, 180_000);

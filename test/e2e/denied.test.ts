import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Gennaker } from '../support/e2e/gennaker.js';
import type { ExecutionView } from '../support/e2e/api-client.js';
import { expectServing } from '../support/e2e/scenes.js';
import { redBlackPipeline, serverGroupsOf } from '../support/e2e/story.js';

let gennaker: Gennaker;
beforeAll(async () => {
  gennaker = await Gennaker.start();
}, 120_000);
afterAll(() => gennaker.close());
beforeEach(() => gennaker.aws.clearFaults());

/** It only tells when the next look is worth it: a deploy goes on without, by its regular looks. */
const dispensable = 'DescribeTargetGroupAttributes';

/** Every other AWS action that a red/black deploy makes, and that it makes once. */
const forward = [
  'DescribeImages',
  'DescribeAutoScalingGroups',
  'DescribeLaunchTemplateVersions',
  'DescribePolicies',
  'DescribeScheduledActions',
  'DescribeLifecycleHooks',
  'DescribeNotificationConfigurations',
  'CreateLaunchTemplate',
  'CreateAutoScalingGroup',
  'UpdateAutoScalingGroup',
  'DescribeInstances',
  'DescribeTargetHealth',
  'SuspendProcesses',
  'DeregisterTargets',
] as const;

test('the list of actions is the one of a real deploy, and one of them may be denied', async () => {
  await deny(dispensable);
  const before = (await gennaker.aws.ledger()).length;
  const id = await gennaker.api.run(await redBlackPipeline());
  await gennaker.watch(id).done;
  expect(await gennaker.api.execution(id)).toMatchObject({ status: 'SUCCEEDED' });
  const made = (await gennaker.aws.ledger()).slice(before).map((call) => call.action);
  expect([...new Set(made)].toSorted()).toEqual([...forward, dispensable].toSorted());
});

test.each(forward)(
  '%s denied: ends rolled back or asks for a person, and says what is missing',
  async (action) => {
    const serving = await enabledServerGroup();
    const fault = await deny(action);
    const id = await gennaker.api.run(await redBlackPipeline({ deploySeconds: 30 }));
    await gennaker.watch(id).done;
    const view = await gennaker.api.execution(id);
    expect(view.status).toBe('TERMINAL');
    expect(errorsOf(view)).toContain(action);
    expect(errorsOf(view)).toContain('AWS_DENIED');
    await lift(fault);
    if (view.needsAttention !== null) await finishByRetry(id, serving);
    else await expectServing(gennaker, serving);
    await expectNothingOf(id, view.needsAttention === null);
  },
  120_000,
);

/** Actions of the undo alone: destroying what was made, and putting the old group back. */
const backward = [
  'DeleteAutoScalingGroup',
  'DeleteLaunchTemplate',
  'RegisterTargets',
  'ResumeProcesses',
] as const;

test.each(backward)(
  '%s denied in the undo: asks for a person with the remaining steps, and a retry finishes it',
  async (action) => {
    const serving = await enabledServerGroup();
    const fault = await deny(action);
    await gennaker.aws.fault({
      match: { action: 'DeregisterTargets' },
      point: 'after',
      effect: { kind: 'hold' },
      times: 1,
    });
    const id = await gennaker.api.run(await redBlackPipeline({ deploySeconds: 60 }));
    const hold = await gennaker.aws.nextHold();
    await gennaker.api.post(`/v1/executions/${id}/cancel`, { by: 'test', reason: 'undo it' });
    await gennaker.aws.release(hold);
    await gennaker.watch(id).done;
    const view = await gennaker.api.execution(id);
    expect(view.status).toBe('CANCELED');
    expect(view.needsAttention?.remaining.length).toBeGreaterThan(0);
    expect(view.needsAttention?.remaining[0]?.awsCommandLines.join()).toContain('aws ');
    expect(errorsOf(view)).toContain(action);
    await lift(fault);
    await finishByRetry(id, serving);
  },
  120_000,
);

/** The one server group that takes traffic. */
async function enabledServerGroup(): Promise<string> {
  const enabled = (await serverGroupsOf(gennaker)).filter((group) => group.enabled);
  expect(enabled).toHaveLength(1);
  return enabled[0]?.name ?? '';
}

async function deny(action: string): Promise<string> {
  return await gennaker.aws.fault({
    match: { action },
    point: 'before',
    effect: {
      kind: 'error',
      code: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:sts::000000000000:assumed-role/gennaker/worker is not authorized to perform: ${action}`,
    },
  });
}

async function lift(faultId: string): Promise<void> {
  await fetch(`${gennaker.aws.url}/_simulator/faults/${faultId}`, { method: 'DELETE' });
}

/** The words of every error that the execution keeps. */
function errorsOf(view: ExecutionView): string {
  return JSON.stringify(
    view.stages.flatMap((stage) =>
      stage.attempts.map((attempt) => ({
        error: attempt.error,
        steps: attempt.steps.map((step) => step.error),
        undo: attempt.undo.map((undo) => undo.error),
      })),
    ),
  );
}

/** A retry undoes what was left, deploys, and is then taken back so that the next case finds the old group serving. */
async function finishByRetry(id: string, serving: string): Promise<void> {
  await gennaker.aws.fault({
    match: { action: 'DeregisterTargets' },
    point: 'after',
    effect: { kind: 'hold' },
    times: 1,
  });
  const retried = await gennaker.api.post(`/v1/executions/${id}/stages/deploy/retry`, {
    by: 'test',
    reason: 'allowed again',
  });
  expect(retried.status).toBe(202);
  const hold = await gennaker.aws.nextHold();
  await gennaker.api.post(`/v1/executions/${id}/cancel`, { by: 'test', reason: 'back again' });
  await gennaker.aws.release(hold);
  const watcher = gennaker.watch(id);
  await watcher.until(
    (event) => event.kind === 'stage.finished' && event.refId === 'deploy' && event.attempt === 2,
  );
  await watcher.until(
    (event) => event.kind === 'execution.finished' && event.status === 'CANCELED',
  );
  await expectServing(gennaker, serving);
  await expectNothingOf(id, true);
}

async function expectNothingOf(id: string, clean: boolean): Promise<void> {
  if (!clean) return;
  const left = (await serverGroupsOf(gennaker)).filter(
    (group) => group.owner?.executionId === id && !group.deleting,
  );
  expect(left).toEqual([]);
}

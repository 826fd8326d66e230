import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';
import { deployStage, findImageStage, waitStage } from '../../support/engine/stages.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
});

const story = [
  findImageStage('find'),
  deployStage({ image: { fromStage: 'find' } }, ['find']),
  waitStage('settle', 0, ['deploy']),
];

test('disables the old server group only after the new one is healthy', async () => {
  const id = await engine.execute(story);
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  const calls = engine.aws.calls.map((call) => call.split(' ')[0]);
  expect(calls).toEqual([
    'findImage',
    'planDeploy',
    'createServerGroup',
    'resizeServerGroup',
    'awaitServerGroupHealthy',
    'captureServerGroup',
    'disableServerGroup',
    'awaitServerGroupDrained',
    'awaitServerGroupHealthy',
    'readCluster',
  ]);
  const attempt = engine.records.state(id).stages[1]?.attempts[0];
  expect(attempt?.undo.map((undo) => undo.status)).toEqual(['dropped', 'dropped']);
});

test('a failed deploy destroys what it made and keeps what Auto Scaling said', async () => {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  const id = await engine.execute(story);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const last = engine.aws.calls.slice(-8).map((call) => call.split(' ')[0] ?? '');
  expect(last.slice(0, 2).toSorted()).toEqual(['readFailureEvidence', 'readScalingActivities']);
  expect(last.slice(2)).toEqual([
    'captureServerGroup',
    'disableServerGroup',
    'awaitServerGroupDrained',
    'deleteServerGroup',
    'awaitServerGroupGone',
    'deleteLaunchTemplate',
  ]);
  const state = engine.records.state(id);
  const attempt = state.stages[1]?.attempts[0];
  expect(attempt?.summary?.failed.message).toContain('no capacity');
  expect(attempt?.summary?.undone).toHaveLength(1);
  expect(state.needsAttention).toBeNull();
});

test('a retry makes a second attempt, keeps the first, and does not run finished stages again', async () => {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  const id = await engine.execute(story);
  await engine.result(id);
  engine.aws.before.clear();
  engine.aws.calls.length = 0;
  expect(await engine.retry(id, 'deploy')).toMatchObject({ attempt: 2 });
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  const state = engine.records.state(id);
  expect(state.stages.map((stage) => stage.attempts.length)).toEqual([1, 2, 1]);
  expect(state.stages[1]?.attempts[0]?.status).toBe('TERMINAL');
  expect(engine.aws.calls.some((call) => call.startsWith('findImage'))).toBe(false);
});

test('repeated clicks on retry make one deployment', async () => {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  const id = await engine.execute(story);
  await engine.result(id);
  engine.aws.before.clear();
  engine.aws.calls.length = 0;
  const same = { requestId: 'key-1', expectedAttempt: 1 };
  const clicks = await Promise.allSettled([
    engine.retry(id, 'deploy', same),
    engine.retry(id, 'deploy', { requestId: 'key-2', expectedAttempt: 1 }),
    engine.retry(id, 'deploy', same),
  ]);
  expect(clicks.some((click) => click.status === 'fulfilled')).toBe(true);
  await engine.result(id);
  const [first] = engine.records.state(id).acceptedRetries;
  const again = { requestId: first?.requestId ?? '', expectedAttempt: 1 };
  expect(await engine.retry(id, 'deploy', again)).toMatchObject({ attempt: 2 });
  await expect(
    engine.retry(id, 'deploy', { requestId: 'key-3', expectedAttempt: 1 }),
  ).rejects.toMatchObject({ cause: { type: 'STAGE_NOT_RETRYABLE' } });
  const deployments = engine.aws.calls.filter((call) => call.startsWith('createServerGroup'));
  expect(deployments).toHaveLength(1);
});

test('the deadline stops the wait and begins the undo', async () => {
  void engine.aws.waits('awaitServerGroupHealthy');
  const id = await engine.execute([deployStage({ timeoutSeconds: 2 })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const attempt = engine.records.state(id).stages[0]?.attempts[0];
  expect(attempt?.error?.code).toBe('STAGE_TIMEOUT');
  expect(attempt?.undo[0]?.status).toBe('done');
});

test('what a failed group was like is kept with the attempt, its consoles in the event alone', async () => {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  const id = await engine.execute([deployStage({ stack: 'evidence' })]);
  await engine.result(id);
  const attempt = engine.records.state(id).stages[0]?.attempts[0];
  const begun = engine.records.events(id).find(({ event }) => event.kind === 'undo.started');
  expect(begun?.event).toMatchObject({ evidence: { consoles: [{ text: 'password=hunter2' }] } });
  expect(attempt?.undoing?.evidence?.consoles).toMatchObject([
    { instanceId: 'i-1', characters: 16 },
  ]);
  expect(JSON.stringify(engine.records.state(id))).not.toContain('hunter2');
  expect(attempt?.summary?.failed.message).toContain('3 unhealthy (Target.FailedHealthChecks)');
  const since = (activity: string) =>
    engine.aws.calls.findLastIndex((call) => call.startsWith(`${activity} `));
  expect(since('readFailureEvidence')).toBeLessThan(since('deleteServerGroup'));
});

test('an evidence that cannot be read keeps nobody from the undo', async () => {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  engine.aws.fails('readFailureEvidence', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ stack: 'unread' })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const attempt = engine.records.state(id).stages[0]?.attempts[0];
  expect(attempt?.undoing?.evidence).toBeUndefined();
  expect(attempt?.undo[0]?.status).toBe('done');
});

test('cancel with rollback undoes, and the same cancel gets the same answer', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const id = await engine.execute([deployStage()]);
  await waiting;
  const answer = await engine.cancel(id, 'rollback');
  expect(answer.steps).toHaveLength(1);
  expect(await engine.cancel(id, 'rollback')).toEqual(answer);
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(engine.aws.calls.some((call) => call.startsWith('deleteServerGroup'))).toBe(true);
  expect(engine.aws.calls.some((call) => call.startsWith('readFailureEvidence'))).toBe(false);
  await expect(engine.cancel(id, 'rollback')).rejects.toThrow();
});

test('cancel with stop leaves things as they are and names them', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const id = await engine.execute([deployStage()]);
  await waiting;
  await engine.cancel(id, 'stop');
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(engine.aws.calls.some((call) => call.startsWith('deleteServerGroup'))).toBe(false);
  expect(engine.records.state(id).stages[0]?.attempts[0]?.summary?.notUndone).toHaveLength(1);
});

test('an undo that cannot finish asks for a person, keeps the lock, and a retry finishes it', async () => {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  engine.aws.fails('deleteServerGroup', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ stack: 'attention' })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const attention = engine.records.state(id).needsAttention;
  expect(attention?.remaining[0]?.awsCommandLines.length).toBeGreaterThan(0);
  const next = await engine.execute([deployStage({ stack: 'attention' })]);
  engine.aws.before.clear();
  await engine.retry(id, 'deploy');
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(engine.records.state(id).needsAttention).toBeNull();
  expect(await engine.result(next)).toMatchObject({ status: 'SUCCEEDED' });
});

test('a run continues as new in the middle of its waits and ends as if it had not', async () => {
  engine.historyEventsMax = 60;
  const waiting = engine.aws.waits('awaitServerGroupDrained');
  const id = await engine.execute([waitStage('beside', 4), ...story]);
  const first = await engine.client.workflow.getHandle(id).describe();
  await waiting;
  engine.aws.before.clear();
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  engine.historyEventsMax = undefined;
  const last = await engine.client.workflow.getHandle(id).describe();
  expect(last.runId).not.toBe(first.runId);
  const creates = engine.aws.calls.filter((call) => call.startsWith('createServerGroup'));
  expect(creates).toHaveLength(1);
  const beside = engine.records.state(id).stages[0];
  expect(beside?.attempts).toHaveLength(1);
});

test('a stalled store stalls neither the deploy nor its events for good', async () => {
  let release = (): void => undefined;
  engine.records.hold = new Promise((resolve) => {
    release = resolve;
  });
  const id = await engine.execute(story);
  await expect.poll(() => engine.aws.calls.at(-1), { timeout: 20_000 }).toContain('readCluster');
  expect(engine.records.events(id)).toHaveLength(1);
  engine.records.hold = null;
  release();
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(engine.records.state(id).status).toBe('SUCCEEDED');
});

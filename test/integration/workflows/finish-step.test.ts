import { GennakerError } from '@gennaker/domain';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { deployStage, judgmentStage, waitStage } from '../../support/engine/stages.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.aws.calls.length = 0;
  engine.aws.before.clear();
});

function called(activity: string): boolean {
  return engine.aws.calls.some((call) => call.startsWith(`${activity} `));
}

function attemptOf(id: string, stage = 0) {
  return engine.records.state(id).stages[stage]?.attempts[0];
}

test('finishStep lets the step in progress end, begins none after it, and leaves things named', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const id = await engine.execute([
    deployStage({ stack: 'finish' }),
    waitStage('next', 0, ['deploy']),
  ]);
  await waiting;
  expect(await engine.cancel(id, 'finishStep')).toMatchObject({
    intent: 'finishStep',
    steps: [],
    finishes: ['Healthy'],
  });
  expect(attemptOf(id)?.status).toBe('RUNNING');
  engine.aws.before.clear();
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(called('awaitServerGroupHealthy')).toBe(true);
  expect(called('disableServerGroup')).toBe(false);
  expect(called('deleteServerGroup')).toBe(false);
  const attempt = attemptOf(id);
  expect(attempt?.steps.map(({ stepId, status }) => `${stepId} ${status}`)).toEqual([
    'plan SUCCEEDED',
    'create SUCCEEDED',
    'resize SUCCEEDED',
    'healthy SUCCEEDED',
  ]);
  expect(attempt).toMatchObject({
    status: 'CANCELED',
    error: { details: { lastStep: 'healthy' } },
  });
  expect(attempt?.summary?.notUndone).toEqual([expect.stringContaining('Destroy')]);
  expect(engine.records.state(id)).toMatchObject({ needsAttention: null });
  expect(engine.records.state(id).stages[1]?.status).toBe('NOT_STARTED');
  // The lock is free: the next one gets it.
  const next = await engine.execute([deployStage({ stack: 'finish' })]);
  expect(await engine.result(next)).toMatchObject({ status: 'SUCCEEDED' });
});

test('a step that fails after finishStep is undone with its stage', async () => {
  const begun = Promise.withResolvers<void>();
  const ends = Promise.withResolvers<void>();
  engine.aws.before.set('awaitServerGroupHealthy', () => {
    begun.resolve();
    return ends.promise;
  });
  const id = await engine.execute([deployStage({ stack: 'fails' })]);
  await begun.promise;
  await engine.cancel(id, 'finishStep');
  ends.reject(new GennakerError('LAUNCH_FAILED', 'there is no capacity'));
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(attemptOf(id)).toMatchObject({ status: 'TERMINAL', undo: [{ status: 'done' }] });
  expect(called('deleteServerGroup')).toBe(true);
});

test('a step that does not end by the deadline is undone with its stage', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const id = await engine.execute([deployStage({ stack: 'late', timeoutSeconds: 3 })]);
  await waiting;
  await engine.cancel(id, 'finishStep');
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(attemptOf(id)).toMatchObject({
    error: { code: 'STAGE_TIMEOUT' },
    undo: [{ status: 'done' }],
  });
});

test('a rollback that is asked for after finishStep undoes at once', async () => {
  const waiting = engine.aws.waits('awaitServerGroupHealthy');
  const id = await engine.execute([deployStage({ stack: 'changed' })]);
  await waiting;
  await engine.cancel(id, 'finishStep');
  expect((await engine.cancel(id, 'rollback')).steps).toHaveLength(1);
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(called('deleteServerGroup')).toBe(true);
});

test('what waits for time or for a person is at no step and ends at once', async () => {
  const id = await engine.execute([waitStage('long', 3600), judgmentStage('ask')]);
  await expect
    .poll(() => attemptOf(id, 1)?.waitingFor?.reason, { timeout: 20_000 })
    .toBe('judgment');
  expect(await engine.cancel(id, 'finishStep')).toMatchObject({ finishes: [] });
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
});

test('the last step of a stage makes it succeed, and nothing comes after it', async () => {
  const waiting = engine.aws.waits('readCluster');
  const id = await engine.execute([
    deployStage({ stack: 'last' }),
    waitStage('next', 0, ['deploy']),
  ]);
  await waiting;
  await engine.cancel(id, 'finishStep');
  engine.aws.before.clear();
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(engine.records.state(id).stages.map(({ status }) => status)).toEqual([
    'SUCCEEDED',
    'NOT_STARTED',
  ]);
});

test('finishStep leaves an undo that is under way alone', async () => {
  const undoing = engine.aws.waits('deleteServerGroup');
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  const id = await engine.execute([deployStage({ stack: 'undoing' })]);
  await undoing;
  await engine.cancel(id, 'finishStep');
  engine.aws.before.clear();
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(attemptOf(id)).toMatchObject({ undo: [{ status: 'done' }] });
});

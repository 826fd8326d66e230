import type { ExecutionState } from '@gennaker/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { judgmentStage, waitStage } from '../../support/engine/stages.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());

async function asks(id: string): Promise<void> {
  const reason = () => stage(engine.records.state(id)).attempts.at(-1)?.waitingFor?.reason;
  await expect.poll(reason).toBe('judgment');
}

function stage(state: ExecutionState) {
  const found = state.stages.find((one) => one.refId === 'judge');
  if (found === undefined) throw new Error('no such stage');
  return found;
}

test('goes on with who, why and the choice as outputs', async () => {
  const judge = judgmentStage('judge', { judgmentInputs: ['blue', 'green'] });
  const id = await engine.execute([judge, waitStage('next', 0, ['judge'])]);
  await asks(id);
  const answer = await engine.judge(id, 'judge', { input: 'green', reason: 'all is well' });
  expect(answer).toMatchObject({ attempt: 1, given: { decision: 'continue', input: 'green' } });
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(stage(engine.records.state(id)).attempts[0]?.outputs).toEqual({
    decision: 'continue',
    input: 'green',
    by: 'anna',
    reason: 'all is well',
  });
});

test('ends TERMINAL on stop, and a retry asks anew', async () => {
  const id = await engine.execute([judgmentStage('judge')]);
  await asks(id);
  await engine.judge(id, 'judge', { decision: 'stop', reason: 'errors went up' });
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  expect(stage(engine.records.state(id)).attempts[0]?.error).toMatchObject({
    code: 'JUDGED_STOP',
    message: 'anna decided to stop: errors went up',
  });
  await engine.retry(id, 'judge');
  await expect.poll(() => stage(engine.records.state(id)).attempts).toHaveLength(2);
  await asks(id);
  await engine.judge(id, 'judge');
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
});

test('gives the same answer to a repeat, and refuses a second one while it runs', async () => {
  const id = await engine.execute([judgmentStage('judge'), waitStage('long', 3600)]);
  await asks(id);
  const first = await engine.judge(id, 'judge', { requestId: 'one' });
  expect(await engine.judge(id, 'judge', { requestId: 'one' })).toEqual(first);
  const second = engine.judge(id, 'judge', { requestId: 'two', decision: 'stop' });
  await expect(second).rejects.toMatchObject({ cause: { type: 'JUDGMENT_NOT_AWAITED' } });
  await engine.cancel(id, 'rollback');
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
});

test('ends TERMINAL when nobody answers by the deadline', async () => {
  const id = await engine.execute([judgmentStage('judge', { timeoutSeconds: 1 })]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const error = stage(engine.records.state(id)).attempts[0]?.error;
  expect(error?.code).toBe('STAGE_TIMEOUT');
  expect(error?.message).toContain('waits for a person to decide');
});

test('is cancelled while it waits', async () => {
  const id = await engine.execute([judgmentStage('judge')]);
  await asks(id);
  await engine.cancel(id, 'rollback');
  expect(await engine.result(id)).toMatchObject({ status: 'CANCELED' });
  expect(stage(engine.records.state(id)).status).toBe('CANCELED');
});

test('goes on waiting for the same question in the run that takes over', async () => {
  engine.historyEventsMax = 10;
  const chain = Array.from({ length: 12 }, (_, n) =>
    waitStage(`w${n}`, 1, n === 0 ? [] : [`w${n - 1}`]),
  );
  const id = await engine.execute([judgmentStage('judge', { timeoutSeconds: 600 }), ...chain]);
  engine.historyEventsMax = undefined;
  const runs = () =>
    engine.records.events(id).filter(({ event }) => event.kind === 'judgment.requested');
  await expect.poll(() => engine.records.state(id).stages[3]?.status).toBe('SUCCEEDED');
  await engine.judge(id, 'judge');
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(runs()).toHaveLength(1);
});

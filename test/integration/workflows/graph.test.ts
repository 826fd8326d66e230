import { afterAll, beforeAll, expect, test } from 'vitest';

import { EngineHarness } from '../../support/engine/engine-harness.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';
import { failingStage, findImageStage, waitStage } from '../../support/engine/stages.js';

let engine: EngineHarness;
beforeAll(async () => {
  engine = await EngineHarness.start(await createTestNamespace());
});
afterAll(() => engine.stop());

test('runs twenty pure stages in a chain within ten workflow tasks', async () => {
  const stages = Array.from({ length: 20 }, (_, n) =>
    waitStage(`s${n}`, 0, n === 0 ? [] : [`s${n - 1}`]),
  );
  const id = await engine.execute(stages);
  expect(await engine.result(id)).toMatchObject({ outcome: 'finished', status: 'SUCCEEDED' });
  const history = await engine.client.workflow.getHandle(id).fetchHistory();
  const tasks = (history.events ?? []).filter((event) => event.workflowTaskStartedEventAttributes);
  expect(tasks.length).toBeLessThanOrEqual(10);
  const finished = engine.records.events(id).filter(({ event }) => event.kind === 'stage.finished');
  expect(finished.map(({ event }) => 'refId' in event && event.refId)).toEqual(
    stages.map((stage) => stage.refId),
  );
});

test('joins parallel branches and starts the join once', async () => {
  const id = await engine.execute([
    findImageStage('a'),
    findImageStage('b'),
    waitStage('join', 0, ['a', 'b']),
  ]);
  await engine.result(id);
  const starts = engine.records
    .events(id)
    .filter(({ event }) => event.kind === 'stage.started' && event.refId === 'join');
  expect(starts).toHaveLength(1);
  expect(engine.records.state(id).status).toBe('SUCCEEDED');
});

test('a failed stage ends the execution and stops its running siblings', async () => {
  const id = await engine.execute([
    waitStage('long', 3600),
    failingStage('bad'),
    waitStage('after', 0, ['bad']),
  ]);
  expect(await engine.result(id)).toMatchObject({ status: 'TERMINAL' });
  const state = engine.records.state(id);
  expect(state.stages.map((stage) => [stage.refId, stage.status])).toEqual([
    ['long', 'CANCELED'],
    ['bad', 'TERMINAL'],
    ['after', 'NOT_STARTED'],
  ]);
});

test('a run that nobody may open ends at once and writes nothing', async () => {
  const id = await engine.execute([waitStage('one', 0)]);
  await engine.result(id);
  const written = engine.records.events(id).length;
  await expect(
    engine.retryAtGeneration(id, 'one', { generation: 1, request: {} }),
  ).rejects.toMatchObject({ cause: { type: 'SUPERSEDED' } });
  expect(engine.records.events(id)).toHaveLength(written);
});

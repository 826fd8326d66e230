import { afterAll, beforeAll, expect, test } from 'vitest';

import type { StageSpec } from '@gennaker/domain';
import { readHistories, type HistoryEvent } from '../../support/e2e/histories.js';
import { EngineHarness } from '../../support/engine/engine-harness.js';
import { deployStage, findImageStage, waitStage } from '../../support/engine/stages.js';
import { createTestNamespace, type TestNamespace } from '../../support/services/test-namespace.js';

/** The counts of DESIGN section 4 that do not depend on the machine: a change of one is a decision, not an accident. */
let engine: EngineHarness;
let place: TestNamespace;
beforeAll(async () => {
  place = await createTestNamespace();
  engine = await EngineHarness.start(place);
});
afterAll(() => engine.stop());

const workflowTasksMaxOfPureStages = 10;
/** How many writes the events travel in, and so how many tasks there are besides, depends on how fast the store answers. */
const historyEventsMaxOfRedBlack = 200;
const historyEventsMaxOfLongPipeline = 1_500;

test('twenty pure stages cost no activity of their own and a handful of workflow tasks', async () => {
  const stages = chain(
    Array.from({ length: 20 }, () => (refId, after) => waitStage(refId, 0, after)),
  );
  const { history, eventsWritten } = await run(stages);
  expect(activitiesOf(history)).toEqual({ openRun: 1 });
  expect(countOf(history, 'workflowTaskStarted')).toBeLessThanOrEqual(workflowTasksMaxOfPureStages);
  // Created, started, finished; and each stage started and finished.
  expect(eventsWritten).toBe(3 + 2 * stages.length);
});

test('a red/black costs these activities, events and at most so much history', async () => {
  const { history, eventsWritten } = await run([findImageStage('find'), deployStage({}, ['find'])]);
  expect(activitiesOf(history)).toEqual({
    openRun: 1,
    findImage: 1,
    requestLock: 1,
    planDeploy: 1,
    createServerGroup: 1,
    resizeServerGroup: 1,
    awaitServerGroupHealthy: 2,
    captureServerGroup: 1,
    disableServerGroup: 1,
    awaitServerGroupDrained: 1,
    readCluster: 1,
  });
  expect(eventsWritten).toBe(26);
  expect(history.length).toBeLessThanOrEqual(historyEventsMaxOfRedBlack);
});

test('a pipeline of twenty stages with three deploys stays below 1,500 history events', async () => {
  const makers = Array.from({ length: 20 }, (_, index): StageMaker => {
    if (index % 7 === 6 || index === 19) {
      return (refId, after) => deployStage({ refId, stack: `long${index}` }, after);
    }
    return (refId, after) => findImageStage(refId, after);
  });
  const { history } = await run(chain(makers));
  expect(activitiesOf(history)).toMatchObject({ createServerGroup: 3, findImage: 17 });
  expect(history.length).toBeLessThan(historyEventsMaxOfLongPipeline);
}, 60_000);

type StageMaker = (refId: string, after: readonly string[]) => StageSpec;

/** Stages that run one after the other. */
function chain(makers: readonly StageMaker[]): readonly StageSpec[] {
  return makers.map((make, index) => make(`s${index}`, index === 0 ? [] : [`s${index - 1}`]));
}

async function run(stages: readonly StageSpec[]) {
  const id = await engine.execute(stages);
  expect(await engine.result(id)).toMatchObject({ status: 'SUCCEEDED' });
  const [history = []] = await readHistories(place.address, [id], place.namespace);
  return { history, eventsWritten: engine.records.events(id).length };
}

/** How often each activity was scheduled, without the writes of events. */
function activitiesOf(history: readonly HistoryEvent[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { raw } of history) {
    const name = raw.activityTaskScheduledEventAttributes?.activityType?.name;
    if (typeof name === 'string' && name !== 'recordEvents') counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function countOf(history: readonly HistoryEvent[], type: string): number {
  return history.filter((event) => event.type === type).length;
}

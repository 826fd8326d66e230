import type { StageSpec } from '@gennaker/domain';
import { readHistories, type HistoryEvent } from '../support/e2e/histories.js';
import { deployStage, findImageStage, waitStage } from '../support/engine/stages.js';
import { EngineUnderTest } from './engine-under-test.js';
import { compare, inWords, median, percentile, repeat } from './figures.js';
import type { Row } from './table.js';

const chainLength = 20;

/** What the engine alone costs: no API, AWS activities that take a given time, everything else as it ships. */
export async function engineFigures(quads: number): Promise<readonly Row[]> {
  const slow = await EngineUnderTest.start(25);
  const rows: Row[] = [];
  try {
    rows.push(...(await handOver(slow, { quads, what: '25 ms', ratioMax: 1.25 })));
    rows.push(await historyLength(slow));
  } finally {
    await slow.close();
  }
  const instant = await EngineUnderTest.start(0);
  try {
    rows.push(...(await pureStages(instant)));
    rows.push(...(await handOver(instant, { quads, what: 'instant', ratioMax: 1.4 })));
  } finally {
    await instant.close();
  }
  return rows;
}

async function pureStages(engine: EngineUnderTest): Promise<readonly Row[]> {
  const stages = chain((refId, after) => waitStage(refId, 0, after));
  await repeat(5, async () => await timed(() => engine.execute(stages)));
  const ids: string[] = [];
  const samples = await repeat(30, async () =>
    timed(async () => void ids.push(await engine.execute(stages))),
  );
  const histories = await readHistories(engine.address, ids);
  const tasks = histories.map((history) => typesOf(history, 'workflowTaskStarted').length);
  const inside = median(histories.map(fromFirstTaskToEnd));
  // Three activities in a row are the least: the run is opened, and its events are written twice.
  const bare = await engine.executeBare(chainLength, {}, { eager: false });
  const bareMs = await spanOf(engine, bare);
  return [
    {
      what: '20 pure stages in sequence, start to result',
      target: '≤ 60 ms',
      measured: `median ${inWords(median(samples))}, p95 ${inWords(percentile(samples, 0.95))}; from the first workflow task ${inWords(inside)}`,
      ratio: `${(inside / bareMs).toFixed(1)} × one activity of a bare workflow`,
      n: samples.length,
      holds: median(samples) <= 60,
    },
    {
      what: '20 pure stages: workflow tasks',
      target: '≤ 10',
      measured: `at most ${Math.max(...tasks)}`,
      n: tasks.length,
      holds: Math.max(...tasks) <= 10,
    },
  ];
}

async function handOver(
  engine: EngineUnderTest,
  { quads, what, ratioMax }: { quads: number; what: string; ratioMax: number },
): Promise<readonly Row[]> {
  const stages = chain((refId, after) => findImageStage(refId, after));
  const activityInput = { context: {}, stage: stages[0] };
  const ours = async () => await spanOf(engine, await engine.execute(stages));
  const bare = (eager: boolean) => async () =>
    await spanOf(engine, await engine.executeBare(chainLength, activityInput, { eager }));
  const warmUps = 3;
  for (let done = 0; done < warmUps; done += 1) await Promise.all([ours(), bare(true)()]);
  const rows: Row[] = [];
  for (const eager of [false, true]) {
    const { ours: mine, peers, ratios } = await compare(quads, ours, bare(eager));
    const ratio = median(ratios);
    const peer = eager ? 'on one queue with its worker (eager)' : 'on a queue of its own, as ours';
    rows.push({
      what: `hand-over between stages of one ${what} activity; a bare workflow with its activity ${peer}`,
      target: `≤ ${ratioMax} ×`,
      measured: `median ${inWords(median(mine))} a stage, bare ${inWords(median(peers))}`,
      ratio: `${ratio.toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
      n: quads * 4,
      holds: ratio <= ratioMax,
    });
  }
  return rows;
}

async function historyLength(engine: EngineUnderTest): Promise<Row> {
  const deploys = new Set([6, 13, 19]);
  const stages = chain((refId, after, index) =>
    deploys.has(index)
      ? deployStage({ refId, stack: `bench${index}` }, after)
      : findImageStage(refId, after),
  );
  const [history = []] = await readHistories(engine.address, [await engine.execute(stages)]);
  return {
    what: 'history of a pipeline of 20 stages with 3 deploys',
    target: '< 1,500 events',
    measured: `${history.length} events`,
    n: 1,
    holds: history.length < 1_500,
  };
}

/** Milliseconds a stage, from the first activity's scheduling to the last one's end, by the server's clock. */
async function spanOf(engine: EngineUnderTest, workflowId: string): Promise<number> {
  const [history = []] = await readHistories(engine.address, [workflowId]);
  const scheduled = history.filter(
    ({ raw }) => raw.activityTaskScheduledEventAttributes?.activityType?.name === 'findImage',
  );
  const ids = new Set(scheduled.map(({ raw }) => String(raw.eventId)));
  const completed = history.filter(({ raw }) =>
    ids.has(String(raw.activityTaskCompletedEventAttributes?.scheduledEventId)),
  );
  const from = scheduled[0]?.atMs;
  const to = completed.at(-1)?.atMs;
  if (from === undefined || to === undefined || completed.length !== chainLength) {
    throw new Error(`${workflowId} has not run its ${chainLength} activities`);
  }
  return (to - from) / chainLength;
}

function chain(
  make: (refId: string, after: readonly string[], index: number) => StageSpec,
): readonly StageSpec[] {
  return Array.from({ length: chainLength }, (_, index) =>
    make(`s${index}`, index === 0 ? [] : [`s${index - 1}`], index),
  );
}

function fromFirstTaskToEnd(history: readonly HistoryEvent[]): number {
  const [first] = typesOf(history, 'workflowTaskStarted');
  return (history.at(-1)?.atMs ?? 0) - (first?.atMs ?? 0);
}

function typesOf(history: readonly HistoryEvent[], type: string): readonly HistoryEvent[] {
  return history.filter((event) => event.type === type);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

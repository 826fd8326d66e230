import { readFileSync } from 'node:fs';

import type { EventWatcher } from '../support/e2e/event-watcher.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { readHistories } from '../support/e2e/histories.js';
import type { ManagedProcess } from '../support/e2e/managed-process.js';
import { gapsIn } from '../support/e2e/story.js';
import { awaitSoon } from '../support/e2e/await-soon.js';
import { inWords, median, percentile, repeat } from './figures.js';
import type { Row } from './table.js';

const place = { account: 'demo', region: 'eu-west-1' };

/** What people feel: the whole product as processes, with the AWS stand-in. */
export async function userFigures(): Promise<readonly Row[]> {
  const gennaker = await Gennaker.start({ simulator: { adversarial: false } });
  try {
    return [
      await postToRunning(gennaker),
      ...(await liveness(gennaker)),
      await retryToActivity(gennaker),
      await memory(gennaker),
    ];
  } finally {
    await gennaker.close();
  }
}

async function postToRunning(gennaker: Gennaker): Promise<Row> {
  const pipeline = pipelineOf('quick', [{ type: 'wait', waitSeconds: 0 }]);
  await gennaker.watch(await gennaker.api.run(pipeline)).done;
  const once = async (): Promise<number> => {
    const from = performance.timeOrigin + performance.now();
    const watcher = gennaker.watch(await gennaker.api.start(pipeline.application, pipeline.name));
    const { receivedAtMs } = await watcher.until((event) => event.kind === 'stage.started');
    await watcher.done;
    return receivedAtMs - from;
  };
  await repeat(10, once);
  const samples = await repeat(100, once);
  const [p50, p99] = [percentile(samples, 0.5), percentile(samples, 0.99)];
  return {
    what: 'POST to first stage RUNNING, as seen on SSE',
    target: 'p50 40 ms, p99 150 ms',
    measured: `p50 ${inWords(p50)}, p99 ${inWords(p99)}`,
    n: samples.length,
    holds: p50 <= 40 && p99 <= 150,
  };
}

const watchersCount = 200;
const droppedCount = 10;
const dropsEach = 10;

async function liveness(gennaker: Gennaker): Promise<readonly Row[]> {
  const stages = Array.from({ length: 14 }, () => ({ type: 'wait', waitSeconds: 1 }));
  const id = await gennaker.api.run(pipelineOf('watched', stages));
  const watchers = Array.from({ length: watchersCount }, () => gennaker.watch(id));
  const dropped = Array.from({ length: droppedCount }, () => gennaker.watch(id));
  const dropping = dropped.map((watcher) => dropAgainAndAgain(watcher));
  await Promise.all(watchers.map((watcher) => watcher.until(isStarted)));
  const allConnectedAt = Date.now();
  await Promise.all([...watchers, ...dropped].map((watcher) => watcher.done));
  await Promise.all(dropping);
  const lags = watchers.flatMap(({ events }) =>
    events
      .filter(({ at }) => Date.parse(at) > allConnectedAt)
      .map(({ at, receivedAtMs }) => receivedAtMs - Date.parse(at)),
  );
  const whole = (await gennaker.api.execution(id)).position;
  const gaps = [...watchers, ...dropped].filter(
    ({ events }) =>
      events.length !== whole || gapsIn(events.map(({ position }) => position)).length > 0,
  );
  const reconnects = dropped.reduce((sum, watcher) => sum + watcher.reconnects, 0);
  return [
    {
      what: `transition in the workflow to byte on an SSE connection, ${watchersCount} watchers`,
      target: 'p95 250 ms',
      measured: `median ${inWords(median(lags))}, p95 ${inWords(percentile(lags, 0.95))}`,
      n: lags.length,
      holds: percentile(lags, 0.95) <= 250,
    },
    {
      what: 'watchers with a gap, over 100 reconnects',
      target: '0',
      measured: `${gaps.length} of ${watchersCount + droppedCount}, ${reconnects} reconnects`,
      n: reconnects,
      holds: gaps.length === 0 && reconnects >= droppedCount * dropsEach,
    },
  ];
}

/** Breaks the connection after each of the first events. */
async function dropAgainAndAgain(watcher: EventWatcher): Promise<void> {
  for (let drops = 1; drops <= dropsEach; drops += 1) {
    await watcher.until(() => watcher.events.length > drops * 2);
    watcher.drop();
    await awaitSoon('the connection is broken', async () => watcher.reconnects >= drops);
  }
}

async function retryToActivity(gennaker: Gennaker): Promise<Row> {
  const stage = { type: 'findImage', ...place, imageName: 'no-such-image' };
  const pipeline = pipelineOf('hopeless', [stage]);
  await gennaker.watch(await gennaker.api.run(pipeline)).done;
  const once = async (): Promise<number> => {
    const id = await gennaker.api.start(pipeline.application, pipeline.name);
    await gennaker.watch(id).done;
    const from = Date.now();
    const body = { expectedAttempt: 1, by: 'bench', reason: '' };
    const { status } = await gennaker.api.post(`/v1/executions/${id}/stages/s0/retry`, body);
    if (status !== 202) throw new Error(`retry: ${status}`);
    await awaitSoon('the second attempt ends', async () => {
      const view = await gennaker.api.execution(id);
      return view.status === 'TERMINAL' && view.stages[0]?.attempts.length === 2;
    });
    const [history = []] = await readHistories(gennaker.services.temporalAddress, [id]);
    const scheduled = history.find(
      ({ raw }) => raw.activityTaskScheduledEventAttributes?.activityType?.name === 'findImage',
    );
    const started = history.find(
      ({ raw }) =>
        String(raw.activityTaskStartedEventAttributes?.scheduledEventId) ===
        String(scheduled?.raw.eventId),
    );
    if (started === undefined) throw new Error('the retry has run no activity');
    return started.atMs - from;
  };
  await repeat(3, once);
  const samples = await repeat(40, once);
  const p95 = percentile(samples, 0.95);
  return {
    what: "retry request, on an execution that has ended, to its stage's first activity",
    target: 'p95 300 ms',
    measured: `median ${inWords(median(samples))}, p95 ${inWords(p95)}`,
    n: samples.length,
    holds: p95 <= 300,
  };
}

const settleMs = 10_000;

async function memory(gennaker: Gennaker): Promise<Row> {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const [api, worker] = [residentMiB(gennaker.apiProcess), residentMiB(gennaker.worker)];
  return {
    what: 'memory of API and worker, idle after the runs above',
    target: '≤ 500 MiB',
    measured: `${inWords(api + worker, '')} MiB (API ${inWords(api, '')}, worker ${inWords(worker, '')})`,
    n: 1,
    holds: api + worker <= 500,
  };
}

function residentMiB({ pid }: ManagedProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(?<kib>\d+) kB/.exec(status)?.groups?.['kib']) / 1024;
}

function isStarted(event: { readonly kind: string }): boolean {
  return event.kind === 'stage.started';
}

/** A pipeline of these stages, one after the other: s0, s1, … */
export function pipelineOf(name: string, stages: readonly Readonly<Record<string, unknown>>[]) {
  const chained = stages.map((stage, index) => ({
    refId: `s${index}`,
    name: `s${index}`,
    requisiteStageRefIds: index === 0 ? [] : [`s${index - 1}`],
    ...stage,
  }));
  return { schemaVersion: 1, application: 'web', name, stages: chained };
}

import { readdirSync, readFileSync } from 'node:fs';

import { Client } from 'pg';

import { Gennaker } from '../support/e2e/gennaker.js';
import { readHistories } from '../support/e2e/histories.js';
import { gapsIn, redBlackPipeline } from '../support/e2e/story.js';
import { inWords, median } from './figures.js';
import type { Row } from './table.js';
import { pipelineOf } from './user-figures.js';

/** What happens when parts die or stand still. */
export async function troubleFigures(): Promise<readonly Row[]> {
  const gennaker = await Gennaker.start();
  try {
    return [await kills(gennaker), ...(await stall(gennaker))];
  } finally {
    await gennaker.close();
  }
}

/** Activities that a worker is killed in, each by the call that it makes. */
const killedIn = ['CreateAutoScalingGroup', 'UpdateAutoScalingGroup', 'SuspendProcesses'] as const;
const deploysKilled = 4;
const progressMsMax = 8_000;

async function kills(gennaker: Gennaker): Promise<Row> {
  const samples: number[] = [];
  for (let deploys = 0; deploys < deploysKilled; deploys += 1) {
    for (const action of killedIn) {
      await gennaker.aws.fault({
        match: { action },
        point: 'before',
        effect: { kind: 'hold' },
        times: 2,
      });
    }
    const id = await gennaker.api.run(await redBlackPipeline());
    for (let killed = 0; killed < killedIn.length; killed += 1) {
      const hold = await gennaker.aws.nextHold();
      const from = performance.now();
      await gennaker.worker.kill();
      await gennaker.aws.release(hold, 'reset');
      await gennaker.worker.start();
      const again = await gennaker.aws.nextHold();
      samples.push(performance.now() - from);
      await gennaker.aws.release(again);
    }
    await gennaker.watch(id).done;
    const { status } = await gennaker.api.execution(id);
    if (status !== 'SUCCEEDED') throw new Error(`${id} ended ${status}`);
    await gennaker.aws.clearFaults();
  }
  return {
    what: 'kill -9 of the worker in the middle of an AWS call to the same call again, restart included',
    target: '≤ 8 s',
    measured: `median ${inWords(median(samples))}, most ${inWords(Math.max(...samples))}`,
    n: samples.length,
    holds: Math.max(...samples) <= progressMsMax,
  };
}

const stallMs = 30_000;

async function stall(gennaker: Gennaker): Promise<readonly Row[]> {
  const pids = await serverProcesses(gennaker.services.postgresUrl);
  const without = await deployThenStages(gennaker, async () => undefined);
  const within = await deployThenStages(gennaker, async () => {
    signalAll(pids(), 'SIGSTOP');
    setTimeout(() => signalAll(pids(), 'SIGCONT'), stallMs);
  });
  const factor = median(within.handOvers) / median(without.handOvers);
  return [
    {
      what: 'PostgreSQL stalled for 30 s in the middle of a deploy: hand-over between two stages',
      target: 'as without',
      measured: `median ${inWords(median(within.handOvers))}, most ${inWords(Math.max(...within.handOvers))}; without ${inWords(median(without.handOvers))}, most ${inWords(Math.max(...without.handOvers))}`,
      ratio: factor.toFixed(2),
      n: within.handOvers.length,
      holds: Math.max(...within.handOvers) <= 2 * Math.max(...without.handOvers, 100),
    },
    {
      what: 'PostgreSQL stalled for 30 s: cancel request to its answer',
      target: 'as without',
      measured: `${inWords(within.cancelMs)} (${within.cancelStatus}); without ${inWords(without.cancelMs)} (${without.cancelStatus})`,
      n: 1,
      holds: within.cancelStatus === 202 && within.cancelMs <= 2 * Math.max(without.cancelMs, 100),
    },
    {
      what: 'PostgreSQL stalled for 30 s: events missing afterwards',
      target: '0',
      measured: `${within.missing}`,
      n: within.seen,
      holds: within.missing === 0,
    },
  ];
}

interface Stalled {
  readonly handOvers: readonly number[];
  readonly cancelMs: number;
  readonly cancelStatus: number;
  readonly missing: number;
  readonly seen: number;
}

const stagesAfter = 10;

/** A deploy with stages of one activity each behind it; `trouble` comes in the middle of the deploy. */
async function deployThenStages(
  gennaker: Gennaker,
  trouble: () => Promise<void>,
): Promise<Stalled> {
  const place = { account: 'demo', region: 'eu-west-1' };
  const deploy = {
    type: 'deploy',
    ...place,
    stack: 'prod',
    image: { imageId: gennaker.seeded.imageIds['1.1.0'] },
    strategy: { type: 'redBlack' },
    timeoutSeconds: 600,
  };
  const find = { type: 'findImage', ...place, imageName: 'web-1.1.0' };
  const stages = [deploy, ...Array.from({ length: stagesAfter }, () => find)];
  const parked = await gennaker.api.run(pipelineOf('parked', [{ type: 'wait', waitSeconds: 900 }]));
  await gennaker.watch(parked).until((event) => event.kind === 'stage.waiting');
  await gennaker.aws.fault({
    match: { action: 'DeregisterTargets' },
    point: 'before',
    effect: { kind: 'hold' },
    times: 1,
  });
  const id = await gennaker.api.run(pipelineOf('stalled', stages));
  const watcher = gennaker.watch(id);
  const hold = await gennaker.aws.nextHold();
  await trouble();
  await gennaker.aws.release(hold);
  const from = performance.now();
  const cancelled = await gennaker.api.post(`/v1/executions/${parked}/cancel`, {
    intent: 'rollback',
    by: 'bench',
    reason: '',
  });
  const cancelMs = performance.now() - from;
  await watcher.done;
  const { position, status } = await gennaker.api.execution(id);
  if (status !== 'SUCCEEDED') throw new Error(`${id} ended ${status}`);
  const seen = watcher.events.map((event) => event.position);
  return {
    handOvers: await handOversOf(gennaker, id),
    cancelMs,
    cancelStatus: cancelled.status,
    missing: gapsIn(seen).length + (position - seen.length),
    seen: seen.length,
  };
}

/** From the end of a stage's activity to the start of the next stage's, by the server's clock. */
async function handOversOf(gennaker: Gennaker, id: string): Promise<readonly number[]> {
  const [history = []] = await readHistories(gennaker.services.temporalAddress, [id]);
  const spans = history
    .filter(
      ({ raw }) => raw.activityTaskScheduledEventAttributes?.activityType?.name === 'findImage',
    )
    .map(({ raw }) => {
      const isOf = (scheduledEventId: unknown): boolean =>
        String(scheduledEventId) === String(raw.eventId);
      const started = history.find((one) =>
        isOf(one.raw.activityTaskStartedEventAttributes?.scheduledEventId),
      );
      const ended = history.find((one) =>
        isOf(one.raw.activityTaskCompletedEventAttributes?.scheduledEventId),
      );
      return { startedAt: started?.atMs ?? Number.NaN, endedAt: ended?.atMs ?? Number.NaN };
    });
  return spans
    .slice(1)
    .map(({ startedAt }, index) => startedAt - (spans[index]?.endedAt ?? Number.NaN));
}

/** The server's main process and all its children, as they are when asked. */
async function serverProcesses(url: string): Promise<() => readonly number[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ folder: string }>(
    "SELECT current_setting('data_directory') AS folder",
  );
  await client.end();
  const [main = ''] = readFileSync(`${rows[0]?.folder ?? ''}/postmaster.pid`, 'utf8').split('\n');
  return () => [Number(main), ...childrenOf(Number(main))];
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === parent)
    .map(Number);
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may contain anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return Number.NaN;
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) process.kill(pid, signal);
}

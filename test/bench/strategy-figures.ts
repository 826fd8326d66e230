import { callsBetween, readCallCounts, sumOf } from '../support/e2e/aws-call-counts.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { Hands, type Fleet } from '../matrix/fleet.js';
import { AwsAtWork, msOutside } from './aws-at-work.js';
import { benchStrategies, deploy, layFleet, refreshesOf, type Played } from './strategy-deploys.js';
import { median } from './figures.js';
import type { Row } from './table.js';

/** How often a worker looks at AWS in production (DESIGN D10). */
const pollSeconds = 5;
/** Deploys of each strategy, each on a fleet of its own. */
const samples = 3;
/** Between the starts of two deploys: so that the looks of no two strategies fall together all the time. */
const startEveryMs = 3_700;
/** Of a deploy of ten minutes at most two hundredths may be ours. */
const deploySeconds = 600;
const overheadShareMax = 0.02;
/** Calls are counted where AWS takes no time. */
const countingScale = 60;

/** What each strategy takes beside AWS, and what it asks of AWS. */
export async function strategyFigures(): Promise<readonly Row[]> {
  const calls = await countCalls();
  const own = await measureOwnTime();
  return benchStrategies.flatMap(({ name }) => {
    const all = own.get(name) ?? [];
    const seconds = median(all.map(({ ownSeconds }) => ownSeconds));
    const wall = median(all.map(({ wallSeconds }) => wallSeconds));
    const share = seconds / deploySeconds;
    return [
      {
        what: `own time of a \`${name}\`, AWS as slow as it is, looks every ${pollSeconds} s`,
        target: `≤ ${overheadShareMax * 100} % of ten minutes`,
        measured: `median ${seconds.toFixed(1)} s, most ${Math.max(...all.map(({ ownSeconds }) => ownSeconds)).toFixed(1)} s, of ${wall.toFixed(0)} s`,
        ratio: `${(share * 100).toFixed(1)} %`,
        n: all.length,
        holds: share <= overheadShareMax,
      },
      {
        what: `AWS calls of a \`${name}\`, without the shared looks`,
        target: 'stated',
        measured: `${calls.get(name) ?? 0}`,
        n: 1,
        holds: true,
      },
    ];
  });
}

/** One after the other, so that a call belongs to the only deploy there is. */
async function countCalls(): Promise<ReadonlyMap<string, number>> {
  return await withProduct({ scale: countingScale, poll: 0.5 }, async (gennaker, hands) => {
    const counts = new Map<string, number>();
    for (const [index, strategy] of benchStrategies.entries()) {
      const fleet = await layFleet(gennaker, hands, index);
      const before = await readCallCounts(gennaker.worker);
      await deploy(gennaker, hands, { strategy, fleet });
      counts.set(strategy.name, sumOf(callsBetween(before, await readCallCounts(gennaker.worker))));
    }
    return counts;
  });
}

interface OwnTime {
  readonly ownSeconds: number;
  readonly wallSeconds: number;
}

/**
 * All side by side, in real time: a deploy's time less every moment at which AWS had something to do in its cluster, or a
 * person was asked.
 */
async function measureOwnTime(): Promise<ReadonlyMap<string, readonly OwnTime[]>> {
  return await withProduct({ scale: 1, poll: pollSeconds }, async (gennaker, hands) => {
    const wanted = benchStrategies.flatMap((strategy) =>
      Array.from({ length: samples }, () => strategy),
    );
    const fleets: Fleet[] = [];
    for (const index of wanted.keys()) fleets.push(await layFleet(gennaker, hands, index));
    const atWork = new AwsAtWork(gennaker.aws);
    const playing = wanted.map(async (strategy, index) => {
      const fleet = fleets[index];
      if (fleet === undefined) throw new Error('a fleet a deploy');
      await new Promise((resolve) => setTimeout(resolve, index * startEveryMs));
      const played = await deploy(gennaker, hands, { strategy, fleet });
      return [strategy.name, await ownTimeOf(gennaker, hands, { played, fleet, atWork })] as const;
    });
    const ended = await Promise.all(playing);
    await atWork.stop();
    return new Map(
      benchStrategies.map(({ name }) => [
        name,
        ended.filter(([ofName]) => ofName === name).map(([, own]) => own),
      ]),
    );
  });
}

async function ownTimeOf(
  gennaker: Gennaker,
  hands: Hands,
  seen: { readonly played: Played; readonly fleet: Fleet; readonly atWork: AwsAtWork },
): Promise<OwnTime> {
  const { played, fleet, atWork } = seen;
  const { attempt, asked } = played;
  const refreshes = await refreshesOf(gennaker, hands, fleet);
  const notOurs = [...atWork.in(fleet.cluster), ...asked, ...refreshes];
  return {
    ownSeconds: msOutside(attempt, notOurs) / 1_000,
    wallSeconds: (attempt.toMs - attempt.fromMs) / 1_000,
  };
}

async function withProduct<T>(
  { scale, poll }: { readonly scale: number; readonly poll: number },
  work: (gennaker: Gennaker, hands: Hands) => Promise<T>,
): Promise<T> {
  const gennaker = await Gennaker.start({
    simulator: { adversarial: false, clock: { kind: 'scaled', scale } },
    pollSeconds: poll,
  });
  const hands = new Hands(gennaker);
  try {
    return await work(gennaker, hands);
  } finally {
    hands.close();
    await gennaker.close();
  }
}

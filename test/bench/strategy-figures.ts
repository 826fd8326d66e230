import { callsBetween, readCallCounts, sumOf } from '../support/e2e/aws-call-counts.js';
import { Gennaker } from '../support/e2e/gennaker.js';
import { addClusters, deployTo, type ExtraCluster } from '../support/e2e/more-clusters.js';
import { median } from './figures.js';
import type { Row } from './table.js';

type Strategy = Readonly<Record<string, unknown>> & { readonly type: string };

const strategies: readonly Strategy[] = [
  { type: 'none' },
  { type: 'redBlack' },
  { type: 'rollingRedBlack', targetPercents: [50, 100] },
  { type: 'rolling' },
];

const instances = 3;
const rounds = 3;
/** How often a worker looks at AWS in production (DESIGN D10). */
const pollSeconds = 5;
/** More often than that, and the rate budget would make the looks wait. */
const eagerPollSeconds = 0.5;
/** Fast enough to be measured, and slow enough that what AWS takes is spread over the looks. */
const ordinaryScale = 60;
/** AWS is done as soon as it is asked. */
const instantScale = 5_000;
/** Of a deploy of ten minutes at most two hundredths may be ours. */
const deploySeconds = 600;
const overheadShareMax = 0.02;

/**
 * What of a deploy's wall time is not AWS's: the same deploys with looks as in production, and with looks so frequent
 * that only AWS takes time. What the engine itself takes is measured where AWS takes none, and added.
 */
export async function strategyFigures(): Promise<readonly Row[]> {
  const asInProduction = await play(pollSeconds, ordinaryScale);
  const awsAlone = await play(eagerPollSeconds, ordinaryScale);
  const engineAlone = await play(eagerPollSeconds, instantScale);
  return strategies.flatMap(({ type }) => {
    const { seconds: engine, calls } = figureOf(engineAlone, type);
    const looks = figureOf(asInProduction, type).seconds - figureOf(awsAlone, type).seconds;
    const overhead = looks + engine;
    const share = overhead / deploySeconds;
    return [
      {
        what: `own time of a \`${type}\` of ${instances} instances, looks every ${pollSeconds} s`,
        target: `≤ ${overheadShareMax * 100} % of ten minutes`,
        measured: `${overhead.toFixed(1)} s, of which the engine ${engine.toFixed(1)} s`,
        ratio: `${(share * 100).toFixed(1)} %`,
        n: rounds,
        holds: share <= overheadShareMax,
      },
      {
        what: `AWS calls of a \`${type}\` of ${instances} instances, without the shared looks`,
        target: 'stated',
        measured: `${calls}`,
        n: 1,
        holds: true,
      },
    ];
  });
}

interface Figure {
  /** The median from start to end. */
  readonly seconds: number;
  readonly calls: number;
}

function figureOf(figures: ReadonlyMap<string, Figure>, type: string): Figure {
  const figure = figures.get(type);
  if (figure === undefined) throw new Error(`${type} was not played`);
  return figure;
}

async function play(poll: number, scale: number): Promise<ReadonlyMap<string, Figure>> {
  const gennaker = await Gennaker.start({
    simulator: { adversarial: false, clock: { kind: 'scaled', scale } },
    pollSeconds: poll,
  });
  try {
    const clusters = await addClusters(gennaker, { count: strategies.length, instances });
    const played = strategies.map((strategy, index) => ({ strategy, cluster: clusters[index] }));
    const calls = new Map<string, number>();
    const samples = new Map<string, readonly number[]>();
    // One after the other: side by side they would wait for one another's share of the rate budget.
    for (let round = 0; round < rounds; round += 1) {
      // Another image in each round: a deploy of what is there already has nothing to do.
      const imageId = gennaker.seeded.imageIds[round % 2 === 0 ? '1.1.0' : '1.0.0'] ?? '';
      for (const { strategy, cluster } of played) {
        const before = await readCallCounts(gennaker.worker);
        const taken = await deploy(gennaker, cluster, { strategy, imageId });
        samples.set(strategy.type, [...(samples.get(strategy.type) ?? []), taken]);
        calls.set(
          strategy.type,
          sumOf(callsBetween(before, await readCallCounts(gennaker.worker))),
        );
      }
    }
    return new Map(
      [...samples].map(([type, taken]): [string, Figure] => [
        type,
        { seconds: median(taken), calls: calls.get(type) ?? 0 },
      ]),
    );
  } finally {
    await gennaker.close();
  }
}

/** Deploys and gives the seconds from the start of the stage to its end. Throws where it does not succeed. */
async function deploy(
  gennaker: Gennaker,
  cluster: ExtraCluster | undefined,
  wanted: { readonly strategy: Strategy; readonly imageId: string },
): Promise<number> {
  if (cluster === undefined) throw new Error('a cluster a strategy');
  const id = await gennaker.api.run(deployTo(cluster, wanted));
  await gennaker.watch(id).done;
  const { status, stages } = await gennaker.api.execution(id);
  const attempt = stages[0]?.attempts[0];
  if (status !== 'SUCCEEDED' || attempt?.endedAt === undefined || attempt.endedAt === null)
    throw new Error(`${wanted.strategy.type}: ${JSON.stringify(stages)}`);
  return (Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt)) / 1_000;
}

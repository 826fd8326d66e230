import { adversitiesOf, cancel, undoneFrom } from './adversities.js';
import { anyCluster, type Adversity, type Scouted } from './adversity.js';
import type { Arena } from './arena.js';
import type { Fleet } from './fleet.js';
import { runCell, type Cell, type Played } from './run-cell.js';
import type { StrategyUnderTest } from './strategies.js';

/** Cells of one run that play at the same time; most of a cell is waiting. */
const lanesMax = 4;

/** All cells of all strategies. */
export async function cellsOfAll(
  arena: Arena,
  strategies: readonly StrategyUnderTest[],
): Promise<readonly Cell[]> {
  return (await Promise.all(strategies.map((strategy) => cellsOf(arena, strategy)))).flat();
}

/** All cells of a strategy, from one run without trouble and one that is cancelled late. */
async function cellsOf(arena: Arena, strategy: StrategyUnderTest): Promise<readonly Cell[]> {
  const forward = await scout(arena, strategy);
  const undoMutations = await undoScout(arena, strategy, undoneFrom(forward.stepIds));
  const isInPlace = strategy.isInPlace === true;
  const adversities = adversitiesOf({ ...forward, undoMutations, isInPlace });
  return adversities.map((adversity) => ({ strategy, adversity }));
}

/** Plays all of them, those that strike everybody one by one at the end. Tells of each as it ends. */
export async function playAll(
  arena: Arena,
  cells: readonly Cell[],
  tell: (played: Played) => void,
): Promise<readonly Played[]> {
  const played: Played[] = [];
  const waiting = cells.filter(({ adversity }) => adversity.alone !== true);
  const lane = async (queue: Cell[]): Promise<void> => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      const one = await runCell(arena, cell);
      tell(one);
      played.push(one);
    }
  };
  await Promise.all(Array.from({ length: lanesMax }, () => lane(waiting)));
  await lane(cells.filter(({ adversity }) => adversity.alone === true));
  return played;
}

/** A deploy without trouble. */
async function scout(
  arena: Arena,
  strategy: StrategyUnderTest,
): Promise<Pick<Scouted, 'stepIds' | 'mutations'>> {
  const adversity: Adversity = { name: 'scout', expects: 'succeeded' };
  const { fleet, executionId, faults, calls } = await runCell(arena, { strategy, adversity });
  if (faults.length > 0) throw new Error(`${strategy.name}, without trouble: ${faults.join('; ')}`);
  const view = await arena.gennaker.api.execution(executionId);
  const steps = view.stages[0]?.attempts[0]?.plan?.steps ?? [];
  return {
    stepIds: ['plan', ...steps.map((step) => step.id.replace(fleet.cluster, anyCluster))],
    mutations: await mutationsOn(arena, fleet, calls),
  };
}

/** What an undo from that step changes; nothing where the deploy was over before the cancel arrived. */
async function undoScout(
  arena: Arena,
  strategy: StrategyUnderTest,
  stepId: string,
): Promise<readonly string[]> {
  let from = Number.MAX_SAFE_INTEGER;
  const adversity: Adversity = {
    name: 'undo scout',
    expects: 'either',
    during: async (scene) => {
      if (!(await scene.reached(stepId))) return false;
      from = await arena.callsSoFar();
      await cancel(scene);
      return true;
    },
  };
  const { fleet, calls } = await runCell(arena, { strategy, adversity });
  return await mutationsOn(arena, fleet, { from, to: calls.to });
}

/** Actions that changed something of the fleet, each once, in the order of their first call. */
async function mutationsOn(
  arena: Arena,
  fleet: Fleet,
  { from, to }: Played['calls'],
): Promise<readonly string[]> {
  const changing = (await arena.gennaker.aws.ledger())
    .slice(from, to)
    .filter(
      ({ action, resources }) =>
        !/^(Describe|Get|List|Assume)/.test(action) &&
        resources.some((resource) => resource.includes(`${fleet.cluster}-`)),
    );
  return [...new Set(changing.map(({ action }) => action))];
}

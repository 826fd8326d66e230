import { adversitiesOf } from './adversities.js';
import type { Arena } from './arena.js';
import { cellName, runCell, type Cell, type EndedCell } from './run-cell.js';
import { scoutForward, scoutUndo } from './scout.js';
import type { StrategyUnderTest } from './strategies.js';

/** Cells of one arena that play at the same time; most of a cell is waiting. With six of them all wait for AWS's rate instead. */
const lanesMax = 4;

/** All cells that there are, and why a strategy has none. */
export interface AllCells {
  readonly cells: readonly Cell[];
  /** A strategy that does not even succeed without trouble, in words. */
  readonly faults: readonly string[];
}

/**
 * All cells of all strategies, each from one run without trouble and one that is cancelled late. Both, and those of all
 * strategies, run side by side as cells do.
 */
export async function cellsOfAll(
  arenas: readonly Arena[],
  strategies: readonly StrategyUnderTest[],
): Promise<AllCells> {
  const inTurn = turns(arenas, lanesMax);
  const found = await Promise.allSettled(
    strategies.map(async (strategy) => {
      const [forward, undo] = await Promise.all([
        inTurn((arena) => scoutForward(arena, strategy)),
        inTurn((arena) => scoutUndo(arena, strategy)),
      ]);
      return cellsOf(strategy, { ...forward, ...undo });
    }),
  );
  return {
    cells: found.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])),
    faults: found.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : [])),
  };
}

/** A cell that could not be played to its end is a fault of its own, and the others go on. */
function brokenOff(cell: Cell, error: unknown): EndedCell {
  const why = error instanceof Error ? error.message : String(error);
  return { cell: cellName(cell), seconds: 0, status: '', faults: [`broken off: ${why}`] };
}

function cellsOf(
  strategy: StrategyUnderTest,
  shown: Omit<Parameters<typeof adversitiesOf>[0], 'isInPlace' | 'isJudged'>,
): readonly Cell[] {
  const { isInPlace = false, isJudged = false, stageSecondsMin = 0 } = strategy;
  return adversitiesOf({ ...shown, isInPlace, isJudged })
    .filter(({ timeoutSeconds = stageSecondsMin }) => timeoutSeconds >= stageSecondsMin)
    .filter((adversity) => strategy.plays?.(adversity) ?? true)
    .map((adversity) => ({ strategy, adversity }));
}

/** Plays all of them, those that strike everybody at the end and alone in their arena. Tells of each as it ends. */
export async function playAll(
  arenas: readonly Arena[],
  cells: readonly Cell[],
  tell: (ended: EndedCell) => void,
): Promise<readonly EndedCell[]> {
  const played = new Map<Cell, EndedCell>();
  const play = async (lanes: number, some: readonly Cell[]) => {
    const inTurn = turns(arenas, lanes);
    const playOne = async (arena: Arena, cell: Cell) => {
      const one = await runCell(arena, cell).catch((error: unknown) => brokenOff(cell, error));
      tell(one);
      played.set(cell, one);
    };
    await Promise.all(some.map((cell) => inTurn((arena) => playOne(arena, cell))));
  };
  const isAlone = ({ adversity }: Cell) => adversity.alone === true;
  await play(
    lanesMax,
    cells.filter((cell) => !isAlone(cell)),
  );
  await play(1, cells.filter(isAlone));
  return cells.flatMap((cell) => played.get(cell) ?? []);
}

/** Runs what it is given in the order of the asking, so many at a time in each arena, and says in which. */
function turns(
  arenas: readonly Arena[],
  lanes: number,
): <Result>(work: (arena: Arena) => Promise<Result>) => Promise<Result> {
  const free = Array.from({ length: lanes }, () => arenas).flat();
  const waiting: ((arena: Arena) => void)[] = [];
  return async (work) => {
    const arena = free.shift() ?? (await new Promise<Arena>((resolve) => waiting.push(resolve)));
    try {
      return await work(arena);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free.push(arena);
      else next(arena);
    }
  };
}

import { adversitiesOf } from './adversities.js';
import type { Arena } from './arena.js';
import { cellName, runCell, type Cell, type EndedCell } from './run-cell.js';
import { scoutForward, scoutUndo } from './scout.js';
import type { StrategyUnderTest } from './strategies.js';

/** Cells of one run that play at the same time; most of a cell is waiting. With six of them all wait for AWS's rate instead. */
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
  arena: Arena,
  strategies: readonly StrategyUnderTest[],
): Promise<AllCells> {
  const inTurn = turns();
  const found = await Promise.allSettled(
    strategies.map(async (strategy) => {
      const [forward, undo] = await Promise.all([
        inTurn(() => scoutForward(arena, strategy)),
        inTurn(() => scoutUndo(arena, strategy)),
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

/** Plays all of them, those that strike everybody one by one at the end. Tells of each as it ends. */
export async function playAll(
  arena: Arena,
  cells: readonly Cell[],
  tell: (ended: EndedCell) => void,
): Promise<readonly EndedCell[]> {
  const played = new Map<Cell, EndedCell>();
  const playOne = async (cell: Cell) => {
    const one = await runCell(arena, cell).catch((error: unknown) => brokenOff(cell, error));
    tell(one);
    played.set(cell, one);
  };
  const inTurn = turns();
  const beside = cells.filter(({ adversity }) => adversity.alone !== true);
  await Promise.all(beside.map((cell) => inTurn(() => playOne(cell))));
  for (const cell of cells) if (cell.adversity.alone === true) await playOne(cell);
  return cells.flatMap((cell) => played.get(cell) ?? []);
}

/** Runs what it is given in the order of the asking, at most {@link lanesMax} at a time. */
function turns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let free = lanesMax;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

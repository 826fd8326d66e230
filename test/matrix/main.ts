import { parseArgs } from 'node:util';
import { SeededRandom } from '../chaos/random.js';
import { Arena } from './arena.js';
import { cellsOfAll, playAll } from './play.js';
import { cellName, type Cell, type EndedCell } from './run-cell.js';
import { strategies } from './strategies.js';

/**
 * `npm run matrix`: every strategy with everything that can go wrong, on the stand-in. `--only TEXT` plays the cells whose
 * name contains it, `--strategy NAME` those of one strategy (both may be given more than once), `--sample N --seed S` a seeded
 * sample; `--arenas N` plays on so many products at once. Exit status 1 when a cell did not end as its plan had promised.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [''] },
    strategy: { type: 'string', multiple: true, default: [] },
    sample: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    // As many as two cores can do with.
    arenas: { type: 'string', default: '3' },
  },
});

const startedAt = performance.now();
const arenas = await Arena.openSome(arenasAskedFor());
try {
  const { cells, faults: unplayable } = await cellsOfAll(
    arenas,
    strategies.filter(({ name }) => chosenByName(name)),
  );
  const chosen = chosenOf(cells);
  say(`${cells.length} cells; ${chosen.length} are played on the simulator`);
  const played = await playAll(arenas, chosen, tell);
  const failed = played.filter(({ faults }) => faults.length > 0);
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  for (const fault of unplayable) say(`FAILED ${fault}`);
  for (const one of failed) say(`FAILED ${one.cell}: ${one.faults.join('; ')}`);
  say(`${played.length - failed.length} passed, ${failed.length} failed, ${minutes} min`);
  process.exitCode = failed.length + unplayable.length === 0 ? 0 : 1;
} finally {
  await Arena.closeAll(arenas);
}

function arenasAskedFor(): number {
  const count = Number(values.arenas);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error(`--arenas takes a whole number from 1 on, not "${values.arenas}"`);
}

function chosenByName(name: string): boolean {
  return values.strategy.length === 0 || values.strategy.includes(name);
}

function chosenOf(cells: readonly Cell[]): readonly Cell[] {
  const named = cells.filter((cell) => values.only.some((text) => cellName(cell).includes(text)));
  const sample = Number(values.sample);
  if (sample === 0) return named;
  return new SeededRandom(Number(values.seed)).shuffled(named).slice(0, sample);
}

function tell({ cell, seconds, status, faults }: EndedCell): void {
  const mark = faults.length === 0 ? 'ok' : 'NOT AS PROMISED';
  say(`${cell.padEnd(60)} ${status.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s  ${mark}`);
  for (const fault of faults) say(`    ${fault}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

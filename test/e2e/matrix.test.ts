import { afterAll, beforeAll, expect, test } from 'vitest';

import { SeededRandom } from '../chaos/random.js';
import { Arena } from '../matrix/arena.js';
import { cellsOfAll, playAll } from '../matrix/play.js';
import type { EndedCell } from '../matrix/run-cell.js';
import { strategies } from '../matrix/strategies.js';

/** Cells that every run of the suite plays; `npm run matrix` plays all of them. */
const sampleSize = 40;
/** Of so many strategies, drawn too: each of them is scouted before its first cell plays. */
const strategiesInSample = 7;
/** Another sample: another seed. */
const sampleSeed = 4;

/** Two play it in half the time: most of a cell is waiting. */
const arenasMax = 2;

let arenas: readonly Arena[];
let played: readonly EndedCell[];
beforeAll(async () => {
  arenas = await Arena.openSome(arenasMax);
  const random = new SeededRandom(sampleSeed);
  const drawn = random.shuffled(strategies).slice(0, strategiesInSample);
  const { cells, faults } = await cellsOfAll(arenas, drawn);
  expect(faults).toEqual([]);
  const sample = random.shuffled(cells).slice(0, sampleSize);
  played = await playAll(arenas, sample, () => undefined);
}, 900_000);
afterAll(() => Arena.closeAll(arenas));

const numbers = Array.from({ length: sampleSize }, (_, index) => index);

test.each(numbers)('cell %i of the sample ends as its plan had promised', (number) => {
  const cell = played[number];
  expect(cell?.faults, cell?.cell).toEqual([]);
});

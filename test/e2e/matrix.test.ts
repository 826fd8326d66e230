import { afterAll, beforeAll, expect, test } from 'vitest';

import { SeededRandom } from '../chaos/random.js';
import { Arena } from '../matrix/arena.js';
import { cellsOfAll, playAll } from '../matrix/play.js';
import type { Played } from '../matrix/run-cell.js';
import { strategies } from '../matrix/strategies.js';

/** Cells of all strategies that every run of the suite plays; `npm run matrix` plays all of them. */
const sampleSize = 40;
/** Another sample: another seed. */
const sampleSeed = 7;

let arena: Arena;
let played: readonly Played[];
beforeAll(async () => {
  arena = await Arena.open();
  const cells = await cellsOfAll(arena, strategies);
  const sample = new SeededRandom(sampleSeed).shuffled(cells).slice(0, sampleSize);
  played = await playAll(arena, sample, () => undefined);
}, 900_000);
afterAll(() => arena.close());

const numbers = Array.from({ length: sampleSize }, (_, index) => index);

test.each(numbers)('cell %i of the sample ends as its plan had promised', (number) => {
  const cell = played[number];
  expect(cell?.faults, cell?.cell).toEqual([]);
});

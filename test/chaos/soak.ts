import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { Gennaker } from '../support/e2e/gennaker.js';
import { planBlows, wordsOf } from './blows.js';
import { SeededRandom } from './random.js';
import { storyUnderFire } from './story-under-fire.js';

/**
 * `npm run soak [-- --rounds N --seed S]`: the story N times in a row (20), each with a kill -9 of every process at
 * instants that the round's seed decides. A line a round; stops at the first failure with its seed and logs.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string' } },
});
const rounds = wholeNumber('rounds', values.rounds);
const firstSeed =
  values.seed === undefined ? Date.now() % 1_000_000_000 : wholeNumber('seed', values.seed);

for (let round = 1; round <= rounds; round += 1) {
  // A round is repeated alone by --rounds 1 with its own seed.
  if (!(await isRoundGood(round, firstSeed + round - 1))) process.exit(1);
}
say(`${rounds} rounds, no promise broken`);
process.exit(0);

async function isRoundGood(round: number, seed: number): Promise<boolean> {
  const blows = planBlows(new SeededRandom(seed));
  const startedAt = performance.now();
  const gennaker = await Gennaker.start({ simulator: { seed: String(seed) } });
  const line = `round ${round}/${rounds} seed ${seed}: ${blows.map(wordsOf).join(', ')}`;
  try {
    await storyUnderFire(gennaker, blows);
    say(`${line}: good, ${Math.round((performance.now() - startedAt) / 1000)} s`);
    return true;
  } catch (error) {
    const folder = await keepEvidence(gennaker, seed);
    say(`${line}: FAILED\n${error instanceof Error ? (error.stack ?? '') : String(error)}`);
    say(`Logs are in ${folder}. Again: npm run soak -- --rounds 1 --seed ${seed}`);
    return false;
  } finally {
    await gennaker.close();
  }
}

async function keepEvidence(gennaker: Gennaker, seed: number): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), `gennaker-soak-${seed}-`));
  cpSync(path.join(gennaker.services.folder, 'logs'), folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'aws-calls.json'),
    JSON.stringify(await gennaker.aws.ledger(), null, 1),
  );
  const executions = await gennaker.api.get('/v1/executions').catch((error: unknown) => error);
  writeFileSync(path.join(folder, 'executions.json'), JSON.stringify(executions, null, 1));
  return folder;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}"`);
  return Number(text);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

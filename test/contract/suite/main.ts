import { parseArgs } from 'node:util';
import { allScenarios } from './all-scenarios.js';
import { knownDivergences, surpriseOf } from './divergences.js';
import { runAll } from './run-scenario.js';
import { tableOf, type TargetRun } from './table.js';
import { offeredTargets } from './targets/all-targets.js';
import { targetNames, type TargetName } from './targets/target.js';

/**
 * `npm run contract [-- --target moto --only groups/]`: plays the scenarios on every target that can be had, prints one
 * table, and exits with 1 when a target behaves otherwise than its list of known divergences says.
 */
const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
  },
});

const scenarios = allScenarios.filter(({ id }) => id.startsWith(values.only));
const runs: TargetRun[] = [];
let surprises = 0;
for (const name of targetNames) {
  if (values.target !== undefined && !values.target.includes(name)) continue;
  const run = await play(name);
  runs.push(run);
  surprises += report(run);
}
process.stdout.write(`\n${tableOf(runs)}\n`);
process.exit(surprises === 0 ? 0 : 1);

async function play(name: TargetName): Promise<TargetRun> {
  const { whyNot, open } = offeredTargets[name];
  const reason = await whyNot();
  if (reason !== undefined) return { target: name, results: [], whyNot: reason };
  process.stderr.write(`plays ${scenarios.length} scenarios on ${name}\n`);
  const target = await open();
  try {
    return { target: name, results: await runAll(target, scenarios), whyNot: undefined };
  } finally {
    await target.close();
  }
}

/** Prints what deserves a look; returns how many results nobody expected. */
function report({ target, results }: TargetRun): number {
  const known = knownDivergences(target);
  let unexpected = 0;
  for (const result of results) {
    const { outcome, scenario, leftBehind } = result;
    const surprise = surpriseOf(result, known);
    if (surprise !== undefined) {
      unexpected += 1;
      process.stdout.write(`${target}: UNEXPECTED: ${surprise}\n`);
    } else if (outcome.kind !== 'agrees') {
      const because = outcome.kind === 'differs' ? (known[scenario.id] ?? '') : outcome.because;
      process.stdout.write(`${target}: ${scenario.id} ${outcome.kind}: ${because}\n`);
    }
    if (target === 'aws' && leftBehind.length > 0)
      process.stdout.write(`${target}: ${scenario.id} LEFT BEHIND: ${leftBehind.join('; ')}\n`);
  }
  return unexpected;
}

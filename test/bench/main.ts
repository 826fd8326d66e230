import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { repositoryRoot } from '../support/repository-root.js';
import { engineFigures } from './engine-figures.js';
import { awsFigures } from './aws-figures.js';
import { standInFigures } from './stand-in.js';
import { strategyFigures } from './strategy-figures.js';
import { markdownTable, withMeasured, type Row } from './table.js';
import { troubleFigures } from './trouble-figures.js';
import { userFigures } from './user-figures.js';

/**
 * `npm run bench [-- --only engine --quads 6 --write]`: measures what DESIGN section 4 promises and prints one table;
 * `--write` also puts it into README.md.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quads: { type: 'string', default: '6' },
    write: { type: 'boolean', default: false },
  },
});

const groups: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  engine: () => engineFigures(Number(values.quads)),
  user: userFigures,
  aws: awsFigures,
  strategies: strategyFigures,
  trouble: troubleFigures,
  'stand-in': standInFigures,
};

const before = loadavg()[0] ?? 0;
const rows: Row[] = [];
for (const [name, measure] of Object.entries(groups)) {
  if (values.only !== undefined && values.only !== name) continue;
  process.stderr.write(`measures: ${name}\n`);
  rows.push(...(await measure()));
}
const machine = `Node ${process.versions.node}, ${cpus().length} cores, load average ${before.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after`;
const text = `${markdownTable(rows)}\n\nMeasured on ${machine}.`;
process.stdout.write(`${text}\n`);
if (values.write) {
  const file = path.join(repositoryRoot, 'README.md');
  writeFileSync(file, withMeasured(readFileSync(file, 'utf8'), text));
}
process.exit(0);

/**
 * `npm run docs` writes the parts of README.md and ARCHITECTURE.md that follow from the code;
 * `npm run check:docs` says which of them are no longer true. Both read what is built.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { repository } from '../cruise.js';
import { generatedDocuments } from './generated-documents.js';
import { withGenerated } from './markdown.js';

const onlyCheck = process.argv.includes('--check');
const stale: string[] = [];
for (const { file, parts } of await generatedDocuments()) {
  const target = path.join(repository, file);
  const before = readFileSync(target, 'utf8');
  for (const part of parts) {
    if (withGenerated(before, [part]) !== before) stale.push(`${file}: ${part.name}`);
  }
  if (!onlyCheck) writeFileSync(target, withGenerated(before, parts));
}
for (const name of stale) {
  process.stdout.write(onlyCheck ? `not up to date: ${name}; run npm run docs\n` : `${name}\n`);
}
process.exitCode = onlyCheck && stale.length > 0 ? 1 : 0;

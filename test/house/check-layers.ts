/**
 * `npm run check:layers`: dependency-cruiser over all rooms. It fails too when dependency-cruiser saw
 * less than there is: without a parser for TypeScript it looks at nothing and finds no fault.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { cruise, repository } from './cruise.js';
import { sourceFiles } from './source-files.js';

/** Far below what there is, far above nothing; raise it when the house has grown. */
const modulesMin = 150;
const importsMin = 400;

const { modules, violations } = cruise();
const imports = modules.reduce((sum, module) => sum + module.dependencies.length, 0);
const faults = [
  ...violations,
  ...overlooked(),
  ...atLeast('modules', modules.length, modulesMin),
  ...atLeast('imports', imports, importsMin),
];
process.stdout.write(faults.map((fault) => `${fault}\n`).join(''));
process.stdout.write(`${modules.length} modules, ${imports} imports, ${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Files that were not read, or of which no import was seen although there are some. */
function overlooked(): readonly string[] {
  const read = new Map(modules.map((module) => [module.source, module.dependencies.length]));
  return sourceFiles().flatMap((file) => {
    const found = read.get(file);
    if (found === undefined) return [`not-read: ${file}`];
    return found === 0 && hasImports(file) ? [`imports-not-seen: ${file}`] : [];
  });
}

function hasImports(file: string): boolean {
  return /^(?:import|export) .*from '/m.test(readFileSync(path.join(repository, file), 'utf8'));
}

function atLeast(what: string, found: number, min: number): readonly string[] {
  return found < min ? [`too-few-${what}: ${found}, expected at least ${min}`] : [];
}

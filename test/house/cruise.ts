import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

import type { ICruiseResult, IModule } from 'dependency-cruiser';

/** The checkout, from the sources and from what is built of them alike. */
export const repository = findRepository(import.meta.dirname);

/** Every folder that holds rooms. */
export const roomFolders = [
  'libs',
  'workflows',
  'activities',
  'apps',
  'localstack',
  'test',
] as const;

/** What dependency-cruiser saw: every module with its imports, and each broken rule as one line. */
export interface Cruise {
  readonly modules: readonly IModule[];
  readonly violations: readonly string[];
}

/** Runs dependency-cruiser with the rules of this repository below `root`, on those folders that are there. */
export function cruise(root: string = repository): Cruise {
  const program = path.join(
    repository,
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
  );
  const rules = path.join(repository, '.dependency-cruiser.mjs');
  const folders = roomFolders.filter((folder) => existsSync(path.join(root, folder)));
  const args = [program, '--config', rules, '--output-type', 'json', ...folders];
  const run = spawnSync(process.execPath, args, { cwd: root, maxBuffer: 256 * 1024 * 1024 });
  if (run.stdout.length === 0)
    throw new Error(`dependency-cruiser failed: ${run.stderr.toString()}`);
  const result = JSON.parse(run.stdout.toString()) as ICruiseResult;
  return {
    modules: result.modules,
    violations: result.summary.violations.map(
      ({ rule, from, to, cycle }) =>
        `${rule.name}: ${from} -> ${cycle?.map((step) => step.name).join(' -> ') ?? to}`,
    ),
  };
}

function findRepository(folder: string): string {
  const isRoot = existsSync(path.join(folder, '.dependency-cruiser.mjs'));
  return isRoot ? folder : findRepository(path.dirname(folder));
}

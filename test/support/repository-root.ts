import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the whole house, from the sources of a test as from its build. */
export const repositoryRoot = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (existsSync(path.join(folder, 'package-lock.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`no package-lock.json above ${import.meta.dirname}`);
  return rootAbove(parent);
}

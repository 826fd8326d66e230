import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { repository } from './cruise.js';

/** A folder outside the checkout with the checkout's rules and a few files of a test's own. */
export interface ThrowawayHouse {
  readonly root: string;
  readonly remove: () => void;
}

/** Makes a house of the given files (by path), with empty packages of the given names to import. */
export function throwawayHouse(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = [],
): ThrowawayHouse {
  const root = mkdtempSync(path.join(tmpdir(), 'gennaker-house-'));
  for (const name of ['.oxlintrc.json', 'tsconfig.base.json', '.oxfmtrc.json']) {
    copyFileSync(path.join(repository, name), path.join(root, name));
  }
  cpSync(
    path.join(repository, 'test/house/lint-plugin'),
    path.join(root, 'test/house/lint-plugin'),
    { recursive: true },
  );
  write(root, 'tsconfig.json', JSON.stringify(compilerSettings));
  write(root, 'package.json', JSON.stringify({ name: 'throwaway', type: 'module' }));
  for (const name of packages) {
    const exports = { '.': './dist/index.js' };
    write(root, `node_modules/${name}/package.json`, JSON.stringify({ name, exports }));
    write(root, `node_modules/${name}/dist/index.js`, 'export const thing = 1;\n');
  }
  const types = path.join(root, 'node_modules/@types');
  mkdirSync(types, { recursive: true });
  symlinkSync(path.join(repository, 'node_modules/@types/node'), path.join(types, 'node'));
  for (const [file, text] of Object.entries(files)) write(root, file, text);
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

const compilerSettings = {
  extends: './tsconfig.base.json',
  compilerOptions: { types: ['node'], composite: false, noEmit: true },
  include: ['**/*.ts'],
};

function write(root: string, file: string, text: string): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

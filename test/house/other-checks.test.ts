import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { repository } from './cruise.js';
import { throwawayHouse } from './throwaway-house.js';
import type { ThrowawayHouse } from './throwaway-house.js';

let house: ThrowawayHouse | undefined;
afterEach(() => house?.remove());

describe('the format check', () => {
  it.each([
    ['double quotes', 'export const x = "y";\n'],
    ['four blanks', "export function f() {\n    return 'y';\n}\n"],
    ['a line that is too long', `export const x = [${"'twelve chars', ".repeat(10)}];\n`],
  ])('finds %s', (_fault, text) => {
    house = throwawayHouse({ 'libs/domain/src/a.ts': text });
    const run = tool(house, 'oxfmt/bin/oxfmt', ['--check', 'libs']);
    expect(run.stdout).toContain('libs/domain/src/a.ts');
    expect(run.status).not.toBe(0);
  });
});

describe('the check for unused code', () => {
  it('finds a file that nobody imports and an export that nobody uses', () => {
    house = throwawayHouse({
      'libs/domain/package.json': '{"name": "d", "type": "module", "main": "./src/index.ts"}',
      'libs/domain/src/index.ts': "export { used } from './used.js';\n",
      'libs/domain/src/used.ts': 'export const used = 1;\nexport const notUsed = 2;\n',
      'libs/domain/src/alone.ts': 'export const alone = 1;\n',
    });
    copyFileSync(path.join(repository, 'knip.json'), path.join(house.root, 'knip.json'));
    const manifest = { name: 'throwaway', type: 'module', workspaces: ['libs/*'] };
    writeFileSync(path.join(house.root, 'package.json'), JSON.stringify(manifest));
    const run = tool(house, 'knip/bin/knip.js', ['--no-progress']);
    expect(run.stdout).toContain('libs/domain/src/alone.ts');
    expect(run.stdout).toContain('notUsed');
    expect(run.status).not.toBe(0);
  });
});

function tool(of: ThrowawayHouse, program: string, args: readonly string[]) {
  const file = path.join(repository, 'node_modules', program);
  return spawnSync(process.execPath, [file, ...args], { cwd: of.root, encoding: 'utf8' });
}

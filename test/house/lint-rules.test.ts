import { spawnSync } from 'node:child_process';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { repository } from './cruise.js';
import { throwawayHouse } from './throwaway-house.js';
import type { ThrowawayHouse } from './throwaway-house.js';

const lines = (count: number): string => 'work();\n'.repeat(count);
const work = 'declare function work(): void;\n';
const later = 'declare function later(): Promise<void>;\n';

/** One file a rule, written so that this rule must speak. */
const bad: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'typescript(no-explicit-any)': [
    'apps/api/src/any.ts',
    'export function f(x: any) { return [x]; }',
  ],
  'typescript(no-non-null-assertion)': [
    'apps/api/src/bang.ts',
    'export function f(x?: string) { return x!; }',
  ],
  'import(no-default-export)': ['apps/api/src/default.ts', 'export default 1;'],
  'house(no-enum)': ['apps/api/src/enum.ts', 'export enum Colour { Red }'],
  'eslint(max-lines)': ['apps/api/src/long.ts', `${work}${lines(301)}`],
  'house(max-function-lines)': [
    'apps/api/src/tall.ts',
    `${work}export function f() {\n${lines(70)}}`,
  ],
  'house(max-parameters)': [
    'apps/api/src/wide.ts',
    'export const f = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];',
  ],
  'eslint(max-depth)': [
    'apps/api/src/deep.ts',
    `${work}export function f(x: 1 | 2) {\n${'if (x > 1) {\n'.repeat(4)}work();${'}'.repeat(4)}}`,
  ],
  'typescript(no-floating-promises)': ['apps/api/src/float.ts', `${later}later();`],
  'typescript(no-misused-promises)': [
    'apps/api/src/misuse.ts',
    `${later}if (later()) throw new Error('x');`,
  ],
  'typescript(switch-exhaustiveness-check)': [
    'apps/api/src/switch.ts',
    "export function f(x: 'a' | 'b') { switch (x) { case 'a': return 1; } return 2; }",
  ],
  'import(no-cycle)': [
    'apps/api/src/one.ts',
    "import { two } from './two.js';\nexport const one = two;",
  ],
  'unicorn(filename-case)': ['apps/api/src/badName.ts', 'export const x = 1;'],
  'node(no-process-env)': ['apps/api/src/env.ts', "export const x = process.env['HOME'];"],
  'import(no-nodejs-modules)': ['workflows/src/node.ts', "export { join } from 'node:path';"],
  'house(no-clock-or-chance)': ['libs/domain/src/clock.ts', 'export const f = () => Date.now();'],
  'house(no-module-state)': [
    'workflows/src/state.ts',
    'let n = 0;\nexport const f = () => (n += 1);',
  ],
  'house(no-cast-of-parsed)': [
    'apps/api/src/cast.ts',
    "export const x = JSON.parse('1') as { readonly a: 1 };",
  ],
  'eslint(no-console)': ['apps/api/src/print.ts', "console.log('x');\nexport {};"],
  'vitest(no-focused-tests)': [
    'test/unit/x.test.ts',
    "import { expect, it } from 'vitest';\nit.only('x', () => { expect(1).toBe(1); });",
  ],
};

/** Files in which nothing may be found, because their place or their shape is the exception. */
const good: Readonly<Record<string, string>> = {
  'apps/api/src/two.ts':
    "import { one } from './one.js';\nexport const two = (): number => one();\n",
  'apps/api/src/main.ts': "export const x = process.env['HOME'];\n",
  'apps/api/src/app.module.ts':
    'export class A { constructor(a: 1, b: 1, c: 1, d: 1, e: 1) { this.x = [a, b, c, d, e]; } readonly x; }\n',
  'apps/api/src/x-controller.ts':
    'declare function P(t: object, k: string, i: number): void;\nexport class A { m(@P a: 1, @P b: 1, @P c: 1, @P d: 1) { return [a, b, c, d, this]; } }\n',
  'test/unit/table.test.ts':
    'declare const it: { each: (rows: object) => (n: string, f: (a: 1, b: 1, c: 1, d: 1) => void) => void };\ndeclare function expect(x: unknown): void;\nit.each([])("x", (a, b, c, d) => {\nexpect([a, b, c, d]);\n});\n',
  'workflows/src/time.ts': 'export const f = (): number => Date.now();\n',
  'libs/domain/src/iso.ts':
    'export const f = (ms: number): string => new Date(ms).toISOString();\n',
  'test/unit/chapter.test.ts': `declare function describe(n: string, f: () => void): void;\n${work}describe('x', () => {\n${lines(80)}});\n`,
};

describe('the linter', () => {
  let house: ThrowawayHouse;
  let findings: readonly string[];

  beforeAll(() => {
    house = throwawayHouse({ ...good, ...Object.fromEntries(Object.values(bad)) }, ['vitest']);
    findings = lint(house.root);
  });
  afterAll(() => house.remove());

  it.each(Object.entries(bad))('finds %s', (rule, [file]) => {
    expect(findings.filter((line) => line.startsWith(`${file}:`)).join('\n')).toContain(rule);
  });

  it.each(Object.keys(good))('has nothing to say about %s', (file) => {
    const cycle = 'import(no-cycle)';
    const ofFile = findings.filter((line) => line.startsWith(`${file}:`) && !line.includes(cycle));
    expect(ofFile).toEqual([]);
  });

  it('treats a finding as a failure, warnings included', () => {
    expect(run(house.root).status).not.toBe(0);
  });
});

function lint(root: string): readonly string[] {
  return run(root).stdout.split('\n');
}

function run(root: string): { readonly stdout: string; readonly status: number | null } {
  const program = path.join(repository, 'node_modules/oxlint/bin/oxlint');
  const args = [program, '--format', 'unix'];
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
}

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { repository } from './cruise.js';

interface Manifest {
  readonly name: string;
  readonly private: boolean;
  readonly license: string;
  readonly type: string;
  readonly workspaces: readonly string[];
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface CompilerSettings {
  readonly extends: string;
  readonly compilerOptions: { readonly types?: readonly string[] };
  readonly references: readonly { readonly path: string }[];
}

const root = manifestOf('.');
const rooms = root.workspaces.filter((folder) => folder !== 'test');

describe.each(rooms)('%s', (folder) => {
  const manifest = manifestOf(folder);
  const settings = compilerSettings(`${folder}/tsconfig.json`);

  it('is named after its folder, private, and an ES module', () => {
    const name = `@gennaker/${path.basename(folder)}`;
    expect(manifest).toMatchObject({ name, private: true, license: 'Apache-2.0', type: 'module' });
  });

  it('offers its sources to tests and what is built to Node', () => {
    for (const [entry, conditions] of Object.entries(manifest.exports ?? {})) {
      const file = entry === '.' ? 'index' : `${entry.slice(2)}/index`;
      expect(conditions).toEqual({
        source: `./src/${file}.ts`,
        types: `./dist/${file}.d.ts`,
        default: `./dist/${file}.js`,
      });
    }
    expect(manifest.exports).toHaveProperty('.');
  });

  it('refers the compiler to the rooms that its package.json names', () => {
    const references = settings.references.map(({ path: to }) => path.posix.join(folder, to));
    const named = Object.keys(manifest.dependencies ?? {}).filter((name) => isRoom(name));
    expect(references.map((to) => manifestOf(to).name).toSorted()).toEqual(named.toSorted());
  });

  it('has the strict settings that all have', () => {
    const up = path.posix.relative(folder, '.');
    expect(settings.extends).toBe(`${up}/tsconfig.base.json`);
  });
});

describe.each(
  rooms.filter((folder) =>
    /^(?:libs\/(?:domain|contract|expressions|canary)|workflows)$/.test(folder),
  ),
)('%s', (folder) => {
  it('knows neither Node nor timers nor fetch', () => {
    const settings = compilerSettings(`${folder}/tsconfig.json`);
    const base = compilerSettings('tsconfig.base.json');
    expect(settings.compilerOptions.types ?? base.compilerOptions.types).toEqual([]);
  });
});

describe('packages', () => {
  const manifests = ['.', ...root.workspaces].map((folder) => manifestOf(folder));
  const dependencies = manifests.flatMap((manifest) =>
    Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    }),
  );

  it('are pinned to one exact version each', () => {
    const versions = new Map<string, Set<string>>();
    for (const [name, version] of dependencies) {
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
    const loose = [...versions].filter(
      ([, all]) => all.size !== 1 || [...all].some((version) => !/^\d/.test(version)),
    );
    expect(loose.map(([name, all]) => [name, ...all])).toEqual([]);
  });

  it('of Temporal have one version together, or a workflow and its worker do not fit', () => {
    const temporal = dependencies.filter(([name]) => name.startsWith('@temporalio/'));
    expect(new Set(temporal.map(([, version]) => version)).size).toBe(1);
  });

  it('are all in the compiler’s list of references', () => {
    const settings = compilerSettings('tsconfig.json');
    const references = settings.references.map(({ path: to }) => path.posix.normalize(to));
    expect(references.toSorted()).toEqual(root.workspaces.toSorted());
  });
});

function isRoom(name: string): boolean {
  return name.startsWith('@gennaker/');
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(read(`${folder}/package.json`)) as Manifest;
}

function compilerSettings(file: string): CompilerSettings {
  return JSON.parse(read(file)) as CompilerSettings;
}

function read(file: string): string {
  return readFileSync(path.join(repository, file), 'utf8');
}

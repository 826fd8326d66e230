import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { findFreePort, isPortFree, parseStackSettings, withStack } from '@gennaker/stack';
import { expect, inject, test } from 'vitest';

import '../../support/services/global-setup.js';

test('a temporary stack ends quietly with its use and leaves no process and no folder', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'gennaker-temporary-'));
  const lines: string[] = [];
  const port = await findFreePort();
  let pids: readonly number[] = [];
  const result = await withStack(
    {
      settings: await settingsIn(folder, port),
      programs: programsOfTheTest(),
      console: { line: (text) => lines.push(text), transient: () => undefined },
      stopping: new AbortController().signal,
      temporary: true,
    },
    () => undefined,
    async ({ addresses }) => {
      expect((await fetch(addresses.api)).status).toBe(200);
      const record = readFileSync(path.join(folder, 'run.json'), 'utf8');
      pids = [...record.matchAll(/"pid": (\d+)/g)].map((match) => Number(match[1]));
      return 'used';
    },
  );
  expect(result).toBe('used');
  expect(lines.filter((line) => line.startsWith('!'))).toEqual([]);
  expect(pids.filter((pid) => pid !== process.pid).filter(isAlive)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  expect(await isPortFree(port)).toBe(true);
});

test('a use that throws ends the stack and gives its error', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'gennaker-temporary-'));
  const stack = withStack(
    {
      settings: await settingsIn(folder, await findFreePort()),
      programs: programsOfTheTest(),
      console: { line: () => undefined, transient: () => undefined },
      stopping: new AbortController().signal,
      temporary: true,
    },
    () => undefined,
    () => Promise.reject(new Error('the story went another way')),
  );
  await expect(stack).rejects.toThrow('the story went another way');
  expect(existsSync(folder)).toBe(false);
});

/** With the services of the run: this is about the end of a stack and not about its databases. */
async function settingsIn(
  folder: string,
  api: number,
): Promise<ReturnType<typeof parseStackSettings>> {
  const { postgresUrl, temporalAddress } = inject('services');
  const env = {
    PATH: '/usr/bin:/bin',
    GENNAKER_DATA_DIR: folder,
    GENNAKER_API_PORT: String(api),
    GENNAKER_WORKER_PORT: String(await findFreePort()),
    GENNAKER_STAND_IN_PORT: String(await findFreePort()),
    DATABASE_URL: postgresUrl,
    TEMPORAL_ADDRESS: temporalAddress,
  };
  return parseStackSettings(env, '/');
}

function programsOfTheTest(): Parameters<typeof withStack>[0]['programs'] {
  const file = (name: string): string =>
    fileURLToPath(new URL(`../../support/stack/${name}.mjs`, import.meta.url));
  return {
    standIn: file('stand-in'),
    seed: file('seed'),
    api: file('api'),
    worker: file('worker'),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

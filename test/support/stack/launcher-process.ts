import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { findFreePort } from '@gennaker/stack';
import { z } from 'zod';

const record = z.object({
  launcher: z.object({ pid: z.number(), startedAt: z.string() }),
  children: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      startedAt: z.string(),
      port: z.number().nullable(),
      stopSignal: z.string(),
    }),
  ),
});

/** What run.json says. */
export type RunJson = Readonly<z.infer<typeof record>>;

/** A launcher in a process of its own. */
export interface LauncherProcess {
  readonly process: ChildProcess;
  /** Everything it has printed so far. */
  readonly output: () => string;
  /** Resolves when it has printed this; rejects with its output when it ends without. */
  readonly printed: (text: string | RegExp) => Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** A folder and ports of one test's own. */
export interface LauncherPlace {
  readonly folder: string;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly runJson: () => RunJson;
  readonly start: (
    extra?: Readonly<Record<string, string>>,
    args?: readonly string[],
  ) => LauncherProcess;
  /** Kills what is left and removes the folder. */
  readonly clear: () => Promise<void>;
}

const LAUNCHER = fileURLToPath(new URL('launcher.mjs', import.meta.url));

/** Makes a place; `mode` is that of the folder above the data. */
export async function makeLauncherPlace(mode = 0o700): Promise<LauncherPlace> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gennaker-launcher-'));
  const project = path.join(folder, 'closed', 'project');
  mkdirSync(path.join(folder, 'closed'), { mode });
  mkdirSync(project);
  const names = ['API', 'WORKER', 'TEMPORAL', 'TEMPORAL_UI', 'POSTGRES', 'STAND_IN'] as const;
  const ports = await Promise.all(names.map(async (name) => [name, await findFreePort()] as const));
  const env = Object.fromEntries(
    ports.map(([name, port]) => [`GENNAKER_${name}_PORT`, String(port)]),
  );
  const dataDir = path.join(project, '.gennaker');
  const launchers: LauncherProcess[] = [];
  const readRunJson = (): RunJson =>
    record.parse(JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8')));
  return {
    folder,
    dataDir,
    env,
    runJson: readRunJson,
    start: (extra = {}, args = ['start']) => {
      const launcher = startLauncher(project, { ...env, ...extra }, args);
      launchers.push(launcher);
      return launcher;
    },
    clear: async () => {
      for (const launcher of launchers) {
        launcher.process.kill('SIGKILL');
        await launcher.ended;
      }
      const children = existsSync(path.join(dataDir, 'run.json')) ? readRunJson().children : [];
      for (const { pid } of children) {
        killQuietly(pid);
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function startLauncher(
  cwd: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): LauncherProcess {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      listeners.forEach((listener) => listener());
    });
  }
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    process: child,
    output: () => output,
    printed: (text) =>
      new Promise<void>((resolve, reject) => {
        const look = (): void => {
          if (typeof text === 'string' ? output.includes(text) : text.test(output)) {
            listeners.delete(look);
            resolve();
          }
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended without printing ${text}:\n${output}`)));
      }),
    ended,
  };
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

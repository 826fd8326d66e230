import { execFile, spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import type { Environment } from '../config/environment.js';
import type { Guard } from '../process/guard.js';
import { findProcess } from '../process/process-identity.js';
import type { Progress } from '../setup/progress.js';
import { TEMPORAL_CLI_MODULE } from './release.js';

/** How and to where the program is built. */
export interface GoBuild {
  /** The caller's environment: Go needs its GOPROXY, GOFLAGS, HTTPS_PROXY and so on. */
  readonly env: Environment;
  /** The program is put there by a rename, only when it is whole. */
  readonly target: string;
  readonly guard: Guard | undefined;
  readonly signal: AbortSignal | undefined;
}

const NEEDED_GO = { major: 1, minor: 25 };
/** The build takes about four minutes on two cores; a slow machine takes several times that. */
const BUILD_SECONDS = 1_800;
/** Go answers at once, unless it fetches a toolchain. */
const VERSION_TIMEOUT_MS = 10_000;
const WORDS_KEPT = 2_000;

/**
 * Builds the pinned CLI with the Go toolchain, once: about four minutes on two cores.
 * Throws a plain error with the reason; nothing is left in the cache then but Go's own module cache.
 */
export async function buildTemporal(build: GoBuild, progress: Progress): Promise<void> {
  await requireGo(build.env);
  const bin = `${build.target}.${process.pid}.build`;
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true });
  try {
    progress.say(`building ${TEMPORAL_CLI_MODULE}: one time, about four minutes`);
    await goInstall(build, bin, progress);
    renameSync(path.join(bin, 'temporal'), build.target);
  } finally {
    rmSync(bin, { recursive: true, force: true });
  }
}

async function requireGo(env: Environment): Promise<void> {
  const version = await findGoVersion(env);
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (version === undefined || major === undefined || minor === undefined) {
    throw new Error('there is no Go toolchain on the search path');
  }
  const enough =
    Number(major) > NEEDED_GO.major ||
    (Number(major) === NEEDED_GO.major && Number(minor) >= NEEDED_GO.minor);
  if (!enough) {
    const needed = `${NEEDED_GO.major}.${NEEDED_GO.minor}`;
    throw new Error(`Go ${needed} or newer is needed, and ${version.trim()} is installed`);
  }
}

async function findGoVersion(env: Environment): Promise<string | undefined> {
  try {
    const options = { env, timeout: VERSION_TIMEOUT_MS };
    // GOTOOLCHAIN=local: the question alone must not download another toolchain.
    const local = { ...options, env: { ...env, GOTOOLCHAIN: 'local' } };
    return (await promisify(execFile)('go', ['version'], local)).stdout;
  } catch {
    return undefined;
  }
}

async function goInstall(build: GoBuild, bin: string, progress: Progress): Promise<void> {
  const args = ['install', '-trimpath', '-ldflags=-s -w', TEMPORAL_CLI_MODULE];
  const child = spawn('go', args, {
    env: { ...build.env, GOBIN: bin, CGO_ENABLED: '0' },
    // Outside of any module of the caller's, and in a process group that we can end as a whole.
    cwd: bin,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const identity = child.pid === undefined ? undefined : findProcess(child.pid);
  if (identity !== undefined) {
    build.guard?.watch(identity, 'SIGTERM');
  }
  let words = '';
  let downloads = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = `${words}${text}`.slice(-WORDS_KEPT);
    downloads += text.split('go: downloading').length - 1;
    progress.say(
      `building ${TEMPORAL_CLI_MODULE}: one time, about four minutes (${downloads} modules fetched)`,
    );
  });
  const stop = (): void => endGroup(child.pid);
  const timer = setTimeout(stop, BUILD_SECONDS * 1_000);
  build.signal?.addEventListener('abort', stop, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    build.signal?.throwIfAborted();
    if (code !== 0) {
      throw new Error(
        `"go ${args.join(' ')}" ended with status ${code ?? 'by a signal'}: ${lastLines(words)}`,
      );
    }
  } finally {
    clearTimeout(timer);
    build.signal?.removeEventListener('abort', stop);
    if (identity !== undefined) {
      build.guard?.unwatch(identity);
    }
  }
}

/** The compilers that Go started are in its process group and must end with it. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // The whole group has ended already.
  }
}

function lastLines(words: string): string {
  return words
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('go: downloading'))
    .slice(-6)
    .join(' / ');
}

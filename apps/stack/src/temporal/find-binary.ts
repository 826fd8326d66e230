import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { hostEnvironment } from '../config/environment.js';
import type { Environment } from '../config/environment.js';
import { TEMPORAL_CLI_VERSION, TEMPORAL_SERVER_VERSION } from './release.js';

/** A program that does not say its version in this time is not the one that is looked for. */
const VERSION_TIMEOUT_MS = 10_000;

/** The pinned CLI on the search path, or undefined. Only an exact release counts there. */
export async function findOnPath(env: Environment): Promise<string | undefined> {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const found = folders.map((folder) => path.join(folder, 'temporal')).find(isExecutable);
  if (found === undefined) {
    return undefined;
  }
  const version = await findVersion(found, env);
  return version?.cli === TEMPORAL_CLI_VERSION ? found : undefined;
}

/** The program in the cache folder when it is whole: the release, or our own build of it. */
export async function findInCache(file: string, env: Environment): Promise<string | undefined> {
  if (!isExecutable(file)) {
    return undefined;
  }
  return (await isPinned(file, env)) ? file : undefined;
}

/** Whether this program is the pinned release or a build of the pinned sources. */
export async function isPinned(file: string, env: Environment): Promise<boolean> {
  const version = await findVersion(file, env);
  const built = version?.cli === '0.0.0-DEV' && version.server === TEMPORAL_SERVER_VERSION;
  return built || version?.cli === TEMPORAL_CLI_VERSION;
}

/** Where the cache of this user is: XDG_CACHE_HOME, else the custom of the system. */
export function temporalCacheFile(env: Environment): string {
  const home = env['HOME'] ?? '/';
  const custom = process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'];
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG base directory specification: a relative path is to be ignored.
  const cache = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, ...custom);
  return path.join(cache, 'gennaker', `temporal-${TEMPORAL_CLI_VERSION}`, 'temporal');
}

async function findVersion(
  file: string,
  env: Environment,
): Promise<{ readonly cli: string; readonly server: string } | undefined> {
  try {
    const options = { timeout: VERSION_TIMEOUT_MS, env: hostEnvironment(env) };
    const { stdout } = await promisify(execFile)(file, ['--version'], options);
    const match = /^temporal version (\S+) \(Server ([^,)]+)/.exec(stdout);
    return match?.[1] === undefined || match[2] === undefined
      ? undefined
      : { cli: match[1], server: match[2] };
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

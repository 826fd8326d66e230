import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import type { Environment } from '../config/environment.js';
import type { Guard } from '../process/guard.js';
import { awaitLock } from '../process/lock-file.js';
import type { Progress } from '../setup/progress.js';
import { SetupFailure, messageOf } from '../setup/setup-failure.js';
import { downloadTemporal } from './download.js';
import { findInCache, findOnPath, temporalCacheFile } from './find-binary.js';
import { buildTemporal } from './go-build.js';
import { findArchive, OFFICIAL_RELEASE_URL, TEMPORAL_CLI_VERSION } from './release.js';
import type { TemporalArchive } from './release.js';

/** Where the pinned Temporal CLI may come from. */
export interface TemporalSources {
  /** PATH, HOME, XDG_CACHE_HOME, and GENNAKER_TEMPORAL_RELEASE_URL for a mirror of the releases. */
  readonly env: Environment;
  /** The archive with its checksum; this machine's official one unless told otherwise. */
  readonly archive?: TemporalArchive;
  /** Ends a build when we are killed. */
  readonly guard?: Guard;
  /** Ends a download or a build early. */
  readonly signal?: AbortSignal;
}

const STEP = 'get the Temporal server';

/**
 * Gives the pinned Temporal CLI: from the search path; else from the user's cache folder; else the
 * official release, checked by checksum; else built once by the Go toolchain. Nothing is fetched
 * where it is already there, nothing is written into the checkout, and two calls at once make it
 * once. Throws a SetupFailure that names each source and why it gave nothing.
 */
export async function provideTemporal(
  sources: TemporalSources,
  progress: Progress,
): Promise<string> {
  const target = temporalCacheFile(sources.env);
  const present = await findPresent(sources, target, progress);
  if (present !== undefined) {
    return present;
  }
  makeCacheFolder(target);
  const release = await awaitLock(
    `${target}.lock`,
    (holder) => progress.say(`process ${holder.pid} is getting it already; waiting for it`),
    sources.signal,
  );
  removeLeftovers(target);
  try {
    return (
      (await findPresent(sources, target, progress)) ?? (await obtain(sources, target, progress))
    );
  } finally {
    release();
  }
}

async function findPresent(
  sources: TemporalSources,
  target: string,
  progress: Progress,
): Promise<string | undefined> {
  const onPath = await findOnPath(sources.env);
  if (onPath !== undefined) {
    progress.say(`version ${TEMPORAL_CLI_VERSION} on the search path: ${onPath}`);
    return onPath;
  }
  const cached = await findInCache(target, sources.env);
  if (cached !== undefined) {
    progress.say(`version ${TEMPORAL_CLI_VERSION} in the cache: ${cached}`);
  }
  return cached;
}

async function obtain(
  sources: TemporalSources,
  target: string,
  progress: Progress,
): Promise<string> {
  const { signal, guard, env } = sources;
  const archive = sources.archive ?? findArchive(process.platform, process.arch);
  const baseUrl = env['GENNAKER_TEMPORAL_RELEASE_URL'] ?? OFFICIAL_RELEASE_URL;
  const faults: string[] = [];
  try {
    if (archive === undefined) {
      throw new Error(`no official release for ${process.platform} ${process.arch}`);
    }
    await downloadTemporal({ baseUrl, archive, target, env, signal }, progress);
    progress.say(`official release ${TEMPORAL_CLI_VERSION} in the cache: ${target}`);
    return target;
  } catch (error) {
    signal?.throwIfAborted();
    faults.push(`download: ${messageOf(error)}`);
    progress.say(`${messageOf(error)}; trying the Go toolchain`);
  }
  try {
    await buildTemporal({ env, target, guard, signal }, progress);
    progress.say(`built ${TEMPORAL_CLI_VERSION} into the cache: ${target}`);
    return target;
  } catch (error) {
    signal?.throwIfAborted();
    throw nothingWorked([...faults, `build: ${messageOf(error)}`], target);
  }
}

function makeCacheFolder(target: string): void {
  try {
    mkdirSync(path.dirname(target), { recursive: true });
  } catch (cause) {
    throw new SetupFailure({
      step: STEP,
      why: `the cache folder cannot be made: ${messageOf(cause)}`,
      remedies: ['Set XDG_CACHE_HOME to a folder that you may write to.'],
      cause,
    });
  }
}

/** What a killed start left half made; we hold the lock, so nobody works on it. */
function removeLeftovers(target: string): void {
  const folder = path.dirname(target);
  for (const name of readdirSync(folder)) {
    if (/^temporal\.\d+\.(tar\.gz|new|build)$/.test(name)) {
      rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

function nothingWorked(faults: readonly string[], target: string): SetupFailure {
  return new SetupFailure({
    step: STEP,
    why: `version ${TEMPORAL_CLI_VERSION} is neither on the search path nor at ${target}, and could not be had. ${faults.join('. ')}`,
    remedies: [
      'Install Go 1.25 or newer and start again.',
      `Or put the program "temporal" of release ${TEMPORAL_CLI_VERSION} on the search path.`,
      'Or set GENNAKER_TEMPORAL_RELEASE_URL to a mirror of the releases.',
      'Or set TEMPORAL_ADDRESS to a Temporal server of your own.',
    ],
  });
}

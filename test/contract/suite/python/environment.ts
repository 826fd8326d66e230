import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { contractSettings } from '../../../support/contract/settings.js';
import { repositoryRoot } from '../../../support/repository-root.js';

export interface PythonEnvironment {
  /** The interpreter of the virtual environment that has moto and boto3. */
  readonly python: string;
}

/** Installing took 36 s where it was measured; more than this is a network that does not answer. */
const INSTALL_TIMEOUT_MS = 240_000;
const PYTHON_TIMEOUT_MS = 20_000;
const PYTHON_MIN = 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else 1)';

export const pythonFolder = path.join(repositoryRoot, 'test', 'contract', 'suite', 'python');

/** Why moto cannot be had on this machine; `undefined`: it can, as far as one sees before installing. */
export async function whyNoPython(): Promise<string | undefined> {
  try {
    await run('python3', ['-c', PYTHON_MIN], PYTHON_TIMEOUT_MS);
    return undefined;
  } catch {
    return 'there is no python3 of version 3.10 or later on the search path';
  }
}

/**
 * The virtual environment with the pinned packages, in the user's cache; installed once for each list of packages.
 * Rejects with pip's own words when it cannot be installed.
 */
export async function provideMoto(): Promise<PythonEnvironment> {
  const requirements = path.join(pythonFolder, 'requirements.txt');
  const pins = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const { cacheFolder } = contractSettings();
  const folder = path.join(cacheFolder, `moto-${pins}`);
  if (!existsSync(path.join(folder, 'complete'))) await install(folder, requirements);
  return { python: pythonIn(folder) };
}

/** Installs beside its place and moves there when it is whole, so that nobody finds half of it. */
async function install(folder: string, requirements: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  mkdirSync(path.dirname(folder), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', draft], INSTALL_TIMEOUT_MS);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(pythonIn(draft), [...pip, '--requirement', requirements], INSTALL_TIMEOUT_MS);
    writeFileSync(path.join(draft, 'complete'), '');
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Runs a program to its end; resolves to what it printed, rejects with what it complained of. */
export async function run(
  program: string,
  parameters: readonly string[],
  timeoutMs: number,
): Promise<string> {
  const { hostEnvironment } = contractSettings();
  const { stdout } = await promisify(execFile)(program, parameters, {
    timeout: timeoutMs,
    env: hostEnvironment,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}

function pythonIn(folder: string): string {
  return path.join(folder, 'bin', 'python');
}

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { hostEnvironment } from '../config/environment.js';
import type { Environment } from '../config/environment.js';
import { SetupFailure, messageOf } from '../setup/setup-failure.js';
import { commandAs } from './run-as.js';
import type { PostgresPlace } from './run-as.js';

/** The owner of the embedded database. */
export const POSTGRES_ROLE = 'gennaker';

/** A new cluster takes a second; a slow disk may take a minute. */
const INITDB_TIMEOUT_MS = 120_000;
const MAJOR_VERSION = '18';

/** How a new cluster is made. */
export interface ClusterOptions {
  readonly passwordFile: string;
  /** False does not wait for the disk; for tests only. */
  readonly durable: boolean;
  readonly env: Environment;
}

/**
 * Makes the database cluster where there is none yet, and gives its password. The cluster is made
 * beside its place and renamed, so that a killed first start leaves nothing half made.
 * `passwordFile` (mode 600) is written before the cluster exists. Throws a SetupFailure.
 */
export async function ensureCluster(
  place: PostgresPlace,
  options: ClusterOptions,
): Promise<{ readonly password: string; readonly made: boolean }> {
  const { passwordFile } = options;
  const versionFile = path.join(place.dataFolder, 'PG_VERSION');
  if (existsSync(versionFile)) {
    refuseOtherVersion(readFileSync(versionFile, 'utf8').trim(), place.dataFolder);
    return { password: readPassword(passwordFile, place.dataFolder), made: false };
  }
  const password = randomBytes(24).toString('base64url');
  mkdirSync(path.dirname(passwordFile), { recursive: true });
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  await initialise(place, password, options);
  return { password, made: true };
}

async function initialise(
  place: PostgresPlace,
  password: string,
  { durable, env }: ClusterOptions,
): Promise<void> {
  const fresh = `${place.dataFolder}.new`;
  const secret = `${place.dataFolder}.secret`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  writeFileSync(secret, `${password}\n`, { mode: 0o600 });
  const { user } = place;
  if (user.kind === 'account') {
    chownSync(fresh, user.uid, user.gid);
    chownSync(secret, user.uid, user.gid);
  }
  // A mask of the caller's could have taken rights from the mode of mkdir.
  chmodSync(fresh, 0o700);
  const run = commandAs(user, place.binaries.initdb, [
    `--pgdata=${fresh}`,
    `--username=${POSTGRES_ROLE}`,
    `--pwfile=${secret}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ]);
  try {
    const limits = {
      timeout: INITDB_TIMEOUT_MS,
      cwd: path.parse(fresh).root,
      env: postgresEnvironment(env),
    };
    await promisify(execFile)(run.command, [...run.args], { ...limits, ...run.identity });
    renameSync(fresh, place.dataFolder);
  } catch (cause) {
    throw new SetupFailure({
      step: 'make the PostgreSQL database',
      why: `initdb failed: ${messageOf(cause)}`,
      remedies: ['Or set DATABASE_URL to a PostgreSQL of your own.'],
      cause,
    });
  } finally {
    rmSync(secret, { force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** PG… variables of the caller must not change what the server does. */
export function postgresEnvironment(env: Environment): Record<string, string> {
  return { ...hostEnvironment(env), LC_ALL: 'C', TZ: 'UTC' };
}

function readPassword(passwordFile: string, dataFolder: string): string {
  try {
    return readFileSync(passwordFile, 'utf8').trim();
  } catch (cause) {
    throw new SetupFailure({
      step: 'open the PostgreSQL database',
      why: `its password file ${passwordFile} cannot be read: ${messageOf(cause)}`,
      remedies: [`Put the file back, or remove ${dataFolder} and lose its data.`],
      cause,
    });
  }
}

function refuseOtherVersion(found: string, dataFolder: string): void {
  if (found !== MAJOR_VERSION) {
    throw new SetupFailure({
      step: 'open the PostgreSQL database',
      why: `${dataFolder} was made by PostgreSQL ${found}, and this is PostgreSQL ${MAJOR_VERSION}`,
      remedies: [
        `Move ${dataFolder} away to start with an empty database, or dump and load it with PostgreSQL's own tools.`,
      ],
    });
  }
}

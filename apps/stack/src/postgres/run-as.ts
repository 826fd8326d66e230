import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';

import { SetupFailure, messageOf } from '../setup/setup-failure.js';
import { postgresIn } from './binaries.js';
import type { PostgresBinaries } from './binaries.js';

/**
 * Who runs PostgreSQL, which refuses to run as root and asks for an account with a name.
 * `self`: us, as we are. `namespace`: us, under another number in a user namespace; every file stays
 * ours. `account`: another account of this machine, with programs and data where it may enter.
 */
export type PostgresUser =
  | { readonly kind: 'self' }
  | { readonly kind: 'namespace'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'account'; readonly uid: number; readonly gid: number };

/** PostgreSQL's programs, data folder and the way to start both. */
export interface PostgresPlace {
  readonly user: PostgresUser;
  readonly binaries: PostgresBinaries;
  readonly dataFolder: string;
}

/** An account as passwd(5) lists it. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** What this machine allows; read once, replaceable in tests. */
export interface Machine {
  readonly uid: number;
  readonly accounts: readonly Account[];
  readonly mayUseNamespace: (account: Account) => boolean;
  /** Where data goes that another account must reach: the first of these that can be made. */
  readonly sharedFolders: readonly string[];
}

const PREFERRED_UID = 1000;
const NOBODY_UID = 65_534;

/** The machine that we run on. */
export function thisMachine(): Machine {
  return {
    uid: process.getuid?.() ?? 0,
    accounts: readAccounts(),
    mayUseNamespace: (account) =>
      process.platform === 'linux' &&
      spawnSync('unshare', [...namespaceArguments(account), 'true'], { stdio: 'ignore' }).status ===
        0,
    sharedFolders: ['/var/lib/gennaker', '/var/tmp/gennaker'],
  };
}

/**
 * Decides how PostgreSQL runs here, and moves programs and data out of the way where they cannot be
 * reached (root without user namespaces, below a folder of mode 700). Throws a SetupFailure.
 */
export function placePostgres(
  binaries: PostgresBinaries,
  dataFolder: string,
  machine: Machine,
): PostgresPlace {
  const named = machine.accounts.some((account) => account.uid === machine.uid);
  if (machine.uid !== 0 && (named || process.platform !== 'linux')) {
    return { user: { kind: 'self' }, binaries, dataFolder };
  }
  const account = chooseAccount(machine.accounts);
  if (account !== undefined && machine.mayUseNamespace(account)) {
    return { user: { kind: 'namespace', ...account }, binaries, dataFolder };
  }
  if (machine.uid !== 0 || account === undefined) {
    throw noUser(machine);
  }
  return placeForAccount(binaries, dataFolder, { account, machine });
}

/** The command line that runs a program as this user. */
export function commandAs(
  user: PostgresUser,
  program: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[]; readonly identity?: Account } {
  switch (user.kind) {
    case 'self':
      return { command: program, args };
    case 'namespace':
      return { command: 'unshare', args: [...namespaceArguments(user), program, ...args] };
    case 'account':
      return { command: program, args, identity: { uid: user.uid, gid: user.gid } };
  }
}

function namespaceArguments(account: Account): readonly string[] {
  return ['--user', `--map-user=${account.uid}`, `--map-group=${account.gid}`];
}

/** initdb looks the name of its account up and refuses a number without one. */
function chooseAccount(accounts: readonly Account[]): Account | undefined {
  const others = accounts.filter((account) => account.uid !== 0);
  const byUid = (uid: number): Account | undefined => others.find((account) => account.uid === uid);
  return byUid(PREFERRED_UID) ?? byUid(NOBODY_UID) ?? others[0];
}

function placeForAccount(
  binaries: PostgresBinaries,
  dataFolder: string,
  target: { readonly account: Account; readonly machine: Machine },
): PostgresPlace {
  const { account, machine } = target;
  const user = { kind: 'account', ...account } as const;
  const mark = createHash('sha256').update(dataFolder).digest('hex').slice(0, 12);
  const reachable = mayEnter(path.dirname(dataFolder), account);
  const data = reachable
    ? dataFolder
    : path.join(makeSharedFolder(machine, account), `data-${mark}`);
  if (mayEnter(binaries.folder, account)) {
    return { user, binaries, dataFolder: data };
  }
  const version = createHash('sha256').update(binaries.folder).digest('hex').slice(0, 12);
  const copy = path.join(makeSharedFolder(machine, account), `programs-${version}`);
  return { user, binaries: copyPrograms(binaries, copy), dataFolder: data };
}

function mayEnter(folder: string, account: Account): boolean {
  return spawnSync('test', ['-x', folder], { stdio: 'ignore', ...account }).status === 0;
}

function makeSharedFolder(machine: Machine, account: Account): string {
  const faults: string[] = [];
  for (const folder of machine.sharedFolders) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      accessSync(folder, constants.W_OK);
      if (mayEnter(folder, account)) {
        return folder;
      }
      faults.push(`${folder} cannot be entered by uid ${account.uid}`);
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  throw new SetupFailure({
    step: 'place PostgreSQL',
    why: `PostgreSQL refuses to run as root, and there is no folder for another account: ${faults.join('; ')}`,
    remedies: ['Run as an ordinary user.', 'Or set DATABASE_URL to a PostgreSQL of your own.'],
  });
}

function copyPrograms(binaries: PostgresBinaries, copy: string): PostgresBinaries {
  try {
    return postgresIn(copy);
  } catch {
    const temporary = `${copy}.${process.pid}`;
    rmSync(temporary, { recursive: true, force: true });
    cpSync(binaries.folder, temporary, { recursive: true, verbatimSymlinks: true });
    renameSync(temporary, copy);
    return postgresIn(copy);
  }
}

function readAccounts(): readonly Account[] {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.flatMap((line) => {
      const fields = line.split(':');
      const [uid, gid] = [Number(fields[2]), Number(fields[3])];
      return fields.length > 3 && Number.isInteger(uid) ? [{ uid, gid }] : [];
    });
  } catch {
    return [];
  }
}

function noUser(machine: Machine): SetupFailure {
  return new SetupFailure({
    step: 'place PostgreSQL',
    why: `PostgreSQL needs an ordinary account with a name; we run as uid ${machine.uid}, "unshare --user" is refused and no other account can be used`,
    remedies: [
      'Run as an ordinary user that is listed in /etc/passwd.',
      'Or set DATABASE_URL to a PostgreSQL of your own.',
    ],
  });
}

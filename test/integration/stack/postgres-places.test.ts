import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { findFreePort, guardedRegistry, startGuard, startPostgres } from '@gennaker/stack';
import type { Guard, PostgresOptions, PostgresServer } from '@gennaker/stack';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';

const asRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };

let folder: string;
let shared: string;
let guard: Guard;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gennaker-places-'));
  shared = mkdtempSync(path.join(tmpdir(), 'gennaker-shared-'));
  chmodSync(shared, 0o755);
  guard = startGuard();
});

afterEach(async () => {
  await guard.close();
  for (const made of [folder, shared]) {
    rmSync(made, { recursive: true, force: true });
  }
});

test('keeps its data and its password over a stop', async () => {
  const options = await optionsIn(folder);
  const first = await startPostgres(options);
  await query(first, 'CREATE TABLE kept AS SELECT 7 AS seven');
  await first.child.stop();
  const second = await startPostgres(options);
  expect(second.made).toBe(false);
  expect(second.url).toBe(first.url);
  expect(await query(second, 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
  expect(statSync(path.join(folder, 'postgres.password')).mode & 0o777).toBe(0o600);
  await second.child.stop();
});

test('refuses a connection without the password', async () => {
  const server = await startPostgres(await optionsIn(folder));
  const url = new URL(server.url);
  url.password = 'guess';
  const client = new Client({ connectionString: url.href });
  await expect(client.connect()).rejects.toThrow('password authentication failed');
  await server.child.stop();
});

test('recovers when the pid file of a killed server names a process that lives', async () => {
  const options = await optionsIn(folder);
  const first = await startPostgres(options);
  await query(first, 'CREATE TABLE kept AS SELECT 7 AS seven');
  await first.child.kill();
  const pidFile = path.join(first.dataFolder, 'postmaster.pid');
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  // The first process of the machine lives for ever and is nobody's PostgreSQL.
  writeFileSync(pidFile, ['1', ...lines.slice(1)].join('\n'));
  const second = await startPostgres(options);
  expect(await query(second, 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
  await second.child.stop();
});

test('takes over from a server that still runs on the same data', async () => {
  const options = await optionsIn(folder);
  const first = await startPostgres(options);
  const second = await startPostgres(options);
  expect(first.child.hasExited()).toBe(true);
  expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await second.child.stop();
});

test('names the missing password file of an existing database', async () => {
  const options = await optionsIn(folder);
  await (await startPostgres(options)).child.stop();
  rmSync(path.join(folder, 'postgres.password'));
  await expect(startPostgres(options)).rejects.toThrow(/password file .*postgres\.password/);
});

test('starts again where a killed first start left half of it', async () => {
  mkdirSync(path.join(folder, 'postgres.new', 'base'), { recursive: true });
  writeFileSync(path.join(folder, 'postgres.new', 'PG_VERSION'), '18\n');
  const server = await startPostgres(await optionsIn(folder));
  expect(server.made).toBe(true);
  await server.child.stop();
});

test.runIf(asRoot)(
  'runs as another account, data and programs outside of a closed folder, where root may not make a namespace',
  async () => {
    const closed = path.join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const options = { ...(await optionsIn(closed)), machine: machineWithoutNamespaces() };
    const first = await startPostgres(options);
    expect(first.dataFolder.startsWith(shared)).toBe(true);
    expect(statSync(first.dataFolder).uid).toBe(NOBODY.uid);
    expect(uidOf(first.child.process.pid)).toBe(NOBODY.uid);
    await query(first, 'CREATE TABLE kept AS SELECT 7 AS seven');
    await first.child.kill();

    const second = await startPostgres(options);
    expect(await query(second, 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
    await second.child.stop();
  },
);

test.runIf(asRoot)('keeps the data in their place where another account may enter it', async () => {
  chmodSync(folder, 0o755);
  const options = { ...(await optionsIn(folder)), machine: machineWithoutNamespaces() };
  const server = await startPostgres(options);
  expect(server.dataFolder).toBe(path.join(folder, 'postgres'));
  expect(uidOf(server.child.process.pid)).toBe(NOBODY.uid);
  await server.child.stop();
});

function machineWithoutNamespaces(): NonNullable<PostgresOptions['machine']> {
  return { uid: 0, accounts: [NOBODY], mayUseNamespace: () => false, sharedFolders: [shared] };
}

async function optionsIn(place: string): Promise<PostgresOptions> {
  return {
    folder: place,
    logFile: path.join(place, 'postgres.log'),
    port: await findFreePort(),
    database: 'gennaker',
    durable: false,
    env: { PATH: '/usr/bin:/bin', HOME: place },
    registry: guardedRegistry(guard),
  };
}

async function query(server: PostgresServer, statement: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

function uidOf(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

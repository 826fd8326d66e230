import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

import { isPortFree } from '@gennaker/stack';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { makeLauncherPlace } from '../../support/stack/launcher-process.js';
import type { LauncherPlace } from '../../support/stack/launcher-process.js';

const READY = 'Everything runs';
let place: LauncherPlace;

beforeEach(async () => {
  place = await makeLauncherPlace();
});

afterEach(async () => {
  await place.clear();
});

test('starts every part in order below a folder of mode 700 and stops them in reverse', async () => {
  const launcher = place.start();
  await launcher.printed(READY);
  expect(place.runJson().children.map((child) => child.name)).toEqual(
    expect.arrayContaining(['postgres', 'temporal', 'stand-in', 'api', 'worker']),
  );
  expect(place.runJson().children.find((child) => child.name === 'api')?.port).toBe(
    Number(place.env['GENNAKER_API_PORT']),
  );
  const children = place.runJson().children;

  launcher.process.kill('SIGINT');
  expect(await launcher.ended).toEqual({ code: 0, signal: null });
  const stops = [...launcher.output().matchAll(/stopping (\S+)/g)].map((match) => match[1]);
  expect(stops).toEqual(['worker', 'api', 'stand-in', 'temporal', 'postgres']);
  expect(children.filter((child) => isAlive(child.pid))).toEqual([]);
  expect(place.runJson().children).toEqual([]);
  expect(existsSync(path.join(place.dataDir, 'launcher.lock'))).toBe(false);
});

test('gives API and worker the addresses, and no credentials of the caller', async () => {
  const foreign = { AWS_PROFILE: 'production', AWS_SESSION_TOKEN: 'secret', TEMPORAL_API_KEY: 'k' };
  const launcher = place.start(foreign);
  await launcher.printed(READY);
  const env = await environmentOf('API');
  expect(env).toMatchObject({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${place.env['GENNAKER_STAND_IN_PORT']}`,
    AWS_ACCESS_KEY_ID: '000000000000',
    TEMPORAL_ADDRESS: `127.0.0.1:${place.env['GENNAKER_TEMPORAL_PORT']}`,
    TEMPORAL_NAMESPACE: 'default',
  });
  expect(JSON.parse(String(env['GENNAKER_ACCOUNTS']))).toEqual([
    { name: 'demo', accountId: '000000000000', regions: ['eu-west-1'] },
  ]);
  for (const name of Object.keys(foreign)) {
    expect(env[name]).toBeUndefined();
  }
  const client = new Client({ connectionString: String(env['DATABASE_URL']) });
  await client.connect();
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  await client.end();
  expect(rows[0]?.name).toBe('gennaker');
});

test('goes on with its data after a kill -9 of launcher, guard and children alike', async () => {
  const first = place.start();
  await first.printed(READY);
  const url = String((await environmentOf('API'))['DATABASE_URL']);
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const victims = place.runJson().children;
  killGuardOf(first.process.pid);
  first.process.kill('SIGKILL');
  for (const { pid } of victims) {
    process.kill(pid, 'SIGKILL');
  }
  await first.ended;

  const second = place.start();
  await second.printed(READY);
  expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  expect(second.output()).not.toContain('Seeding');
  expect(secondsToReady(second.output())).toBeLessThan(10);
});

test('ends the orphans of a start that was killed together with its guard', async () => {
  const first = place.start();
  await first.printed(READY);
  const orphans = place.runJson().children;
  killGuardOf(first.process.pid);
  first.process.kill('SIGKILL');
  await first.ended;
  expect(orphans.filter((child) => isAlive(child.pid))).toHaveLength(5);

  const second = place.start();
  await second.printed(READY);
  expect(second.output()).toContain('Ending what an earlier start left running');
  expect(orphans.filter((child) => isAlive(child.pid))).toEqual([]);
});

test('never ends a foreign process that was given the id of a child', async () => {
  const first = place.start();
  await first.printed(READY);
  first.process.kill('SIGINT');
  await first.ended;
  const stranger = { name: 'api', port: null, stopSignal: 'SIGTERM', startedAt: 'another boot:1' };
  const file = path.join(place.dataDir, 'run.json');
  const record = { ...place.runJson(), children: [{ ...stranger, pid: process.pid }] };
  writeFileSync(file, JSON.stringify(record));

  const second = place.start();
  await second.printed(READY);
  expect(second.output()).not.toContain('Ending what an earlier start');
});

test('leaves nothing running when only the launcher is killed', async () => {
  const launcher = place.start();
  await launcher.printed(READY);
  const children = place.runJson().children;
  const guard = guardOf(launcher.process.pid);
  launcher.process.kill('SIGKILL');
  await launcher.ended;
  await expect.poll(() => isAlive(guard), { timeout: 20_000 }).toBe(false);
  expect(children.filter((child) => isAlive(child.pid))).toEqual([]);
});

test('names a taken port, the setting that moves it and who holds it', async () => {
  const server = createServer();
  const port = Number(place.env['GENNAKER_API_PORT']);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const launcher = place.start();
  expect((await launcher.ended).code).toBe(1);
  expect(launcher.output()).toContain(
    `port ${port} for the API is taken by process ${process.pid}`,
  );
  expect(launcher.output()).toContain('Set GENNAKER_API_PORT to another port');
  expect(launcher.output()).not.toContain('Starting PostgreSQL');
  await new Promise((resolve) => server.close(resolve));
});

test('refuses a second start in the same folder and names the first', async () => {
  const first = place.start();
  await first.printed(READY);
  const second = place.start();
  expect((await second.ended).code).toBe(1);
  expect(second.output()).toContain(`another start, process ${first.process.pid}`);
  expect(place.runJson().children).toHaveLength(5);
});

test.each(['API', 'WORKER'])('starts the %s again when it falls, and says so', async (name) => {
  const launcher = place.start();
  await launcher.printed(READY);
  await fetch(`${urlOf(name)}/fall`).catch(() => undefined);
  const part = name.toLowerCase();
  await launcher.printed(new RegExp(`${part} runs again as process`));
  expect(launcher.output()).toMatch(new RegExp(`${part} .*ended with status 7; starting it again`));
  expect((await fetch(urlOf(name))).status).toBe(200);
  expect(place.runJson().children).toHaveLength(5);
});

test.each(['postgres', 'temporal'])('starts %s again after a kill -9', async (name) => {
  const launcher = place.start();
  await launcher.printed(READY);
  const url = String((await environmentOf('API'))['DATABASE_URL']);
  const victim = place.runJson().children.find((child) => child.name === name);
  process.kill(victim?.pid ?? 0, 'SIGKILL');
  await launcher.printed(`${name} runs again as process`);
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('says which step failed and shows the last of its log', async () => {
  const launcher = place.start({ TEST_API: 'broken.mjs' });
  expect((await launcher.ended).code).toBe(1);
  expect(launcher.output()).toContain('FAILED: start api');
  expect(launcher.output()).toContain('the schema cannot be read');
  expect(launcher.output()).toContain(path.join('logs', 'api.log'));
  expect(await isPortFree(Number(place.env['GENNAKER_POSTGRES_PORT']))).toBe(true);
});

test('a signal in the middle of the set-up leaves nothing running', async () => {
  const launcher = place.start({ TEST_API: 'never-ready.mjs' });
  await launcher.printed('Starting the API');
  await expect.poll(() => place.runJson().children.length).toBe(5);
  const children = place.runJson().children;
  launcher.process.kill('SIGTERM');
  expect((await launcher.ended).code).toBe(0);
  expect(children.filter((child) => isAlive(child.pid))).toEqual([]);
});

test('a second signal kills what will not stop', async () => {
  const launcher = place.start({ TEST_API: 'never-stops.mjs' });
  await launcher.printed(READY);
  const children = place.runJson().children;
  launcher.process.kill('SIGINT');
  await launcher.printed('stopping api');
  // The launcher takes two signals within 0.7 s for one, because npm passes a Ctrl-C on twice.
  await expect
    .poll(() => {
      launcher.process.kill('SIGINT');
      return launcher.output();
    })
    .toContain('Killing everything');
  expect((await launcher.ended).code).toBe(130);
  await expect.poll(() => children.filter((child) => isAlive(child.pid))).toEqual([]);
});

test('starts no service that is configured', async () => {
  const first = place.start();
  await first.printed(READY);
  const env = await environmentOf('API');
  const other = await makeLauncherPlace();
  const second = other.start({
    DATABASE_URL: String(env['DATABASE_URL']),
    TEMPORAL_ADDRESS: String(env['TEMPORAL_ADDRESS']),
    GENNAKER_AWS: 'real',
    AWS_PROFILE: 'staging',
  });
  await second.printed(READY);
  expect(
    other
      .runJson()
      .children.map((child) => child.name)
      .toSorted(),
  ).toEqual(['api', 'worker']);
  const url = `http://127.0.0.1:${other.env['GENNAKER_API_PORT']}/environment`;
  expect(await (await fetch(url)).json()).toMatchObject({
    DATABASE_URL: env['DATABASE_URL'],
    TEMPORAL_ADDRESS: env['TEMPORAL_ADDRESS'],
    AWS_PROFILE: 'staging',
  });
  await other.clear();
});

test('names the fault of an unknown argument', async () => {
  const launcher = place.start({}, ['start', '--ports']);
  expect((await launcher.ended).code).toBe(2);
  expect(launcher.output()).toContain('Unknown argument of start: "--ports".');
});

function urlOf(name: string): string {
  return `http://127.0.0.1:${place.env[`GENNAKER_${name}_PORT`]}`;
}

async function environmentOf(name: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${urlOf(name)}/environment`)).json()) as Record<string, unknown>;
}

async function query(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

function secondsToReady(output: string): number {
  return Number(/Everything runs \(([\d.]+) s\)/.exec(output)?.[1]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** The guard is the one child of a launcher that run.json does not name. */
function guardOf(launcher: number | undefined): number {
  const found = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === launcher)
    .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('guard-main'));
  return found ?? 0;
}

function killGuardOf(launcher: number | undefined): void {
  process.kill(guardOf(launcher), 'SIGKILL');
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

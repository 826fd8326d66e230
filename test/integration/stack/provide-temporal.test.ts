import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { findFreePort, provideTemporal, SetupFailure } from '@gennaker/stack';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A program that answers --version as the pinned release does. */
const RELEASE = '#!/bin/sh\necho "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"\n';
const BUILD = '#!/bin/sh\necho "temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)"\n';

let folder: string;
let server: Server;
let baseUrl: string;
let served: Buffer | undefined;
let requests: number;
let words: string[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'gennaker-provide-'));
  mkdirSync(path.join(folder, 'bin'));
  served = undefined;
  requests = 0;
  words = [];
  server = createServer((_request, response) => {
    requests += 1;
    const length = { 'content-length': served?.length ?? 0 };
    response.writeHead(served === undefined ? 404 : 200, length);
    response.end(served);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

test('takes the official release when its checksum is right', async () => {
  const archive = serveArchive(RELEASE);
  const file = await provide({ archive });
  expect(file).toBe(cached());
  expect(readFileSync(file, 'utf8')).toBe(RELEASE);
  expect(readdirSync(path.dirname(file))).toEqual(['temporal']);
  expect(words.join('\n')).toContain('(100 %)');
});

test('asks nobody when the program is in the cache already', async () => {
  const archive = serveArchive(RELEASE);
  await provide({ archive });
  await provide({ archive });
  expect(requests).toBe(1);
});

test('throws a release away whose checksum is wrong, and says so', async () => {
  const archive = { ...serveArchive(RELEASE), sha256: '0'.repeat(64) };
  const failure = await failureOf(provide({ archive }));
  expect(failure.why).toMatch(/checksum of .* must be 0{64}/);
  expect(existsSync(cached())).toBe(false);
  expect(readdirSync(path.dirname(cached()))).toEqual([]);
});

test('names the answer of a server that has no release, and what to do', async () => {
  const failure = await failureOf(provide({ archive: archiveOf(Buffer.from('x')) }));
  expect(failure.why).toContain('answers 404');
  expect(failure.why).toContain('no Go toolchain');
  expect(failure.remedies.join(' ')).toContain('TEMPORAL_ADDRESS');
});

test('goes on to the Go toolchain when nobody answers at the release address', async () => {
  fakeGo('go1.26.8', BUILD);
  baseUrl = `http://127.0.0.1:${await findFreePort()}`;
  const file = await provide({ archive: archiveOf(Buffer.from('x')) });
  expect(readFileSync(file, 'utf8')).toBe(BUILD);
  expect(readdirSync(path.dirname(file))).toEqual(['temporal']);
  expect(words.join('\n')).toMatch(/no connection to .*trying the Go toolchain/);
  expect(words.join('\n')).toContain('about four minutes');
});

test('refuses a Go toolchain that is too old, naming what is needed and what is there', async () => {
  fakeGo('go1.24.9', BUILD);
  const failure = await failureOf(provide({ archive: archiveOf(Buffer.from('x')) }));
  expect(failure.why).toMatch(/Go 1\.25 or newer is needed.*go1\.24\.9/);
});

test('tells why a build failed in the words of the Go toolchain', async () => {
  fakeGo('go1.26.8', undefined);
  const failure = await failureOf(provide({ archive: archiveOf(Buffer.from('x')) }));
  expect(failure.why).toContain('no space left on device');
  expect(readdirSync(path.dirname(cached()))).toEqual([]);
});

test('two starts at once fetch it once and both get it whole', async () => {
  const archive = serveArchive(RELEASE);
  const files = await Promise.all([provide({ archive }), provide({ archive })]);
  expect(files).toEqual([cached(), cached()]);
  expect(requests).toBe(1);
});

test('the lock and the leftovers of a start that was killed do not stop the next', async () => {
  const archive = serveArchive(RELEASE);
  mkdirSync(path.dirname(cached()), { recursive: true });
  writeFileSync(`${cached()}.lock`, JSON.stringify({ pid: 1, startedAt: 'another boot:1' }));
  mkdirSync(`${cached()}.4711.build`);
  writeFileSync(cached(), 'half a program');
  chmodSync(cached(), 0o755);
  await provide({ archive });
  expect(readFileSync(cached(), 'utf8')).toBe(RELEASE);
  expect(readdirSync(path.dirname(cached()))).toEqual(['temporal']);
});

test('takes the search path only for the exact release', async () => {
  const archive = serveArchive(RELEASE);
  const own = path.join(folder, 'bin', 'temporal');
  writeFileSync(own, RELEASE.replace('1.5.1', '1.8.2'), { mode: 0o755 });
  expect(await provide({ archive })).toBe(cached());
  writeFileSync(own, BUILD);
  expect(await provide({ archive })).toBe(cached());
  writeFileSync(own, RELEASE);
  expect(await provide({ archive })).toBe(own);
});

interface Archive {
  readonly name: string;
  readonly sha256: string;
}

function serveArchive(program: string): Archive {
  writeFileSync(path.join(folder, 'temporal'), program, { mode: 0o755 });
  writeFileSync(path.join(folder, 'LICENSE'), 'text '.repeat(1_000));
  execFileSync('tar', ['-czf', 'release.tar.gz', 'LICENSE', 'temporal'], { cwd: folder });
  served = readFileSync(path.join(folder, 'release.tar.gz'));
  return archiveOf(served);
}

function archiveOf(content: Buffer): Archive {
  return { name: 'release.tar.gz', sha256: createHash('sha256').update(content).digest('hex') };
}

/** A toolchain that installs the given program, or fails as a full disk makes it fail. */
function fakeGo(version: string, program: string | undefined): void {
  const made = path.join(folder, 'made');
  writeFileSync(made, program ?? '', { mode: 0o755 });
  const install =
    program === undefined
      ? 'echo "write $GOBIN: no space left on device" >&2; exit 1'
      : `cp -p '${made}' "$GOBIN/temporal"`;
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo "go version ${version} linux/amd64"; exit 0; fi\n${install}\n`;
  writeFileSync(path.join(folder, 'bin', 'go'), script, { mode: 0o755 });
}

function provide(options: { readonly archive: Archive }): Promise<string> {
  const env = {
    PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin`,
    HOME: folder,
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    GENNAKER_TEMPORAL_RELEASE_URL: baseUrl,
  };
  return provideTemporal({ env, ...options }, { say: (text) => words.push(text) });
}

function cached(): string {
  return path.join(folder, 'cache', 'gennaker', 'temporal-1.5.1', 'temporal');
}

async function failureOf(work: Promise<unknown>): Promise<SetupFailure> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SetupFailure);
  return error as SetupFailure;
}

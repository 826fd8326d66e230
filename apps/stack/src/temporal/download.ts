import { createHash } from 'node:crypto';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { pipeline } from 'node:stream/promises';

import type { Environment } from '../config/environment.js';
import type { Progress } from '../setup/progress.js';
import { extractFile } from './extract.js';
import { isPinned } from './find-binary.js';
import type { TemporalArchive } from './release.js';

/** Which archive, from where, to which file. */
export interface Download {
  /** The folder that the archive is in; official releases or a mirror. */
  readonly baseUrl: string;
  readonly archive: TemporalArchive;
  /** The program is put there by a rename, only when it is whole and checked. */
  readonly target: string;
  readonly env: Environment;
  readonly signal: AbortSignal | undefined;
}

/** How long a name may take to resolve and a server to accept; a closed network is told by it. */
const CONNECT_SECONDS = 5;
const ANSWER_SECONDS = 15;
const TOTAL_SECONDS = 600;
const MEGABYTE = 1_000_000;

/**
 * Fetches the official archive, checks its SHA-256, unpacks the program and puts it in place.
 * Throws a plain error with the reason; nothing is left behind then.
 */
export async function downloadTemporal(download: Download, progress: Progress): Promise<void> {
  const url = new URL(`${download.baseUrl.replace(/\/$/, '')}/${download.archive.name}`);
  const packed = `${download.target}.${process.pid}.tar.gz`;
  const unpacked = `${download.target}.${process.pid}.new`;
  try {
    progress.say(`connecting to ${url.host}`);
    await connectOnce(url);
    const sha256 = await fetchTo(url, packed, { signal: download.signal, progress });
    if (sha256 !== download.archive.sha256) {
      throw new Error(
        `the checksum of ${url.href} is ${sha256} and must be ${download.archive.sha256}; it was thrown away`,
      );
    }
    progress.say('checksum right; unpacking');
    await extractFile(packed, 'temporal', unpacked);
    if (!(await isPinned(unpacked, download.env))) {
      throw new Error('the downloaded program does not run on this machine');
    }
    renameSync(unpacked, download.target);
  } finally {
    rmSync(packed, { force: true });
    rmSync(unpacked, { force: true });
  }
}

async function connectOnce(url: URL): Promise<void> {
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  const socket = connect({ host: url.hostname, port });
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      // The socket's own timeout would not count the time that the name takes to resolve.
      timer = setTimeout(
        () => reject(new Error(`no connection to ${url.host} within ${CONNECT_SECONDS} s`)),
        CONNECT_SECONDS * 1_000,
      );
      socket.once('connect', resolve);
      socket.once('error', (cause) =>
        reject(new Error(`no connection to ${url.host}: ${cause.message}`)),
      );
    });
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** Streams the body to a file and gives its SHA-256 in hex. */
async function fetchTo(
  url: URL,
  file: string,
  { signal, progress }: { readonly signal: AbortSignal | undefined; readonly progress: Progress },
): Promise<string> {
  const silence = new AbortController();
  const tooSlow = (): void =>
    silence.abort(new Error(`${url.host} sent nothing for ${ANSWER_SECONDS} s`));
  let timer = setTimeout(tooSlow, ANSWER_SECONDS * 1_000);
  const limits = [silence.signal, AbortSignal.timeout(TOTAL_SECONDS * 1_000)];
  const either = AbortSignal.any(signal === undefined ? limits : [...limits, signal]);
  const hash = createHash('sha256');
  try {
    const response = await fetch(url, { signal: either });
    if (!response.ok || response.body === null) {
      throw new Error(`${url.href} answers ${response.status} ${response.statusText}`.trim());
    }
    const total = Number(response.headers.get('content-length') ?? 0);
    let received = 0;
    const count = async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        clearTimeout(timer);
        timer = setTimeout(tooSlow, ANSWER_SECONDS * 1_000);
        hash.update(chunk);
        received += chunk.length;
        progress.say(`downloading ${describeAmount(received, total)}`);
        yield chunk;
      }
    };
    await pipeline(response.body, count, createWriteStream(file), { signal: either });
    return hash.digest('hex');
  } catch (error) {
    throw either.aborted ? either.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

function describeAmount(received: number, total: number): string {
  const done = (received / MEGABYTE).toFixed(1);
  if (total === 0) {
    return `${done} MB`;
  }
  const percent = Math.floor((100 * received) / total);
  return `${done} of ${(total / MEGABYTE).toFixed(1)} MB (${percent} %)`;
}

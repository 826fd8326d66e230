import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const BLOCK = 512;
const NAME_END = 100;
const SIZE_AT = 124;
const SIZE_END = 136;
const TYPE_AT = 156;

/**
 * Writes one file out of a .tar.gz (POSIX ustar: blocks of 512 bytes, a header before each file).
 * Throws when the archive has no such file or ends in the middle of it.
 */
export async function extractFile(archive: string, name: string, target: string): Promise<void> {
  await pipeline(
    createReadStream(archive),
    createGunzip(),
    (source: AsyncIterable<Buffer>) => readEntry(source, name),
    createWriteStream(target, { mode: 0o755 }),
  );
}

/** Yields the contents of the entry; keeps at most one chunk and one block in memory. */
async function* readEntry(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  let skip = 0;
  let left: number | undefined;
  // After the entry everything is read to the end: only there gzip compares its own checksum.
  for await (const chunk of source) {
    pending = left === undefined && pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
    while (left === undefined && pending.length > 0) {
      const passed = Math.min(skip, pending.length);
      skip -= passed;
      pending = pending.subarray(passed);
      if (pending.length < BLOCK) {
        break;
      }
      const header = readHeader(pending.subarray(0, BLOCK));
      pending = pending.subarray(BLOCK);
      left = header.isFile && header.name === name ? header.size : undefined;
      skip = Math.ceil(header.size / BLOCK) * BLOCK;
    }
    if (left !== undefined && left > 0) {
      const part = pending.subarray(0, left);
      left -= part.length;
      yield part;
    }
  }
  if (left !== 0) {
    throw new Error(
      left === undefined ? `the archive has no file "${name}"` : 'the archive ends too early',
    );
  }
}

function readHeader(block: Buffer): {
  readonly name: string;
  readonly size: number;
  readonly isFile: boolean;
} {
  const text = (from: number, to: number): string =>
    block.toString('latin1', from, to).replace(/\0.*$/s, '').trim();
  const size = Number.parseInt(text(SIZE_AT, SIZE_END) || '0', 8);
  if (!Number.isSafeInteger(size)) {
    throw new Error('the archive is damaged: a header without a size');
  }
  const type = text(TYPE_AT, TYPE_AT + 1);
  return {
    name: text(0, NAME_END).replace(/^\.\//, ''),
    size,
    isFile: type === '' || type === '0',
  };
}

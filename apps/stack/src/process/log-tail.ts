import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Enough of a log for the last dozen lines. */
const TAIL_BYTES = 8_192;

/** The last lines of a log file, indented; says so when there are none. */
export function logTail(file: string, lines = 15): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const { size } = fstatSync(handle);
      const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(handle, buffer, 0, buffer.length, size - buffer.length);
      const text = buffer.toString('utf8').trimEnd();
      const tail = text === '' ? ['(it wrote nothing)'] : text.split('\n').slice(-lines);
      return tail.map((line) => `      | ${line}`).join('\n');
    } finally {
      closeSync(handle);
    }
  } catch {
    return '      | (there is no such log)';
  }
}

import { createHash } from 'node:crypto';
import { GennakerError } from '@gennaker/domain';

/** Deepest nesting of arrays and objects that {@link canonicalJson} follows. */
export const jsonDepthMax = 100;

/** SHA-256 of the text's UTF-8 bytes, 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * JSON with the keys of every object sorted by code unit and no white space: equal values give equal texts. Properties
 * that are undefined are left out, as JSON.stringify does.
 * Throws INVALID_REQUEST below {@link jsonDepthMax} levels and for what JSON cannot hold (NaN, functions, bigint).
 */
export function canonicalJson(value: unknown): string {
  return written(value, 0);
}

function written(value: unknown, depth: number): string {
  if (depth > jsonDepthMax) throw unfit(`it nests deeper than ${jsonDepthMax} levels`);
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value;
    return `[${elements.map((element) => written(element ?? null, depth + 1)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) return writtenObject(value, depth);
  if (typeof value === 'number' && !Number.isFinite(value)) throw unfit(`it contains ${value}`);
  if (value !== null && !['string', 'number', 'boolean'].includes(typeof value)) {
    throw unfit(`it contains a ${typeof value}`);
  }
  return JSON.stringify(value);
}

function writtenObject(value: object, depth: number): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${written(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function unfit(why: string): GennakerError {
  return new GennakerError('INVALID_REQUEST', `The value cannot be written as JSON: ${why}.`);
}

import { httpBounds, type ProblemFault } from '@gennaker/contract';

import { RequestRefused } from '../problem/request-refused.js';
import { jsonPointer } from '../problem/schema-faults.js';

/** Keys that could change how an object behaves wherever it is copied. */
const forbiddenKeys = ['__proto__'];

/**
 * Refuses what a parser lets through although no field may hold it: nesting without end, prototype keys, numbers that are
 * none. Throws INVALID_REQUEST with every fault. Visits each value once, and none below the depth bound.
 */
export function vetBody(value: unknown): void {
  const faults: ProblemFault[] = [];
  const open: { value: unknown; path: readonly (string | number)[] }[] = [{ value, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path } = next;
    const found = faultOf(next.value, path);
    if (found !== null) faults.push({ in: 'body', pointer: jsonPointer(path), detail: found });
    if (path.length >= httpBounds.bodyDepthMax) continue;
    for (const [key, member] of membersOf(next.value)) {
      open.push({ value: member, path: [...path, key] });
    }
    if (faults.length > httpBounds.faultsMax) break;
  }
  if (faults.length === 0) return;
  throw new RequestRefused(
    'INVALID_REQUEST',
    'The body holds what no field may hold; see errors.',
    {
      faults: faults.toReversed(),
    },
  );
}

function faultOf(value: unknown, path: readonly (string | number)[]): string | null {
  const key = path.at(-1);
  if (typeof key === 'string' && forbiddenKeys.includes(key))
    return 'this field name is not allowed';
  if (typeof value === 'number' && !Number.isFinite(value))
    return 'not a number that JSON can hold';
  if (typeof value === 'object' && value !== null && path.length >= httpBounds.bodyDepthMax) {
    return `nested deeper than ${httpBounds.bodyDepthMax} levels`;
  }
  return null;
}

function membersOf(value: unknown): Iterable<readonly [string | number, unknown]> {
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value;
    return elements.entries();
  }
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

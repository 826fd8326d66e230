import type { Reply } from './api-under-test.js';

/** Pointer and detail of each fault. */
export function faultsOf(reply: Reply): readonly (readonly [string, string])[] {
  const errors = (reply.body['errors'] ?? []) as readonly { pointer: string; detail: string }[];
  return errors.map(({ pointer, detail }) => [pointer, detail] as const);
}

/** The pointers alone. */
export function pointersOf(reply: Reply): readonly string[] {
  return faultsOf(reply).map(([pointer]) => pointer);
}

import type { PipelineName } from '@gennaker/store';
import { z } from 'zod';

import { RequestRefused } from '../problem/request-refused.js';

const cursorSchema = z.tuple([z.string().max(64), z.string().max(100)]);

/** The last pipeline of a page as an opaque word. */
export function encodeCursor({ application, name }: PipelineName): string {
  return Buffer.from(JSON.stringify([application, name])).toString('base64url');
}

/** Throws INVALID_REQUEST for what {@link encodeCursor} did not make. */
export function decodeCursor(cursor: string): PipelineName {
  const parsed = cursorSchema.safeParse(parsedJson(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return { application: parsed.data[0], name: parsed.data[1] };
  throw new RequestRefused('INVALID_REQUEST', 'The cursor is none that this API gave.', {
    faults: [{ in: 'query', pointer: '/cursor', detail: 'nextCursor of the page before' }],
  });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

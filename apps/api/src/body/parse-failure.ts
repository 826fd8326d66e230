import { RequestRefused } from '../problem/request-refused.js';

/** Where in a text something is wrong; both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** A body that is no JSON or no YAML, with line and column where they are known. */
export function parseFailure(
  language: 'JSON' | 'YAML',
  what: string,
  place: TextPlace | null,
): RequestRefused {
  const where = place === null ? '' : ` at line ${place.line}, column ${place.column}`;
  const detail = `The body is not valid ${language}${where}: ${what}`;
  return new RequestRefused('MALFORMED_BODY', detail, {
    faults: [{ in: 'body', pointer: '', detail: `${what}${where}` }],
    ...(place === null ? {} : { details: { line: place.line, column: place.column } }),
  });
}

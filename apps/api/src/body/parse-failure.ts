import { RequestRefused } from '../problem/request-refused.js';

/** Where in a text something is wrong; both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Longest sentence of a parser that is passed on: some of them quote the text. */
const wordsMax = 200;

/** The place of an offset (in UTF-16 code units) in a text. */
export function textPlace(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** A body that is no JSON or no YAML, with line and column where they are known. */
export function parseFailure(
  language: 'JSON' | 'YAML',
  what: string,
  place: TextPlace | null,
): RequestRefused {
  const said = what.length > wordsMax ? `${what.slice(0, wordsMax)}…` : what;
  const where = place === null ? '' : ` at line ${place.line}, column ${place.column}`;
  const detail = `The body is not valid ${language}${where}: ${said}`;
  return new RequestRefused('MALFORMED_BODY', detail, {
    faults: [{ in: 'body', pointer: '', detail: `${said}${where}` }],
    ...(place === null ? {} : { details: { line: place.line, column: place.column } }),
  });
}

import { parseFailure, type TextPlace } from './parse-failure.js';

/** The value of a JSON text; throws MALFORMED_BODY with line and column. */
export function parseJsonBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw parseFailure('JSON', sentence(message), placeOf(text, message));
  }
}

/** V8 names the place as "at position 12 (line 2 column 3)", and not at all where the text ends too early. */
function placeOf(text: string, message: string): TextPlace | null {
  const position = /at position (\d+)/.exec(message)?.[1];
  const offset = position === undefined ? endOffset(text, message) : Number(position);
  if (offset === null) return null;
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function endOffset(text: string, message: string): number | null {
  return /end of JSON input|Unterminated/.test(message) ? text.length : null;
}

function sentence(message: string): string {
  return message
    .replace(/ (in JSON )?at position.*$/s, '')
    .replace(/, "[^]*" is not valid JSON$/, '');
}

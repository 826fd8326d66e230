import { parseFailure, textPlace, type TextPlace } from './parse-failure.js';

/** The value of a JSON text; throws MALFORMED_BODY with line and column. */
export function parseJsonBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw parseFailure('JSON', words(messageOf(error)), placeOf(text));
  }
}

/**
 * Where the text stops being the beginning of any JSON. The parser names the place in some of its messages only, but it
 * tells a text that is wrong from one that is merely cut off, so a search by halves finds the place in some 18 steps.
 */
function placeOf(text: string): TextPlace {
  let fine = 0;
  let wrong = text.length + 1;
  while (wrong - fine > 1) {
    const middle = Math.floor((fine + wrong) / 2);
    if (middle <= text.length && canGoOn(text.slice(0, middle))) fine = middle;
    else wrong = middle;
  }
  return textPlace(text, fine);
}

/** Whether something could follow that makes it JSON: it is JSON, or the only fault is that it ends. */
function canGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = messageOf(error);
    if (/end of JSON input|Unterminated/.test(message)) return true;
    const position = /at position (\d+)/.exec(message)?.[1];
    return position !== undefined && Number(position) >= text.length;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The parser's sentence without the place, which we give ourselves, and without a piece of the body. */
function words(message: string): string {
  return message
    .replace(/ (in JSON )?at position \d+[^]*$/, '')
    .replace(/, \.{0,3}"[^]*" is not valid JSON$/, '');
}

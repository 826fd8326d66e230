import { validationError } from '../../wire/aws-error.js';

/** Refuses a text that is empty or longer than that, in the words of AWS's model checks. */
export function checkLength(label: string, text: string | undefined, max: number): void {
  if (text === undefined) return;
  if (text.length < 1) throw constraint(label, text, 'length greater than or equal to 1');
  if (text.length > max) throw constraint(label, text, `length less than or equal to ${max}`);
}

/** Refuses a number that is none, or outside the bounds (both included). */
export function checkRange(
  label: string,
  value: number | undefined,
  bounds: { readonly min: number; readonly max: number },
): void {
  if (value === undefined) return;
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return;
  throw validationError(
    `${label} must be an integer between ${bounds.min} and ${bounds.max}, but was ${value}`,
  );
}

/** Refuses a list of fewer or more items than that. */
export function checkCount(label: string, list: readonly unknown[] | undefined, max: number): void {
  if ((list?.length ?? 0) > max)
    throw constraint(label, `${list?.length} items`, `length less than or equal to ${max}`);
}

/** Refuses a word that is not among those. */
export function checkWord(label: string, word: string | undefined, words: readonly string[]): void {
  if (word !== undefined && !words.includes(word))
    throw validationError(
      `1 validation error detected: Value '${word}' at '${label}' failed to satisfy constraint: Member must satisfy enum value set: [${words.join(', ')}]`,
    );
}

function constraint(label: string, text: string, wanted: string) {
  return validationError(
    `1 validation error detected: Value '${text}' at '${label}' failed to satisfy constraint: Member must have ${wanted}`,
  );
}

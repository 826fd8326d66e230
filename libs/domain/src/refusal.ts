import type { ErrorRecord } from './errors.js';

/** A decision about a person's request: accepted with what follows, a repeat of an accepted one, or refused. */
export type Decision<Accepted, Answer> =
  | { readonly outcome: 'accepted'; readonly accepted: Accepted }
  | { readonly outcome: 'repeated'; readonly answer: Answer }
  | { readonly outcome: 'refused'; readonly error: ErrorRecord };

/** A refusal as data. */
export function refused(
  code: ErrorRecord['code'],
  message: string,
  details: ErrorRecord['details'] = {},
): { readonly outcome: 'refused'; readonly error: ErrorRecord } {
  return { outcome: 'refused', error: { code, message, details } };
}

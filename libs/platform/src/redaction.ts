/** What stands in place of a credential. */
export const redacted = '[redacted]';

/**
 * Names that hold credentials: in variables (`TEMPORAL_API_KEY`), fields (`secretAccessKey`) and headers (`authorization`).
 * An `Idempotency-Key` and a plain `key` are none.
 */
const credentialName =
  /passw(or)?d|secret|token|credential|authorization|cookie|api[_-]?key|private[_-]?key|access[_-]?key/i;

const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*):[^/?#\s]*@/gi;
const urlPasswordParameter = /([?&](?:password|sslpassword|token|api_?key)=)[^&#\s]*/gi;

/** Whether a name says that its value is a credential. */
export function isCredentialName(name: string): boolean {
  return credentialName.test(name);
}

/** A text whose URLs have lost their passwords, as user information or as a parameter; otherwise unchanged. */
export function redactUrl(text: string): string {
  if (!text.includes('://')) return text;
  return text
    .replace(urlPassword, `$1:${redacted}@`)
    .replace(urlPasswordParameter, `$1${redacted}`);
}

/** One value as it may be printed, by its name and by what it looks like. */
export function redactValue(
  name: string,
  value: unknown,
  secretNames: readonly string[] = [],
): unknown {
  if (value === undefined || value === null || value === '') return value;
  if (secretNames.includes(name) || isCredentialName(name)) return redacted;
  return typeof value === 'string' ? redactUrl(value) : value;
}

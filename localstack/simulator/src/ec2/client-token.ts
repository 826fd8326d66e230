import { AwsError } from '../wire/aws-error.js';
import type { Scope } from '../world/scope.js';
import type { ClientTokenRecord } from './records.js';

interface TokenUse {
  readonly action: string;
  readonly token: string | undefined;
  /** The call without its token: what must be equal for a replay. */
  readonly request: object;
}

const TOKEN_MAX = 128;

/**
 * What an earlier call with this client token made; `undefined` when there was none. The same token with other
 * parameters is refused. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
export function findReplay(scope: Scope, use: TokenUse): ClientTokenRecord | undefined {
  if (use.token === undefined) return undefined;
  if (use.token.length > TOKEN_MAX) {
    throw new AwsError(
      'InvalidParameterValue',
      `The client token may have at most ${TOKEN_MAX} characters.`,
    );
  }
  const known = scope.tables.tokens.find(keyOf(use));
  if (known === undefined) return undefined;
  if (known.fingerprint !== fingerprintOf(use.request)) {
    throw new AwsError(
      'IdempotentParameterMismatch',
      'The client token you have provided is associated with a resource that has been created with different parameters.',
    );
  }
  return known;
}

export function rememberToken(
  scope: Scope,
  use: TokenUse,
  made: { resourceId: string; version: number },
): void {
  if (use.token === undefined) return;
  scope.tables.tokens.put(keyOf(use), { ...made, fingerprint: fingerprintOf(use.request) });
}

function keyOf(use: TokenUse): string {
  return `${use.action}:${use.token}`;
}

/** The request with its members in one order, so that equal requests have equal fingerprints. */
function fingerprintOf(value: unknown): string {
  return JSON.stringify(value, (key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : key === 'ClientToken'
        ? undefined
        : member,
  );
}

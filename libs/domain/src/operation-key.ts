/** What one operation of one attempt is about (DESIGN D7). */
export interface OperationIdentity {
  readonly executionId: string;
  readonly stage: string;
  readonly attempt: number;
  readonly step: string;
  readonly target: string;
}

/**
 * The operation's key as a plain string: equal for a repeat of the very same step, different for everything else.
 * libs/aws hashes it into client tokens; it is not a secret.
 */
export function operationKey(identity: OperationIdentity): string {
  const { executionId, stage, attempt, step, target } = identity;
  return [executionId, stage, String(attempt), step, target].map(escaped).join('/');
}

function escaped(part: string): string {
  return part.replaceAll('%', '%25').replaceAll('/', '%2F');
}
